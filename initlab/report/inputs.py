"""What a report is made from, by digest: whether one that lies there would come out the same."""

import hashlib
import json
import os
import platform
from collections.abc import Collection, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import initlab
from initlab.figures.venues import Venue
from initlab.report.record import file_faults, read_record
from initlab.store.failures import read_failures
from initlab.store.folder import committed_runs
from initlab.store.timings import read_timings

_PACKAGE = Path(initlab.__file__).parent
_PROGRAM = (".py", ".jinja", ".css", ".js", ".typ", ".bib")
_NO_ANALYSIS = "the default"


def describe_inputs(
    results: Path,
    bundle: Path,
    *,
    analysis: Path,
    spec_text: str,
    command: str,
    planned: Collection[str],
    venue: Venue | None = None,
) -> dict[str, str]:
    """Returns everything that a report follows from, each as a digest or a text.

    The results go in by their manifests, whose sizes are checked and whose sums are not.

    Args:
        results: the results folder.
        bundle: where the report lies or will lie.
        analysis: the experiment's `analysis.py`, which may be absent, as `parts.py` beside it may.
        spec_text: the sweep's specification, as it stands.
        command: the command line that makes results and report again.
        planned: run ids that the specification declares.
        venue: whose page the figures are as wide as; None for the house's own.

    Raises:
        StoreError: if a newer initlab wrote the results.
    """
    inventory = committed_runs(results)
    parts = analysis.with_name("parts.py")
    failed = {
        group_id: [asdict(attempt) for attempt in attempts]
        for group_id, attempts in read_failures(results).items()
        if group_id not in inventory.groups
    }
    return {
        "results": os.path.relpath(results.resolve(), bundle.resolve()),
        "results_digest": inventory.digest,
        "damaged_groups": " ".join(inventory.damaged),
        "failures_digest": _digest(json.dumps(failed, sort_keys=True)),
        "timings_digest": _digest(json.dumps(asdict(read_timings(results, inventory.groups)))),
        "spec_digest": _digest(spec_text),
        "runs_digest": _digest("\n".join(sorted(planned))),
        "analysis_digest": _digest(analysis.read_bytes()) if analysis.is_file() else _NO_ANALYSIS,
        "parts_digest": _digest(parts.read_bytes()) if parts.is_file() else "none",
        "program_digest": program_digest(),
        "command": command,
        "venue": venue or "none",
    } | {f"{name}_version": number for name, number in writer_versions().items()}


def is_current(bundle: Path, inputs: Mapping[str, str]) -> bool:
    """Tells whether a whole report lies at `bundle` that was made from these very inputs."""
    try:
        record = read_record(bundle)
    except (OSError, ValueError):
        return False
    return record.get("inputs") == inputs and not file_faults(bundle, record)


def program_digest() -> str:
    """Returns the SHA-256 of initlab's own source, as it is installed."""
    paths = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _PROGRAM)
    parts = [(path.relative_to(_PACKAGE).as_posix(), _digest(path.read_bytes())) for path in paths]
    return _digest(json.dumps(parts))


def writer_versions() -> dict[str, str]:
    """Returns the versions that the report's own bytes depend on."""
    return {
        "initlab": initlab.__version__,
        "matplotlib": version("matplotlib"),
        "pandas": version("pandas"),
        "python": platform.python_version(),
        "typst": version("typst"),
    }


def _digest(content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()
