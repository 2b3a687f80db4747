"""How long a sweep took: read from the files beside the groups that no digest covers."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from initlab.store.durable import read_bounded
from initlab.store.failures import Failure, failures_of, read_failures
from initlab.store.publish import TIMINGS

EVENTS = "events.jsonl"
_MEMORY = "peak_memory_bytes"
_FAILED = ("failed_attempts", "failed_seconds", "untimed_attempts")  # earlier ones, of a group
_LIMIT = 65_536
_LOG_LIMIT = 2**26


@dataclass(frozen=True)
class Timings:
    """What the committed groups of a sweep took.

    Attributes:
        groups: how many groups have a record of it.
        compile_seconds: spent on compiling programs, over all of them.
        run_seconds: spent on everything else, over all of them.
        peak_memory_bytes: the most that one worker held; None where it is unknown.
        started: when the first of the groups began, UTC in ISO 8601; None where no log says so.
        ended: when the last of them was done, likewise.
        failed_attempts: attempts at groups that failed.
        failed_seconds: spent on them, as far as it is known.
        untimed_attempts: those of which it is not.
    """

    groups: int
    compile_seconds: float
    run_seconds: float
    peak_memory_bytes: float | None
    started: str | None
    ended: str | None
    failed_attempts: int
    failed_seconds: float
    untimed_attempts: int


def read_timings(
    results: Path, groups: Collection[str], run_ids: Collection[str] | None = None
) -> Timings:
    """Returns what groups took, as far as a results folder has it.

    Args:
        results: the results folder.
        groups: ids of committed groups in it.
        run_ids: the runs whose failed attempts count; None for all.
    """
    known = [found for group in groups if (found := _read_group(results, group))]
    lost = [_failed(tries) for tries in failures_of(results, run_ids).values()]
    lost += [{name: found.pop(name, 0.0) for name in _FAILED} for found in known]
    memory = [found.pop(_MEMORY) for found in known if _MEMORY in found]
    compiling = sum(found.get("compile", 0.0) for found in known)
    events = [one for one in _events(results / EVENTS) if one.get("group_id") in groups]
    done = [event["time"] for event in events if event.get("event") == "done"]
    return Timings(
        groups=len(known),
        compile_seconds=compiling,
        run_seconds=sum(sum(found.values()) for found in known) - compiling,
        peak_memory_bytes=max(memory, default=None),
        started=min((event["time"] for event in events), default=None),
        ended=max(done, default=None),
        failed_attempts=round(sum(one["failed_attempts"] for one in lost)),
        failed_seconds=sum(one["failed_seconds"] for one in lost),
        untimed_attempts=round(sum(one["untimed_attempts"] for one in lost)),
    )


def failed_before(results: Path, group: str) -> dict[str, float]:
    """Returns what the failed attempts at a group took, for the record of the one that does not."""
    tries = read_failures(results).get(group, ())
    return _failed(tries) if tries else {}


def _failed(tries: Sequence[Failure]) -> dict[str, float]:
    seconds = [one.seconds for one in tries if one.seconds is not None]
    counts = (len(tries), sum(seconds), len(tries) - len(seconds))
    return dict(zip(_FAILED, map(float, counts), strict=True))


def _read_group(results: Path, group: str) -> dict[str, float]:
    try:
        found = json.loads(read_bounded(results / "groups" / group / TIMINGS, limit=_LIMIT))
        return {str(name): float(seconds) for name, seconds in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _events(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the events of a log that bear a time; what cannot be read is skipped."""
    try:
        lines = read_bounded(path, limit=_LOG_LIMIT).decode(errors="replace").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict) and _is_time(event.get("time")):
            yield event


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
