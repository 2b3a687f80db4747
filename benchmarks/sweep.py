"""What does a stranger wait for: `make sweep` in a fresh clone, its report, a second call?"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.answer import Answer
from benchmarks.effort import Effort

ROOT = Path(__file__).parent.parent
EXPERIMENT = "signal_propagation"
SWEEP_TARGET = 480.0
MEMORY_TARGET = 2.0
REPORT_TARGET = 60.0
AGAIN_TARGET = 2.0


def measure(effort: Effort) -> list[Answer]:
    """Returns the seconds and the memory of the default sweep, of what is committed."""
    experiment = "smoke" if effort.quick else EXPERIMENT
    with tempfile.TemporaryDirectory() as folder:
        clone, cache = Path(folder, "clone"), Path(folder, "cache")
        _command(ROOT, cache, "git", "clone", "--quiet", str(ROOT), str(clone))
        chosen = f"EXPERIMENT={experiment}"
        sweep = _command(clone, cache, "make", "sweep", chosen)
        again = _command(clone, cache, "make", "sweep", chosen)
        results = clone / "results" / experiment
        peak = max(timing["peak_memory_bytes"] for timing in _timings(results)) / 2**30
        page = Path(folder, "page")
        initlab = str(clone / ".venv/bin/initlab")
        command = ("report", experiment, "--results", str(results), "--out", str(page))
        report = _command(clone, cache, initlab, *command)
        size = (page / "report.html").stat().st_size / 2**20
    note = f"{experiment}, with an environment and caches of its own"
    return [
        Answer("make sweep from nothing", sweep, SWEEP_TARGET, unit="s", note=note),
        Answer("peak memory of the worker", peak, MEMORY_TARGET, unit="GiB", note=experiment),
        Answer("report of it", report, REPORT_TARGET, unit="s", note=f"a page of {size:.1f} MiB"),
        Answer("a second make sweep", again, AGAIN_TARGET, unit="s", note="which does nothing"),
    ]


def _timings(results: Path) -> list[dict[str, float]]:
    """Returns the seconds and bytes that each group of a results folder recorded."""
    return [json.loads(path.read_text()) for path in results.glob("groups/*/timings.json")]


def _command(folder: Path, cache: Path, *command: str) -> float:
    """Runs a command to its end and returns its seconds; Python keeps its bytecode, as it does."""
    started = time.perf_counter()
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment)  # noqa: S603
    return time.perf_counter() - started
