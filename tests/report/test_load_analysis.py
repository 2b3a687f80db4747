import py_compile
import sys
from contextlib import chdir
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from initlab.analysis.findings import Findings
from initlab.report import default
from initlab.report.check import ReportError
from initlab.report.load_analysis import load_analysis

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
ANALYSIS = """
from dataclasses import dataclass
from initlab.analysis.findings import Findings

@dataclass
class Helper:
    text: "str"

def analyse(results):
    return Findings((Helper("it holds").text,), (), ())
"""


def test_analysis_of_the_folder_is_loaded(tmp_path, results):
    (tmp_path / "analysis.py").write_text(ANALYSIS)
    assert load_analysis(tmp_path)(results) == Findings(("it holds",), (), ())


def test_folder_without_analysis_gets_the_default(tmp_path):
    assert load_analysis(tmp_path) is default.analyse


def test_analysis_without_analyse_is_refused(tmp_path):
    path = tmp_path / "analysis.py"
    path.write_text("analyze = print\n")
    with pytest.raises(ReportError) as caught:
        load_analysis(tmp_path)
    assert str(caught.value) == (
        f"{path}: defines no function `analyse(results: Results) -> Findings`; docs/reports.md "
        "shows one."
    )


def test_analysis_that_does_not_parse_is_refused_with_its_line(tmp_path):
    path = tmp_path / "analysis.py"
    path.write_text("def analyse(results):\n    return (\n")
    with pytest.raises(ReportError) as caught:
        load_analysis(tmp_path)
    assert str(caught.value) == (
        f"{path}: does not parse as Python: '(' was never closed (analysis.py, line 2)"
    )


def test_error_inside_the_analysis_keeps_its_traceback(tmp_path):
    (tmp_path / "analysis.py").write_text("import no_such_module\n")
    with pytest.raises(ModuleNotFoundError):
        load_analysis(tmp_path)


def test_compiled_code_beside_the_analysis_is_neither_run_nor_written(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "analysis.py"
    path.write_text(ANALYSIS)
    load_analysis(tmp_path)
    assert not (tmp_path / "__pycache__").exists()
    foreign = tmp_path / "foreign.py"
    foreign.write_text("raise ValueError('foreign code was run')\n")
    cached = Path(cache_from_source(str(path)))
    py_compile.compile(str(foreign), str(cached), invalidation_mode=UNCHECKED, doraise=True)
    assert load_analysis(tmp_path)(None) == Findings(("it holds",), (), ())


def test_nothing_but_the_analysis_is_executed(tmp_path):
    (tmp_path / "analysis.py").write_text(f"open('analysis_was_run', 'w').close()\n{ANALYSIS}")
    for name in ("parts", "conftest", "__init__"):
        (tmp_path / f"{name}.py").write_text(f"open('{name}_was_run', 'w').close()\n")
    with chdir(tmp_path):
        load_analysis(tmp_path)
    assert [path.name for path in tmp_path.glob("*_was_run")] == ["analysis_was_run"]
