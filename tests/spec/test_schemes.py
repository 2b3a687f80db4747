"""Schemes that a specification can name are those of the lab, and docs/schemes.md lists them."""

import inspect
import re
from pathlib import Path
from typing import get_args

import pytest

from initlab.initializers import SCHEMES
from initlab.spec.schemes import SCHEME_MODELS, SCHEME_NAMES

DOCUMENT = (Path(__file__).parents[2] / "docs" / "schemes.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCUMENT, re.MULTILINE))
NAMED = [model for model in SCHEME_MODELS if model.model_fields["name"].is_required()]


def test_schemes_of_the_specification_are_those_of_the_lab():
    assert SCHEME_NAMES == ("none", *SCHEMES)
    assert tuple(ROWS) == SCHEME_NAMES


@pytest.mark.parametrize("model", NAMED)
def test_numbers_of_a_scheme_are_the_arguments_of_its_factory(model):
    for name in get_args(model.model_fields["name"].annotation):
        arguments = inspect.signature(SCHEMES[name]).parameters
        fields = {key: field for key, field in model.model_fields.items() if key != "name"}
        assert {key: field.default for key, field in fields.items()} == {
            key: argument.default for key, argument in arguments.items()
        }
        for key, field in fields.items():
            assert f"`{key}` ({field.default})" in ROWS[name]


def test_a_scheme_is_named_alone_or_with_numbers(load):
    text = '[axes]\nscheme = ["none", "lsuv", { name = "lsuv", max_rescalings = 3 }]\n'
    labels = [run.row()["scheme"] for run in load(text, seeds=1).runs]
    assert labels == [None, "lsuv", "lsuv(max_rescalings=3)"]


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ('"lsvu"', "base.scheme: unknown name 'lsvu'. Did you mean `lsuv`? Known:"),
        ("3", "base.scheme: must be a scheme's name, or a table with a `name`, got 3."),
        ('{ name = "lsuv", tolerance = 0.0 }', "base.scheme.tolerance: must be greater than 0"),
        ('{ name = "lsuv", margin = 0.1 }', "base.scheme.margin: unknown field."),
        ('{ name = "none", tolerance = 0.1 }', "base.scheme.tolerance: unknown field."),
    ],
)
def test_what_is_no_scheme_is_told_with_what_is_accepted(problems, scheme, message):
    (said,) = problems(f"[base]\nscheme = {scheme}\n")
    assert said.startswith(message)
