"""What changed between two reports of one experiment."""

from dataclasses import replace

import pytest

from initlab.analysis.findings import Claim, Findings
from initlab.report.check import ReportError
from initlab.report.compare import compare_reports
from initlab.report.default import analyse
from initlab.report.write import write_report

from ..cli.terminal import inside
from .sample import SPEC

CLAIM = Claim(
    id="first", statement="It holds.", source="Added here.", predicted="above 0", measured=1.0,
    interval=(0.5, 1.5), n=5, verdict="supported", figure="depth-profile", query="q",
)  # fmt: skip


@pytest.fixture
def write(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(folder, *claims, experiment="demo"):
        drawings = analyse(results).drawings
        return write_report(
            experiment, "?", results, Findings(("Yes.",), claims, drawings), tmp_path / folder,
            spec_text=SPEC, command="initlab run demo",
        ).relative_to(tmp_path)  # fmt: skip

    return write


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({}, None),
        ({"measured": 1.2, "interval": (0.7, 1.7)}, None),
        ({"interval": (1.5, 2.0)}, None),  # they touch
        ({"interval": None}, None),
        (
            {"measured": 2.0, "interval": (1.6, 2.4)},
            "first: intervals do not overlap, 1.0 [0.5, 1.5] → 2.00 [1.60, 2.40]",
        ),
        (
            {"measured": 0.2, "interval": (0.1, 0.3)},
            "first: intervals do not overlap, 1.0 [0.5, 1.5] → 0.20 [0.10, 0.30]",
        ),
        (
            {"measured": -0.1, "interval": (-0.6, 0.4), "verdict": "inconclusive"},
            "first: supported → inconclusive, 1.0 [0.5, 1.5] → -0.1 [-0.6, 0.4]",
        ),
        (
            {"measured": float("nan"), "interval": None, "verdict": "inconclusive"},
            "first: supported → inconclusive, 1.0 [0.5, 1.5] → no number",
        ),
    ],
)
def test_a_claim_that_came_out_otherwise_is_told(write, changed, line):
    found = compare_reports(write("a", CLAIM), write("b", replace(CLAIM, **changed)))
    assert found == ([line] if line else [])


def test_claims_of_one_report_alone_are_told(write):
    old, new = (
        write("a", CLAIM, replace(CLAIM, id="gone")),
        write("b", replace(CLAIM, id="new"), CLAIM),
    )
    assert compare_reports(old, new) == ["gone: a alone has it", "new: b alone has it"]


def test_reports_of_two_experiments_are_not_compared(write, tmp_path):
    old, new = write("a", CLAIM), write("b", CLAIM, experiment="other")
    with pytest.raises(ReportError, match="a is a report of 'demo' and b one of 'other'"):
        compare_reports(old, new)
    with pytest.raises(ReportError, match="nothing is no report: "):
        compare_reports(old, tmp_path / "nothing")


def test_the_command_says_how_many(write):
    old, new = write("a", CLAIM), write("b", replace(CLAIM, verdict="refuted"))
    assert inside("compare", str(old), str(old)) == "no claim changed\n"
    assert inside("compare", str(old), str(new)).endswith("\n1 claim came out otherwise\n")
    assert '"changes": ["first: supported' in inside("compare", str(old), str(new), "--json")
