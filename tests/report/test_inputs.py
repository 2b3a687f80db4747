"""A report is current only while everything that it was made from, and it itself, is the same."""

import json
from pathlib import Path

import pytest

from initlab.report import inputs
from initlab.report.inputs import describe_inputs, is_current
from initlab.report.record import encode_record
from initlab.report.write import write_report
from initlab.store.failures import record_failure
from initlab.store.query import load_results

from .sample import SPEC, publish

USUAL = {"spec_text": SPEC, "command": "initlab run demo", "planned": ["run-3-0", "run-3-1"]}


class Bundle:
    """A report that was just written, and what it would be written from now."""

    def __init__(self, path, results, findings):
        self.path, self.results = path, results
        self.analysis = path.parent / "analysis.py"
        self.analysis.parent.mkdir()
        self.analysis.write_text("analyse = None\n")
        write_report("demo", "?", load_results(results), findings, path, inputs=self.now(), **USUAL)

    def now(self, **changes):
        usual = {"experiment": self.analysis.parent} | USUAL
        return describe_inputs(self.results, self.path, **usual | changes)

    def is_current(self, **changes):
        return is_current(self.path, self.now(**changes))


@pytest.fixture
def bundle(results, findings, tmp_path):
    return Bundle(tmp_path / "reports" / "demo", results.path, findings)


def test_a_report_is_current_until_something_changes(bundle):
    assert bundle.is_current()
    bundle.analysis.touch()
    assert bundle.is_current(planned=["run-3-1", "run-3-0"])


@pytest.mark.parametrize(
    "changes",
    [
        {"spec_text": f"{SPEC}\n"},
        {"command": "initlab run demo --seeds 2"},
        {"planned": ["run-3-0"]},
        {"experiment": Path("absent")},
    ],
)
def test_other_inputs_need_another_report(bundle, changes):
    assert not bundle.is_current(**changes)


def test_another_analysis_needs_another_report(bundle):
    bundle.analysis.write_text("analyse = 1\n")
    assert not bundle.is_current()


def test_more_results_need_another_report_where_they_are_declared(bundle):
    declared = [*USUAL["planned"], "run-5-0"]
    before = bundle.now(planned=declared)
    publish(bundle.results, depth=5)
    assert bundle.now(planned=declared) != before
    assert bundle.is_current()


def test_a_group_of_other_runs_that_failed_needs_no_other_report(bundle):
    record_failure(bundle.results, "group-9", error="x", attempt=1, run_ids=["run-9-0"])
    assert bundle.is_current()


def test_damaged_results_need_another_report(bundle):
    next(bundle.results.glob("groups/*/runs.parquet")).write_bytes(b"")
    assert not bundle.is_current()


def test_another_attempt_that_failed_needs_another_report(bundle):
    record_failure(bundle.results, "group-9", error="no memory", attempt=1)
    assert not bundle.is_current()


def test_another_account_of_the_time_needs_another_report(bundle):
    (bundle.results / "groups" / "group-3" / "timings.json").write_text('{"train": 1.0}')
    assert not bundle.is_current()


def test_results_in_another_place_need_another_report(bundle, tmp_path):
    moved = bundle.results.rename(tmp_path / "elsewhere")
    bundle.results = moved
    assert not bundle.is_current()


def test_another_program_needs_another_report(bundle, tmp_path, monkeypatch):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "figure.py").write_text("draw = None\n")
    monkeypatch.setattr(inputs, "_PACKAGE", tmp_path / "package")
    assert not bundle.is_current()


def test_another_version_needs_another_report(bundle, monkeypatch):
    monkeypatch.setattr(inputs, "version", lambda name: "999")
    assert not bundle.is_current()


def test_every_damaged_file_needs_another_report(bundle):
    paths = [path for path in bundle.path.rglob("*") if path.is_file()]
    assert len(paths) == 18
    for path in paths:
        content = path.read_bytes()
        path.write_bytes(content[:-1])
        assert not bundle.is_current(), path
        path.unlink()
        assert not bundle.is_current(), path
        path.write_bytes(content)
    assert bundle.is_current()


def test_an_added_file_needs_another_report(bundle):
    (bundle.path / "figures" / "mine.png").touch()
    assert not bundle.is_current()


def test_a_report_of_unknown_inputs_is_never_current(bundle):
    path = bundle.path / "provenance.json"
    content = json.loads(path.read_text())
    content["inputs"] = {}
    path.write_text(encode_record(content))
    assert not bundle.is_current()


def test_no_report_is_not_current(bundle, tmp_path):
    assert not is_current(tmp_path / "absent", bundle.now())
