"""Attempts that failed, one line each, kept beside the groups."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from initlab.errors import StoreError
from initlab.store.durable import append_durably, make_directory, sync_directory
from initlab.store.names import check_name, is_name

_LONGEST_ERROR = 16_384


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt at a group.

    Attributes:
        group_id: of which group.
        attempt: its number, from 1 on.
        error: what ended it.
        run_ids: the group's runs; empty where whoever saw it end did not know them.
        time: when it ended, UTC in ISO 8601.
        seconds: how long it took; None where nobody knows.
    """

    group_id: str
    attempt: int
    error: str
    run_ids: tuple[str, ...]
    time: str
    seconds: float | None = None


def record_failure(
    results: Path,
    group_id: str,
    *,
    error: str,
    attempt: int,
    run_ids: Sequence[str] = (),
    seconds: float | None = None,
) -> Failure:
    """Appends a failed attempt to `failures/<group_id>.jsonl` and returns it.

    Of a very long `error` the end is kept, where a traceback has its message.
    """
    path = _path(results, group_id)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    took = None if seconds is None else round(seconds, 3)
    failure = Failure(group_id, attempt, error[-_LONGEST_ERROR:], tuple(run_ids), now, took)
    line = json.dumps(asdict(failure), sort_keys=True, allow_nan=False)
    try:
        make_directory(path.parent)
        append_durably(path, line)
        sync_directory(path.parent)
    except OSError as problem:
        raise StoreError(f"{path} cannot be written: {problem.strerror}.") from problem
    return failure


def read_failures(results: Path) -> dict[str, tuple[Failure, ...]]:
    """Returns the failed attempts of each group that has any, oldest first.

    A line that a dying writer cut short is skipped.
    """
    found = {}
    for path in sorted(Path(results, "failures").glob("*.jsonl")):
        if is_name(path.stem) and path.is_file() and not path.is_symlink():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            failures = tuple(filter(None, map(_decode, lines)))
            if failures:
                found[path.stem] = failures
    return found


def failures_of(results: Path, run_ids: Collection[str] | None) -> dict[str, tuple[Failure, ...]]:
    """Returns the same of the groups that hold any of these runs, or whose runs nobody knows.

    Args:
        results: the results folder.
        run_ids: of which runs; None for all.
    """
    wanted = None if run_ids is None else set(run_ids)
    return {
        group_id: tries
        for group_id, tries in read_failures(results).items()
        if wanted is None
        or not (members := {run_id for one in tries for run_id in one.run_ids})
        or members & wanted
    }


def clear_failures(results: Path, group_id: str) -> None:
    """Forgets the failed attempts of a group, as before a new try."""
    _path(results, group_id).unlink(missing_ok=True)


def _path(results: Path, group_id: str) -> Path:
    return Path(results, "failures", f"{check_name('group id', group_id)}.jsonl")


def _decode(line: str) -> Failure | None:
    try:
        fields = json.loads(line)
        return Failure(**{**fields, "run_ids": tuple(fields["run_ids"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
