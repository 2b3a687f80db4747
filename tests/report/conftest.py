import pandas as pd
import pytest
from matplotlib.figure import Figure

from initlab.analysis.findings import Claim, Drawing, Findings, Listing

from .sample import load_sample, make_results


@pytest.fixture
def results(tmp_path):
    """Verified results: one trial a depth, two seeds each."""
    return load_sample(make_results(tmp_path / "results" / "demo"))


def draw_line(table):
    figure = Figure(figsize=(4, 2))
    ax = figure.subplots()
    ax.plot(table["layer"], table["value"])
    return figure


@pytest.fixture
def claim():
    return Claim(
        id="holds",
        statement="The signal holds.",
        source="He et al. 2015, section 2.2",
        predicted="1 a layer",
        measured=0.9873,
        interval=(0.9712, 1.0041),
        n=5,
        verdict="supported",
        figure="profile",
        query="geometric mean over seeds of q(2) / q(1)",
    )


@pytest.fixture
def drawing():
    table = pd.DataFrame({"layer": [1, 2], "value": [1.0, 0.98]})
    return Drawing("profile", "Signal by layer, mean, n = 5.", "A falling line.", table, draw_line)


@pytest.fixture
def listing():
    table = pd.DataFrame({"initializer": ["he_normal", "zeros"], "accuracy": [0.91, 0.1]})
    return Listing("accuracies", "Accuracy by initializer.", table)


@pytest.fixture
def findings(claim, drawing, listing):
    return Findings(("The signal holds: 0.987 [0.971, 1.004].",), (claim,), (drawing,), (listing,))
