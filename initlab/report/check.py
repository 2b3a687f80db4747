"""What a report refuses: findings that it cannot show truly, or write safely."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from numbers import Integral
from typing import get_args

from initlab.analysis.findings import Claim, Drawing, Findings, Listing, Verdict
from initlab.errors import InitlabError
from initlab.report.text import clean_table, one_line

VERDICTS: tuple[str, ...] = get_args(Verdict)
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_CLAIM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


class ReportError(InitlabError):
    """A report cannot be written as it was asked for."""

    exit_code = 2


def check_findings(findings: Findings) -> Findings:
    """Returns the findings with every text clean, after checking that a report can hold them.

    Raises:
        ReportError: naming every fault that was found.
    """
    if not isinstance(findings, Findings):
        raise ReportError(
            f"`analyse` must return initlab.analysis.findings.Findings, got a "
            f"{type(findings).__name__}."
        )
    problems = [
        *_unsafe_names("figure", [drawing.name for drawing in findings.drawings]),
        *_unsafe_names("table", [listing.name for listing in findings.listings]),
        *_repeated("claim", [claim.id for claim in findings.claims]),
    ]
    figures = [drawing.name for drawing in findings.drawings]
    for claim in findings.claims:
        problems += _faults_of_claim(claim, figures)
    for drawing in findings.drawings:
        if not one_line(drawing.caption) or not one_line(drawing.alt):
            problems.append(f"figure {drawing.name!r} needs a `caption` and an `alt` text.")
    if problems:
        raise ReportError("\n".join(map(one_line, problems)))
    return _cleaned(findings)


def _unsafe_names(kind: str, names: list[str]) -> list[str]:
    unsafe = [
        f"{kind} name {name!r} is no safe file name: use 1 to 64 of a-z, 0-9, '_' and '-', the "
        "first a letter or a digit."
        for name in names
        if not _FILE_NAME.fullmatch(name)
    ]
    return unsafe + _repeated(kind, names)


def _repeated(kind: str, names: Iterable[str]) -> list[str]:
    times = Counter(names)
    return [f"{kind} {name!r} comes {n} times." for name, n in times.items() if n > 1]


def _faults_of_claim(claim: Claim, figures: list[str]) -> list[str]:
    faults = []
    if not _CLAIM_ID.fullmatch(claim.id):
        faults.append("its id must be 1 to 64 letters, digits and hyphens.")
    if claim.figure not in figures:
        known = ", ".join(figures) or "none"
        faults.append(f"its figure {claim.figure!r} is not drawn. Drawn: {known}.")
    if claim.verdict not in VERDICTS:
        faults.append(f"its verdict must be one of {', '.join(VERDICTS)}, got {claim.verdict!r}.")
    if isinstance(claim.n, bool) or not isinstance(claim.n, Integral) or claim.n < 0:
        faults.append(f"its `n` must be a number of seeds, got {claim.n!r}.")
    numbers = (claim.measured, *(claim.interval or ()))
    if not all(map(math.isfinite, numbers)):
        if claim.verdict == "supported":
            faults.append(
                f"its numbers {tuple(map(float, numbers))} are not all finite, so that its "
                "verdict can only be refuted or inconclusive, got supported."
            )
    elif claim.interval is not None and claim.interval[0] > claim.interval[1]:
        faults.append(f"its interval {tuple(map(float, claim.interval))} is upside down.")
    return [f"claim {claim.id!r}: {fault}" for fault in faults]


def _cleaned(findings: Findings) -> Findings:
    return Findings(
        answer=tuple(map(one_line, findings.answer)),
        claims=tuple(map(_cleaned_claim, findings.claims)),
        drawings=tuple(map(_cleaned_drawing, findings.drawings)),
        listings=tuple(map(_cleaned_listing, findings.listings)),
    )


def _cleaned_claim(claim: Claim) -> Claim:
    return replace(
        claim,
        statement=one_line(claim.statement),
        source=one_line(claim.source),
        predicted=one_line(claim.predicted),
        query=one_line(claim.query),
    )


def _cleaned_drawing(drawing: Drawing) -> Drawing:
    return replace(
        drawing,
        caption=one_line(drawing.caption),
        alt=one_line(drawing.alt),
        table=clean_table(drawing.table),
    )


def _cleaned_listing(listing: Listing) -> Listing:
    return replace(listing, caption=one_line(listing.caption), table=clean_table(listing.table))
