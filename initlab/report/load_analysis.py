"""The analysis of the experiment that was named on the command line, loaded from its folder."""

import importlib.util
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

from initlab.analysis.findings import Findings
from initlab.report import default
from initlab.report.check import ReportError
from initlab.store.query import Results

_FILE, _MODULE = "analysis.py", "initlab_experiment_analysis"


def load_analysis(folder: Path) -> Callable[[Results], Findings]:
    """Returns `analyse` of `folder/analysis.py`, or the default analysis where there is none.

    The file is executed: it is the author's program, as `parts.py` is. Nothing else is.

    Raises:
        ReportError: if the file does not parse, or defines no function `analyse`.
    """
    path = folder / _FILE
    if not path.is_file():
        return default.analyse
    spec = importlib.util.spec_from_file_location(_MODULE, path, loader=_Source(_MODULE, str(path)))
    if spec is None or spec.loader is None:
        raise ReportError(f"{path}: cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_MODULE] = module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise ReportError(f"{path}: does not parse as Python: {error}") from error
    analyse: Callable[[Results], Findings] | None = getattr(module, "analyse", None)
    if not callable(analyse):
        raise ReportError(
            f"{path}: defines no function `analyse(results: Results) -> Findings`; "
            "docs/reports.md shows one."
        )
    return analyse


class _Source(SourceFileLoader):
    """Reads the source alone: a stale or foreign `__pycache__` is not run, and none is written."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)
