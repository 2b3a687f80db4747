"""Where a reader of the documentation stands: a folder with the results that it speaks of."""

import pytest

from initlab.report.default import analyse
from initlab.report.write import write_report
from initlab.store.publish import TIMINGS
from initlab.store.query import load_results

from ..experiments.signals import signal
from ..experiments.tables import publish
from ..report.sample import RECORDED, SPEC

NAME = "signal_propagation"


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    """The folder: results of a sweep that varies fields together beside the grid, and another's."""
    folder = tmp_path_factory.mktemp("reader")
    rates = ({"learning_rate": 0.1, "momentum": 0.9}, {"learning_rate": 0.01, "momentum": 0.95})
    kinds = [
        signal(factor, **RECORDED | both, initializer=law, activation=activation, depth=depth)
        for law, factor in (("he_normal", 1.0), ("lecun_normal", 0.5))
        for activation in ("relu", "tanh")
        for depth in (3, 5)
        for both in rates
    ]
    publish(folder / "results" / NAME, *kinds)
    speeds = folder / "results" / "activation_speed"
    publish(speeds, signal(1.0), signal(1.0, activation="tanh"))
    (speeds / "groups" / "made" / TIMINGS).write_text('{"train": 1.0}')
    return folder


@pytest.fixture
def here(folder, monkeypatch):
    """The working directory of the test."""
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="package")
def bundle(folder):
    """A report without an analysis of its own, on one of these results."""
    results = load_results(folder / "results" / NAME)
    return write_report(
        NAME, "Does it hold?", results, analyse(results), folder / "reports" / NAME,
        spec_text=SPEC, command="make sweep",
    )  # fmt: skip
