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
from initlab.store.failures import failures_of
from initlab.store.folder import committed_runs
from initlab.store.manifest import digest_of
from initlab.store.timings import read_timings

_PACKAGE = Path(initlab.__file__).parent
_PROGRAM = (".py", ".jinja", ".css", ".js", ".typ", ".bib")
_NO_ANALYSIS = "the default"
# What reads, computes, draws and encodes.
WRITERS = (
    "jinja2", "matplotlib", "numpy", "pandas", "pillow", "pyarrow", "scipy", "tueplots", "typst",
)  # fmt: skip


def describe_inputs(
    results: Path,
    bundle: Path,
    *,
    experiment: Path,
    spec_text: str,
    command: str,
    planned: Collection[str],
    venue: Venue | None = None,
) -> dict[str, str]:
    """Returns everything that a report follows from, each as a digest or a text.

    The results go in by the manifests of the groups that hold planned runs, whose sizes are
    checked and whose sums are not.

    Args:
        results: the results folder.
        bundle: where the report lies or will lie.
        experiment: the experiment's folder, whose `analysis.py` and `parts.py` may be absent.
        spec_text: the sweep's specification, as it stands.
        command: the command line that makes results and report again.
        planned: run ids that the specification declares.
        venue: whose page the figures are as wide as; None for the house's own.

    Raises:
        StoreError: if a newer initlab wrote the results.
    """
    inventory = committed_runs(results)
    held = {inventory.committed[name] for name in planned if name in inventory.committed}
    groups = {name: inventory.groups[name] for name in sorted(held)}
    failed = {
        group_id: [asdict(attempt) for attempt in attempts]
        for group_id, attempts in failures_of(results, planned).items()
        if group_id not in inventory.groups
    }
    return {
        "results": os.path.relpath(results.resolve(), bundle.resolve()),
        "results_digest": digest_of(groups.values()),
        "damaged_groups": " ".join(inventory.damaged),
        "failures_digest": _digest(json.dumps(failed, sort_keys=True)),
        "timings_digest": _digest(json.dumps(asdict(read_timings(results, groups, planned)))),
        "command": command,
    } | made_from(experiment, spec_text=spec_text, planned=planned, venue=venue)


def made_from(
    experiment: Path | None, *, spec_text: str, planned: Collection[str], venue: Venue | None
) -> dict[str, str]:
    """Returns what a report follows from besides its results, each as a digest or a text.

    Args:
        experiment: the folder that may hold `analysis.py` and `parts.py`; None where there is none.
        spec_text: the sweep's specification, as it stands.
        planned: run ids that the report is of.
        venue: whose page the figures are as wide as; None for the house's own.
    """
    analysis, parts = (experiment and experiment / name for name in ("analysis.py", "parts.py"))
    return {
        "spec_digest": _digest(spec_text),
        "runs_digest": _digest("\n".join(sorted(planned))),
        "analysis_digest": _digest_of(analysis) or _NO_ANALYSIS,
        "parts_digest": _digest_of(parts) or "none",
        "venue": venue or "none",
        "program_digest": program_digest(),
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
        "python": platform.python_version(),
        **{name: version(name) for name in WRITERS},
    }


def _digest_of(path: Path | None) -> str | None:
    """Returns the SHA-256 of a file, None where there is none."""
    return _digest(path.read_bytes()) if path is not None and path.is_file() else None


def _digest(content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()
