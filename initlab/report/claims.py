"""claims.json: each number in the prose, with how it was found."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from initlab.analysis.findings import Claim
from initlab.analysis.numbers import counted
from initlab.report.check import VERDICTS


def encode_claims(claims: Sequence[Claim]) -> str:
    """Returns `claims.json`: a list of objects in the claims' order; no number is a bare NaN."""
    rows = [_row(claim) for claim in claims]
    return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def tally(claims: Sequence[Claim]) -> dict[str, int]:
    """Returns how many claims have each verdict that occurs, in the order of `VERDICTS`."""
    times = Counter[str](claim.verdict for claim in claims)
    return {verdict: times[verdict] for verdict in VERDICTS if times[verdict]}


def count_verdicts(claims: Sequence[Claim]) -> str:
    """Returns in words how many claims came out how."""
    if not claims:
        return "no claims tested"
    found = ", ".join(f"{number} {verdict}" for verdict, number in tally(claims).items())
    return f"{counted(len(claims), 'claim')}: {found}"


def _row(claim: Claim) -> dict[str, Any]:
    interval = None if claim.interval is None else [_finite(end) for end in claim.interval]
    return {
        "id": claim.id,
        "statement": claim.statement,
        "source": claim.source,
        "predicted": claim.predicted,
        "measured": _finite(claim.measured),
        "interval": None if interval is None or None in interval else interval,
        "n": int(claim.n),
        "verdict": claim.verdict,
        "figure": claim.figure,
        "query": claim.query,
    }


def _finite(number: float) -> float | None:
    number = float(number)
    return number if math.isfinite(number) else None
