"""What changed between two reports of one experiment: verdicts, numbers, claims."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from initlab.report.check import ReportError
from initlab.report.numbers import print_measured
from initlab.report.record import JSON_LIMIT, read_record
from initlab.store.durable import read_bounded


def compare_reports(old: Path, new: Path) -> list[str]:
    """Returns a sentence for each claim that came out otherwise, nothing where none did.

    A claim did so if its verdict changed, or if both reports have an interval of its number and
    these do not overlap. Claims that only one of the reports has are told too.

    Args:
        old: a report bundle.
        new: another one, of the same experiment.

    Raises:
        ReportError: if one of them is no report, or they are of different experiments.
    """
    (name, before), (other, after) = _read(old), _read(new)
    if name != other:
        raise ReportError(
            f"{old} is a report of {name!r} and {new} one of {other!r}: their claims are not the "
            "same. Give two reports of one experiment."
        )
    both = [one for one in before if one in after]
    told = [line for one in both for line in _changes(one, before[one], after[one])]
    told += [f"{one}: {old} alone has it" for one in before if one not in after]
    return told + [f"{one}: {new} alone has it" for one in after if one not in before]


def _changes(name: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if was["verdict"] != now["verdict"]:
        yield f"{name}: {was['verdict']} → {now['verdict']}, {_number(was)} → {_number(now)}"
    elif was["interval"] and now["interval"] and _apart(was["interval"], now["interval"]):
        yield f"{name}: intervals do not overlap, {_number(was)} → {_number(now)}"


def _apart(one: list[float], other: list[float]) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def _number(claim: Mapping[str, Any]) -> str:
    if claim["measured"] is None:
        return "no number"
    interval = tuple(claim["interval"]) if claim["interval"] else None
    return " ".join(filter(None, print_measured(claim["measured"], interval)))


def _read(bundle: Path) -> tuple[str, dict[str, Any]]:
    """Returns the experiment of a bundle, and its claims by id."""
    try:
        record = read_record(bundle)
        claims = json.loads(read_bounded(bundle / "claims.json", limit=JSON_LIMIT))
        return str(record["experiment"]), {claim["id"]: claim for claim in claims}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{bundle} is no report: {error}") from error
