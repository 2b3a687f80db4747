"""docs/architectures.md has a row for every model, with its sizes and numbers of parameters."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter

from initlab.architectures.families import FAMILIES
from initlab.architectures.recipe import ResidualKind
from initlab.initializers import fans
from initlab.spec.laws import RECIPE_NAMES, InitializerLaw
from initlab.theory.law_variance import law_variance

from .papers import parameters_of, rows_of

DOCUMENT = (Path(__file__).parents[2] / "docs" / "architectures.md").read_text()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in DOCUMENT.splitlines()
    for cells in [[cell.strip() for cell in line.removesuffix("|").split("|")[1:]]]
    if line.startswith("| `") and len(cells) == 9
}


def test_every_model_has_a_row_and_nothing_else():
    assert set(ROWS) == set(FAMILIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_row_says_what_the_model_is(name):
    family, (layers, width, norm, *of_paper) = FAMILIES[name], ROWS[name]
    assert layers
    assert (width, norm) == (str(family.width), family.norm)
    if family.paper is None:
        assert not any(of_paper)
        return
    sizes = family.paper
    shape = "x".join(map(str, sizes.image_shape))
    assert of_paper[:4] == [
        f"{shape}, {sizes.classes}",
        str(sizes.width),
        f"{parameters_of(rows_of(name)):,d}",
        f"{parameters_of(rows_of(name, (28, 28, 1))):,d}",
    ]
    assert of_paper[4]


def test_every_recipe_is_listed():
    section = DOCUMENT.partition("## Recipes")[2]
    assert [name for name in RECIPE_NAMES if f"| `{name}` |" not in section] == []


def test_what_is_called_xavier_has_the_variances_that_are_told():
    shape = (3, 3, 16, 32)
    fan_in, fan_out = fans(shape)
    rows = [line.strip("| ").split(" | ") for line in DOCUMENT.splitlines() if "Xavier" in line]
    found = []
    for _, laws, variance in (row for row in rows if len(row) == 3):
        found.append(eval(variance.strip("`"), {"fan_in": fan_in, "fan_out": fan_out}))  # noqa: S307
        for law in re.findall(r"`([^`]+)`", laws):
            value = tomllib.loads(f"law = {law if law[0] == '{' else repr(law)}")["law"]
            read = TypeAdapter(InitializerLaw).validate_python(value)
            assert law_variance(read, shape) * fan_in == pytest.approx(found[-1]), law
    assert found == pytest.approx([1, 2 / 3, 2, 0.5, 0.25])


def test_every_variant_of_sums_is_listed():
    section = DOCUMENT.partition("## Residual sums")[2].partition("## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert listed[1:] == list(get_args(ResidualKind.__value__))
