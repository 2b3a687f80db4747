"""A report's numbers follow from its results: computed again, each that differs is named."""

import json

import pytest

from initlab.report.check import ReportError
from initlab.report.load_analysis import load_analysis
from initlab.report.recompute import can_recompute, recompute
from initlab.report.write import write_report

from .sample import SPEC

ANALYSIS = """
from initlab.analysis.findings import Claim, Findings
from initlab.analysis.over_seeds import average, long_form
from initlab.report.default import analyse as usual


def analyse(results):
    found = usual(results)
    claim = Claim(
        id="count", statement="There are four runs.", source="Added here.", predicted="4",
        measured=float(len(results.runs)), interval=None, n=2, verdict="inconclusive",
        figure=found.drawings[0].name, query="rows of `runs`",
    )
    return Findings(found.answer, (claim,), found.drawings, found.listings)
"""


@pytest.fixture
def bundle(results, tmp_path):
    experiment = tmp_path / "experiment"
    experiment.mkdir()
    (experiment / "analysis.py").write_text(ANALYSIS)
    return write_report(
        "demo", "Does it hold?", results, load_analysis(experiment)(results), tmp_path / "report",
        spec_text=SPEC, command="initlab run demo", experiment=experiment,
    )  # fmt: skip


def faults(bundle, results):
    return recompute(bundle, results).faults


def test_numbers_of_a_fresh_report_follow_from_its_results(bundle, results):
    assert can_recompute(bundle)
    found = recompute(bundle, results)
    assert (found.what, found.faults) == ("1 claim, 1 figure, 1 table", ())


def test_a_claim_that_was_changed_is_named_with_its_key(bundle, results):
    path = bundle / "claims.json"
    (claim,) = json.loads(path.read_text())
    for key, value in (("measured", 5.0), ("verdict", "supported"), ("statement", "Five.")):
        path.write_text(json.dumps([claim | {key: value}]))
        assert faults(bundle, results) == (
            f"claims.json: claim 'count' has {key} {value!r}, and computed again {claim[key]!r}",
        )
    path.write_text(json.dumps([claim, claim | {"id": "more"}]))
    assert faults(bundle, results) == (
        "claims.json: claim 'more' does not follow from the results",
    )
    path.write_text("[]")
    assert faults(bundle, results) == (
        "claims.json: claim 'count' follows from the results and is missing",
    )
    path.write_text("{")
    with pytest.raises(ReportError, match="is no list of claims"):
        recompute(bundle, results)


@pytest.mark.parametrize("kind", ["figures", "tables"])
def test_a_csv_that_was_changed_is_named_with_its_first_line(bundle, results, kind):
    (path,) = (bundle / kind).glob("*.csv")
    place = f"{kind}/{path.name}"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], "altered", *lines[3:]]) + "\n")
    assert faults(bundle, results) == (
        f"{place}: line 3 is 'altered', and computed again {lines[2]!r}",
    )
    path.write_text("\n".join(lines[:-1]) + "\n")
    assert faults(bundle, results) == (
        f"{place}: line {len(lines)} is None, and computed again {lines[-1]!r}",
    )
    path.rename(path.with_stem("other"))
    assert set(faults(bundle, results)) == {
        f"{place}: follows from the results and is missing",
        f"{kind}/other.csv: does not follow from the results",
    }


def test_runs_that_the_report_was_not_of_do_not_count(bundle, results):
    (bundle / "experiment" / "runs.txt").write_text("run-3-0\nrun-3-1\n")
    assert "claims.json: claim 'count' has measured 4.0, and computed again 2.0" in faults(
        bundle, results
    )


def test_a_report_without_its_analysis_cannot_be_computed_again(results, tmp_path):
    findings = load_analysis(tmp_path)(results)
    bundle = write_report(
        "demo", "?", results, findings, tmp_path / "report", spec_text=SPEC, command="c"
    )
    assert not can_recompute(bundle)
