"""`cite.bib`: whose laws and statements a report uses."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from initlab.activations import ACTIVATIONS
from initlab.analysis.findings import Claim
from initlab.report.citing import cited, encode_bibliography, read_references
from initlab.report.inputs import writer_versions
from initlab.report.provenance import Source
from initlab.spec.datasets import DATASETS
from initlab.spec.laws import LAW_NAMES
from initlab.spec.recipes import RECIPES
from initlab.spec.schema import ModelName, RunSpec

from .sample import CENSUS

ROOT = Path(__file__).parents[2]
# Nobody's, or whose reference is a program's documentation.
UNPUBLISHED = {
    "zeros", "ones", "constant", "normal", "uniform", "truncated_normal", "variance_scaling",
    "fan_in_normal", "tied_halves", "flax_default", "haiku_default", "keras_default",
    "pytorch_default", "lenet_uniform", "lenet_class_uniform", "lenet_demo_uniform",
    "lenet_sigmoid_uniform", "lenet_tutorial_recipe", "vgg_port_normal", "laplacian", "x_detector",
    "shapes", "photo_patches", "mlp", "convnet", "textbook", "local",
}  # fmt: skip
CLAIM = Claim(
    id="a", statement="s", source="", predicted="1", measured=1.0, interval=None, n=1,
    verdict="inconclusive", figure="f", query="q",
)  # fmt: skip
NONE = pd.DataFrame()


def keys(*sources, runs=NONE):
    claims = [replace(CLAIM, source=source) for source in sources]
    return [one.key for one in cited(claims, runs)]


def test_everything_that_was_published_has_its_work():
    named = {name for one in read_references() for name in one.names}
    parts = {*LAW_NAMES, *RECIPES, *DATASETS, *get_args(ModelName)}
    assert parts - named == UNPUBLISHED


def test_a_nonlinearity_whose_paper_has_a_number_brings_it_in():
    numbers = {
        name: re.findall(r"arXiv:[0-9.]+", one.reference) for name, one in ACTIVATIONS.items()
    }
    missing = [
        name
        for name, found in numbers.items()
        if found and not [one for one in read_references() if name in one.names]
    ]
    assert missing == []


def test_every_source_of_a_claim_with_a_number_has_its_entry():
    known = {mark for one in read_references() for mark in one.marks}
    paths = [*ROOT.glob("initlab/analysis/claims/*.py"), *ROOT.glob("experiments/*/analysis.py")]
    found = {
        mark for path in paths for mark in re.findall(r"arXiv:[0-9]+\.[0-9]+", path.read_text())
    }
    assert len(found) > 5
    assert found <= known


def test_entries_are_well_formed():
    references = read_references()
    text = (ROOT / "initlab" / "report" / "references.bib").read_text()
    assert len(references) == text.count("\n@")
    assert len({one.key for one in references}) == len(references)
    for one in references:
        assert one.entry.count("{") == one.entry.count("}"), one.key
        assert "keywords" not in one.entry
        for field in ("author", "title", "year"):
            assert f"\n  {field} = {{" in one.entry, one.key


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("Stated in He et al., Delving (arXiv:1502.01852), section 2.2", "he2015delving"),
        ("on the laws of Glorot and Bengio 2010", "glorot2010understanding"),
        ("Krizhevsky et al., 2012, figure 1", "krizhevsky2012imagenet"),
        ("the notes of Stanford's course cs231n", "cs231n"),
        ("Stated in Deshpande 2016, A Beginner's Guide", "deshpande2016beginner"),
        ("the LeNet tutorial of deeplearning.net, section", "deeplearning.net"),
    ],
)
def test_a_source_brings_its_work_in(source, key):
    assert keys(source) == [key]


def test_what_the_runs_are_made_of_brings_its_work_in():
    fields = {
        "activation": "selu", "initializer": {"name": "orthogonal", "gain": 2.0},
        "scheme": "lsuv", "optimizer": "adam", "dataset": "fashion",
    }  # fmt: skip
    runs = pd.DataFrame([RunSpec.model_validate(fields).row()])
    assert keys(runs=runs) == [
        "saxe2014exact", "mishkin2016all", "klambauer2017self", "kingma2015adam",
        "xiao2017fashion",
    ]  # fmt: skip
    first = RunSpec.model_validate({"model": "convnet", "first_initializer": "gabor"}).row()
    assert "daugman1985uncertainty" in keys(runs=pd.DataFrame([first]))
    assert keys() == []


def test_the_report_itself_is_cited_with_its_id_and_its_question_escaped():
    source = Source("a_b", "100% of $x$?", "", "", CENSUS, "d" * 64, {}, ())
    whose = {"authors": "The authors of a_b", "date": "2031-05-01"}
    text = encode_bibliography(source, "0123456789abcdef", read_references()[:1], **whose)
    assert text.count("\n@") == 2
    lab, own, _ = text.split("\n\n")
    assert lab.endswith("  year = {2031}\n}")
    assert own.endswith("  year = {2031}\n}")
    assert "  author = {{The authors of a\\_b}},\n" in own
    undated = encode_bibliography(source, "0123456789abcdef", [], authors="A", date=None)
    assert "year" not in undated
    assert text.startswith("@software{initlab,")
    assert "@misc{initlab-0123456789abcdef," in text
    assert r"title = {{100\% of \$x\$?}}" in text
    version = writer_versions()["initlab"]
    assert f"note = {{Software, version {version}}}" in text
    assert r"experiment a\_b" in text
    assert "Results dddddddddddddddd}" in text


def test_a_report_without_a_question_is_cited_by_its_experiment():
    source = Source("a_b", "", "", "", CENSUS, "d" * 64, {}, ())
    text = encode_bibliography(source, "0123456789abcdef", [], authors="A", date=None)
    assert r"title = {{Experiment a\_b}}" in text
