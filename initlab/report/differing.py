"""Sentences on what a bundle says and its results do not, one for the first place in each file."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from initlab.report.check import ReportError


def text_faults(bundle: Path, places: Sequence[str], found: Mapping[str, str]) -> Iterator[str]:
    """Yields each text file that differs, with the first of its lines that does.

    Args:
        bundle: a report's folder.
        places: patterns of the files that may be there, such as `tables/*`.
        found: path in the bundle to the text that was computed again.
    """
    present = {
        path.relative_to(bundle).as_posix() for place in places for path in bundle.glob(place)
    }
    for place in sorted(present | found.keys()):
        if place not in found:
            yield f"{place}: does not follow from the results"
        elif place not in present:
            yield f"{place}: follows from the results and is missing"
        else:
            yield from line_faults(place, _read(bundle / place), found[place])


def line_faults(place: str, written: str, found: str) -> Iterator[str]:
    """Yields the first line of a text that is another than was computed again, if one is."""
    lines = zip_longest(written.splitlines(), found.splitlines())
    for number, (old, new) in enumerate(lines, 1):
        if old != new:
            yield f"{place}: line {number} is {old!r}, and computed again {new!r}"
            return


def claim_faults(path: Path, text: str) -> Iterator[str]:
    """Yields each claim that differs with the first of its keys that does, or else their order.

    Args:
        path: the written `claims.json`.
        text: what was computed again.

    Raises:
        ReportError: if there is no list of claims.
    """
    try:
        written = [(claim["id"], dict(claim)) for claim in json.loads(_read(path))]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(f"{path}: is no list of claims: {error}") from error
    found = {claim["id"]: claim for claim in json.loads(text)}
    names, claims = [name for name, _ in written], dict(written)
    faults = [f"claim {name!r} comes {n} times" for name, n in Counter(names).items() if n > 1]
    for name in [*claims, *(found.keys() - claims.keys())]:
        if fault := _difference(claims.get(name), found.get(name)):
            faults.append(f"claim {name!r} {fault}")
    if not faults and names != list(found):
        old, new = next(pair for pair in zip(names, found, strict=True) if pair[0] != pair[1])
        faults.append(f"claim {old!r} stands where {new!r} is computed again")
    yield from (f"{path.name}: {fault}" for fault in faults)


def record_faults(
    record: Mapping[str, Any], found: Mapping[str, Any], names: Collection[str]
) -> Iterator[str]:
    """Yields each of these entries of `provenance.json` that is another than was computed again."""
    for name in names:
        if record.get(name) != found[name]:
            yield (
                f"provenance.json: {name} is {record.get(name)!r}, and computed again "
                f"{found[name]!r}"
            )


def _difference(written: Mapping[str, Any] | None, found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "does not follow from the results"
    if written is None:
        return "follows from the results and is missing"
    for key in [*found, *(written.keys() - found.keys())]:
        if written.get(key) != found.get(key):
            return f"has {key} {written.get(key)!r}, and computed again {found.get(key)!r}"
    return ""


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
