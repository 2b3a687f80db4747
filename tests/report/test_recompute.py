"""A report's numbers follow from its results: computed again, each that differs is named."""

import json

import pytest

from initlab.report import inputs
from initlab.report.check import ReportError
from initlab.report.load_analysis import load_analysis
from initlab.report.recompute import can_recompute, recompute
from initlab.report.record import encode_record
from initlab.report.write import write_report
from initlab.store.failures import clear_failures, record_failure

from .sample import RECORDED, SPEC, load_sample, make_results

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
    return written(tmp_path, results)


def written(tmp_path, results, analysis=ANALYSIS, planned=None):
    """Writes a report of this analysis."""
    experiment = tmp_path / "experiment"
    experiment.mkdir()
    (experiment / "analysis.py").write_text(analysis)
    return write_report(
        "demo", "Does it hold?", results, load_analysis(experiment)(results), tmp_path / "report",
        spec_text=SPEC, command="initlab run demo", experiment=experiment, planned=planned,
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


def test_a_page_that_was_changed_is_told(bundle, results):
    path = bundle / "report.html"
    path.write_text(path.read_text().replace("Does it hold?", "Does it hold!", 1))
    assert faults(bundle, results) == (
        "report.html: is not the page that follows from the results and the figures",
    )


def test_a_paper_that_was_changed_is_told(bundle, results):
    path = bundle / "report.pdf"
    path.write_bytes(path.read_bytes() + b" ")
    assert faults(bundle, results) == (
        "report.pdf: is not the paper that follows from the results and the figures",
    )


def test_the_page_of_a_report_with_missing_and_failed_runs_follows_too(tmp_path):
    path = make_results(tmp_path / "results" / "demo", depths=(3,))
    record_failure(path, "group-9", error="no memory", attempt=1, run_ids=["run-9-0"])
    planned = ["run-3-0", "run-3-1", "run-9-0", "run-7-0"]
    bundle = written(tmp_path, load_sample(path), planned=planned)
    clear_failures(path, "group-9")
    assert faults(bundle, load_sample(path)) == ()


@pytest.mark.parametrize("ending", ["md", "tex"])
def test_every_form_of_a_table_is_computed_again(bundle, results, ending):
    path = bundle / "tables" / f"trials.{ending}"
    text = path.read_text()
    path.write_text(text.replace("0.53", "0.99"))
    (fault,) = faults(bundle, results)
    assert fault.startswith(f"tables/trials.{ending}: line ")
    path.unlink()
    assert faults(bundle, results) == (
        f"tables/trials.{ending}: follows from the results and is missing",
    )


@pytest.mark.parametrize("name", ["methods.txt", "methods.tex"])
def test_the_methods_paragraph_is_computed_again(tmp_path, name):
    results = load_sample(make_results(tmp_path / "results" / "demo", **RECORDED))
    bundle = written(tmp_path, results)
    assert faults(bundle, results) == ()
    text = (bundle / name).read_text()
    (bundle / name).write_text(text.replace("n = 2", "n = 9"))
    (fault,) = faults(bundle, results)
    assert fault.startswith(f"{name}: line ")
    assert "n = 9" in fault


def forge(bundle, **changes):
    """Changes entries of `provenance.json`, with a checksum that fits."""
    path = bundle / "provenance.json"
    path.write_text(encode_record(json.loads(path.read_text()) | changes))


def test_the_answer_the_counts_and_the_id_are_computed_again(bundle, results):
    record = json.loads((bundle / "provenance.json").read_text())
    forge(bundle, answer=["It holds."])
    assert faults(bundle, results) == (
        f"provenance.json: answer is ['It holds.'], and computed again {record['answer']!r}",
    )
    forge(bundle, answer=record["answer"], report_id="0" * 16)
    assert faults(bundle, results) == (
        f"provenance.json: report_id is {'0' * 16!r}, and computed again {record['report_id']!r}",
    )
    forge(bundle, report_id=record["report_id"], runs=record["runs"] | {"completed": 9})
    assert "provenance.json: completed is 9, and computed again 4" in faults(bundle, results)


def test_what_the_bundle_was_made_from_is_held_against_its_copies(bundle, results):
    path = bundle / "experiment" / "sweep.toml"
    path.write_text(f"{SPEC}# another\n")
    spec, identity = faults(bundle, results)
    assert spec.startswith("provenance.json: spec_digest is ")
    assert identity.startswith("provenance.json: report_id is ")


def test_claims_that_come_twice_or_in_another_order_are_named(tmp_path, results):
    two = ANALYSIS.replace("(claim,)", "(claim, replace(claim, id='again'))")
    bundle = written(tmp_path, results, f"from dataclasses import replace\n{two}")
    path = bundle / "claims.json"
    first, second = json.loads(path.read_text())
    path.write_text(json.dumps([second, first]))
    assert faults(bundle, results) == (
        "claims.json: claim 'again' stands where 'count' is computed again",
    )
    path.write_text(json.dumps([first, first, second]))
    assert faults(bundle, results) == ("claims.json: claim 'count' comes 2 times",)


def test_what_wrote_the_report_is_told_where_numbers_differ(bundle, results, monkeypatch):
    monkeypatch.setattr(inputs, "version", lambda name: f"9-{name}")
    assert faults(bundle, results) == (), "another version that finds the same is no fault"
    (bundle / "claims.json").write_text("[]")
    _, told = faults(bundle, results)
    assert told.startswith("The report was written with ")
    assert ", here 9-pandas; " in told


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
