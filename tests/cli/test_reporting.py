"""`initlab report`: where it writes, what it says meanwhile, and what it leaves alone."""

import hashlib
import io
import json
import sys

import pytest

from initlab.cli.telling import telling
from initlab.report.record import encode_record
from initlab.spec.load import load_sweep
from initlab.store.failures import record_failure
from initlab.store.folder import open_results

from ..report.sample import publish
from .terminal import initlab, inside

TOML = """question = "Does it work?"
seeds = 2
[base]
depth = 3
width = 8
steps = 1
"""
PAGE = "demo: the report is reports/demo/report.html\n"


@pytest.fixture
def reported(tmp_path, monkeypatch):
    """A working directory with an experiment and the results of its two runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments" / "demo").mkdir(parents=True)
    (tmp_path / "experiments" / "demo" / "sweep.toml").write_text(TOML)
    results = open_results(tmp_path / "results" / "demo", experiment="demo", create=True).path
    publish(results, depth=3, run_ids=[run.run_id for run in load_sweep("demo").runs])
    return tmp_path


def report(*words):
    """Returns what is printed; the pieces of the work are told on standard error."""
    return inside("report", "demo", *words, errors=True)


def written(folder):
    return {path: path.stat().st_ino for path in folder.rglob("*")}


def test_a_report_tells_each_piece_of_the_work(reported):
    out, errors = report()
    assert out == PAGE
    assert errors == (
        "checking the results\n"
        "analysing 2 runs\n"
        "figure 1 of 1: depth-profile\n"
        "writing figures, tables and page\n"
    )


def test_runs_that_the_sweep_does_not_declare_are_told_on_the_terminal_alone(reported):
    report()
    before = (reported / "reports" / "demo" / "provenance.json").read_bytes()
    publish(reported / "results" / "demo", depth=5)
    out, errors = report()
    assert out == PAGE
    assert errors.endswith("\nin no number: 2 runs that the sweep does not declare\n")
    assert (reported / "reports" / "demo" / "provenance.json").read_bytes() == before


def test_a_report_that_would_come_out_the_same_is_left_alone(reported):
    assert report("--if-changed")[0] == PAGE
    before = written(reported / "reports")
    assert report("--if-changed") == (
        "demo: the report is up to date, nothing to do (reports/demo/report.html)\n",
        "",
    )
    assert written(reported / "reports") == before
    assert report()[0] == PAGE
    assert written(reported / "reports") != before, "without --if-changed it is always written"


@pytest.mark.parametrize("changed", ["results", "analysis", "bundle"])
def test_what_changed_is_reported_again(reported, changed):
    report()
    page = reported / "reports" / "demo" / "report.html"
    if changed == "results":
        record_failure(reported / "results" / "demo", "group-4", error="no memory", attempt=1)
    elif changed == "analysis":
        (reported / "experiments" / "demo" / "analysis.py").write_text(
            "from initlab.analysis.findings import Findings\n\n\n"
            'def analyse(results):\n    return Findings(("It holds.",), (), ())\n'
        )
    else:
        page.write_text("damaged")
    before = page.stat().st_ino
    assert report("--if-changed")[0] == PAGE
    assert page.stat().st_ino != before
    assert ("It holds." in page.read_text()) == (changed == "analysis")


MISTAKEN = """from initlab.analysis.findings import Drawing, Findings


def draw(table):
    return table["absent"]


def analyse(results):
    number = 1 / {divisor}
    return Findings((), (), (Drawing("f", "A.", "A.", results.runs, draw),))
"""


@pytest.mark.parametrize(
    ("divisor", "told"),
    [
        (0, "line 9, in analyse: number = 1 / 0\nZeroDivisionError: division by zero\n"),
        (1, "line 5, in draw: return table[\"absent\"]\nKeyError: 'absent'\n"),
    ],
)
def test_a_mistake_in_the_analysis_is_told_by_its_line(reported, divisor, told):
    path = reported / "experiments" / "demo" / "analysis.py"
    path.write_text(MISTAKEN.format(divisor=divisor))
    code, out, errors = initlab("report", "demo", folder=reported)
    assert (code, out) == (2, "")
    assert f"initlab: experiments/demo/analysis.py, {told}" in errors
    assert "Traceback" not in errors
    assert not (reported / "reports" / "demo").exists()


def test_a_report_carries_what_it_can_be_made_with_again(reported):
    folder = reported / "experiments" / "demo"
    (folder / "analysis.py").write_text(
        "from initlab.analysis.findings import Findings\n\n\n"
        'def analyse(results):\n    return Findings(("It holds.",), (), ())\n'
    )
    (folder / "parts.py").write_text("INITIALIZERS = {}\n")
    inside("report", "demo", "--results", "results/demo", errors=True)
    bundle = reported / "reports" / "demo"
    record = json.loads((bundle / "provenance.json").read_text())
    for name in ("sweep.toml", "analysis.py", "parts.py"):
        copy = (bundle / "experiment" / name).read_bytes()
        assert copy == (folder / name).read_bytes()
        assert record["files"][f"experiment/{name}"] == hashlib.sha256(copy).hexdigest()
    assert record["command"] == "initlab run demo --results results/demo"
    again = reported / "again"
    words = ("report", str(bundle / "experiment"), "--out", str(again), "--results")
    results = open_results(reported / "other", experiment="experiment", create=True).path
    publish(results, depth=3, run_ids=[run.run_id for run in load_sweep("demo").runs])
    inside(*words, str(results), errors=True)
    assert "It holds." in (again / "report.html").read_text()


def test_a_report_of_fewer_seeds_does_not_replace_that_of_all(reported):
    report()
    before = written(reported / "reports" / "demo")
    out, _ = report("--seeds", "1")
    assert out == "demo: the report is reports/overridden/demo/report.html\n"
    assert written(reported / "reports" / "demo") == before


def test_the_index_of_reports_follows_each_report_that_goes_there(reported):
    index = reported / "reports" / "index.html"
    report("--out", "elsewhere/demo")
    assert not index.exists()
    assert not (reported / "elsewhere" / "index.html").exists(), "that folder is not ours"
    report()
    assert 'href="demo/report.html"' in index.read_text()
    index.unlink()
    report("--if-changed")
    assert index.exists(), "a report that is current is listed too"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_keeps_nothing_of_what_was_told(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("COLUMNS", "12")
    with telling() as tell:
        tell("figure 1 of 2: profile")
        tell("page")
    assert sys.stderr.getvalue() == "\r\x1b[Kfigure 1 of\r\x1b[Kpage\r\x1b[K"


def test_verify_computes_a_report_again_and_names_what_differs(reported):
    report()
    what = "reports/demo: report bundle, the numbers of 0 claims, 1 figure, 1 table computed again"
    assert inside("verify", "reports/demo") == f"{what}, sound\n"
    bundle = reported / "reports" / "demo"
    numbers = bundle / "figures" / "depth-profile.csv"
    numbers.write_text(numbers.read_text().replace("relu", "tanh"))
    forged = json.loads((bundle / "provenance.json").read_text())
    forged["files"][f"figures/{numbers.name}"] = hashlib.sha256(numbers.read_bytes()).hexdigest()
    (bundle / "provenance.json").write_text(encode_record(forged))
    code, out, _ = initlab("verify", "reports/demo", folder=reported)
    assert code == 1
    assert out.startswith("figures/depth-profile.csv: line 2 is 'tanh,")
    assert out.endswith(f"{what}, NOT sound\n")
    code, out, _ = initlab("verify", "reports/demo", "--files-only", folder=reported)
    assert (code, out) == (
        0, "reports/demo: report bundle, its numbers not computed again, sound\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "place",
    [
        "reports/demo/claims.json",
        "reports/demo/figures/depth-profile.csv",
        "reports/demo/tables/trials.csv",
        "reports/demo/report.pdf",
        "reports/demo/croissant.json",
        "reports/demo/provenance.json",
        "results/demo/groups/group-3/layers.parquet",
        "results/demo/groups/group-3/manifest.json",
    ],
)
def test_one_byte_that_changed_fails_verify_and_its_file_is_named(reported, place):
    report()
    path = reported / place
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    code, out, errors = initlab("verify", "reports/demo", folder=reported)
    assert code in (1, 2)  # 2 where it cannot even be read
    assert path.name in out + errors
    assert "group-3" in out + errors or "groups" not in place


def test_a_report_stays_sound_when_seeds_are_added_to_its_results(reported):
    report()
    results = reported / "results" / "demo"
    first, more = ([run.run_id for run in load_sweep("demo", seeds=seeds).runs] for seeds in (2, 4))
    publish(results, depth=4, run_ids=[run_id for run_id in more if run_id not in first])
    assert inside("verify", "reports/demo").endswith("computed again, sound\n")
    path = results / "groups" / "group-3" / "layers.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    code, out, errors = initlab("verify", "reports/demo", folder=reported)
    assert code != 0
    assert "group-3/layers.parquet" in out + errors


def test_a_bundle_that_cannot_be_computed_again_is_not_sound(reported):
    report()
    bundle = reported / "reports" / "demo"
    record = json.loads((bundle / "provenance.json").read_text())
    del record["files"]["experiment/runs.txt"]
    (bundle / "experiment" / "runs.txt").unlink()
    (bundle / "provenance.json").write_text(encode_record(record))
    code, out, _ = initlab("verify", "reports/demo", folder=reported)
    assert code == 1
    assert out == (
        "experiment/runs.txt: is missing, and without it no number can be computed again; "
        "--files-only checks digests alone\n"
        "reports/demo: report bundle, its numbers not computed again, NOT sound\n"
    )
    assert initlab("verify", "reports/demo", "--files-only", folder=reported)[0] == 0


def test_figures_are_as_wide_as_the_venue_asked_for_and_the_report_says_so(reported):
    report("--venue", "neurips")
    bundle = reported / "reports" / "demo"
    # 200 dots an inch.
    header = (bundle / "figures" / "depth-profile.png").read_bytes()
    assert int.from_bytes(header[16:20]) == 1100
    record = json.loads((bundle / "provenance.json").read_text())
    assert record["venue"] == "neurips"
    assert "as wide as the text of neurips" in (bundle / "report.html").read_text()
    assert "up to date" in report("--if-changed", "--venue", "neurips")[0]
    assert report("--if-changed")[0] == PAGE
    assert json.loads((bundle / "provenance.json").read_text())["venue"] is None
    assert json.loads((bundle / "provenance.json").read_text())["report_id"] != record["report_id"]
