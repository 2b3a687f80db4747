"""Computing a report's numbers again: claims, figures and tables, from its results."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from initlab.analysis.findings import Findings
from initlab.analysis.numbers import counted
from initlab.figures.save import encode_numbers
from initlab.report.check import ReportError, check_findings
from initlab.report.claims import encode_claims
from initlab.report.diverged import with_diverged
from initlab.report.load_analysis import load_analysis
from initlab.report.tables import guarded, to_csv
from initlab.store.query import Results

EXPERIMENT, RUNS = "experiment", "runs.txt"


@dataclass(frozen=True)
class Recomputed:
    """What came of it: how much was computed, and a sentence for each number that differs."""

    what: str
    faults: tuple[str, ...]


def can_recompute(bundle: Path) -> bool:
    """Tells whether a bundle holds the analysis that it was written with, and its runs."""
    return (bundle / EXPERIMENT / RUNS).is_file()


def recompute(bundle: Path, results: Results) -> Recomputed:
    """Runs the analysis that lies in a bundle on its results, and compares what it says.

    The analysis is a program, and is executed.

    Args:
        bundle: a report's folder, of `can_recompute`.
        results: the verified results that it was made from.

    Raises:
        ReportError: if the analysis does not load, or says what no report can hold.
    """
    folder = bundle / EXPERIMENT
    planned = (folder / RUNS).read_text(encoding="utf-8").split()
    own = results.only(planned)
    findings = with_diverged(check_findings(load_analysis(folder)(own)), own.runs)
    counts = (
        counted(len(findings.claims), "claim"),
        counted(len(findings.drawings), "figure"),
        counted(len(findings.listings), "table"),
    )
    return Recomputed(", ".join(counts), tuple(_faults(bundle, findings)))


def _faults(bundle: Path, findings: Findings) -> Iterator[str]:
    yield from _claim_faults(bundle / "claims.json", findings)
    figures = {one.name: encode_numbers(guarded(one.table)) for one in findings.drawings}
    yield from _csv_faults(bundle, "figures", figures)
    yield from _csv_faults(bundle, "tables", {one.name: to_csv(one) for one in findings.listings})


def _claim_faults(path: Path, findings: Findings) -> Iterator[str]:
    """Yields each claim that differs, with the first of its keys that does."""
    try:
        written = {claim["id"]: claim for claim in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(f"{path}: is no list of claims: {error}") from error
    found = {claim["id"]: claim for claim in json.loads(encode_claims(findings.claims))}
    for name in [*written, *(found.keys() - written.keys())]:
        if fault := _difference(written.get(name), found.get(name)):
            yield f"{path.name}: claim {name!r} {fault}"


def _difference(written: Mapping[str, Any] | None, found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "does not follow from the results"
    if written is None:
        return "follows from the results and is missing"
    for key in [*found, *(written.keys() - found.keys())]:
        if written.get(key) != found.get(key):
            return f"has {key} {written.get(key)!r}, and computed again {found.get(key)!r}"
    return ""


def _csv_faults(bundle: Path, kind: str, found: Mapping[str, str]) -> Iterator[str]:
    """Yields each CSV that differs, with the first of its lines that does."""
    present = {path.stem for path in (bundle / kind).glob("*.csv")}
    for name in sorted(present | found.keys()):
        place = f"{kind}/{name}.csv"
        if name not in found:
            yield f"{place}: does not follow from the results"
        elif name not in present:
            yield f"{place}: follows from the results and is missing"
        else:
            written = (bundle / place).read_text(encoding="utf-8")
            yield from _line_faults(place, written, found[name])


def _line_faults(place: str, written: str, found: str) -> Iterator[str]:
    lines = zip_longest(written.splitlines(), found.splitlines())
    for number, (old, new) in enumerate(lines, 1):
        if old != new:
            yield f"{place}: line {number} is {old!r}, and computed again {new!r}"
            return
