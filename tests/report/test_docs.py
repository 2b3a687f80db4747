import json
import re
from pathlib import Path

import pytest

from initlab.report.load_analysis import load_analysis
from initlab.spec.load import load_sweep

from .sample import RECORDED, SPEC, load_sample, make_results

DOCUMENT = (Path(__file__).parents[2] / "docs" / "reports.md").read_text()
ANALYSIS, REPORT = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working directory with the experiment and the results that the documentation speaks of."""
    folder = tmp_path / "experiments" / "signal_propagation"
    folder.mkdir(parents=True)
    (folder / "sweep.toml").write_text(SPEC.replace("seeds = 2", "seeds = 5"))
    (folder / "analysis.py").write_text(ANALYSIS)
    monkeypatch.chdir(tmp_path)
    declared = [run.run_id for run in load_sweep("signal_propagation").runs]
    results = tmp_path / "results" / "signal_propagation"
    make_results(results, depths=(3,), seeds=5, run_ids=declared, **RECORDED)
    return tmp_path


def test_example_analysis_and_example_report_run(here):
    exec(compile(REPORT, "docs/reports.md", "exec"), {})  # noqa: S102
    bundle = here / "reports" / "signal_propagation"
    (claim,) = json.loads((bundle / "claims.json").read_text())
    assert (claim["id"], claim["n"], claim["verdict"]) == ("learns", 5, "supported")
    assert claim["measured"] == pytest.approx(0.53)


def test_bundle_holds_the_files_that_the_documentation_lists(here):
    exec(compile(REPORT, "docs/reports.md", "exec"), {})  # noqa: S102
    bundle = here / "reports" / "signal_propagation"
    written = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    listed = set(re.findall(r"^ {6}(\S+)", DOCUMENT, re.MULTILINE))
    names = {"figures": "accuracy", "tables": "seeds"}
    assert written == {
        entry.replace("<name>", names.get(entry.partition("/")[0], "")) for entry in listed
    }


def test_example_analysis_draws_conclusions_from_five_seeds_only(here):
    results = load_sample(make_results(here / "two", **RECORDED))
    findings = load_analysis(here / "experiments" / "signal_propagation")(results)
    assert findings.claims[0].n == 2  # seeds, of four runs
    assert findings.claims[0].verdict == "inconclusive"
    assert findings.claims[0].interval is None
