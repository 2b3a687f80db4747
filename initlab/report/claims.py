"""claims.json: each number in the prose, with how it was found."""

import itertools
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from initlab.analysis.findings import Claim
from initlab.analysis.numbers import counted
from initlab.report.check import VERDICTS

SYMBOLS = {"supported": "✓", "refuted": "✗", "inconclusive": "?"}
_FEWEST_ALIKE = 3


@dataclass(frozen=True)
class Family:
    """Claims of one kind that follow one another, or a claim by itself.

    Attributes:
        name: the words that their ids begin with; empty for what is shown by itself.
        claims: at least three where there is a name.
    """

    name: str
    claims: tuple[Claim, ...]


def encode_claims(claims: Sequence[Claim], results_digest: str) -> str:
    """Returns `claims.json`: a list of objects in the claims' order; no number is a bare NaN.

    Args:
        claims: of an analysis.
        results_digest: what they were found in; `provenance.json` has the SHA-256 of every shard
            that it is of.
    """
    rows = [_row(claim) | {"results_digest": results_digest} for claim in claims]
    return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def tally(claims: Sequence[Claim]) -> dict[str, int]:
    """Returns how many claims have each verdict that occurs, in the order of `VERDICTS`."""
    times = Counter[str](claim.verdict for claim in claims)
    return {verdict: times[verdict] for verdict in VERDICTS if times[verdict]}


def families(claims: Sequence[Claim]) -> list[Family]:
    """Returns the claims in their order, three and more that follow one another as one family.

    Claims are of one family where their ids begin with the same word: `factor-he-normal` and
    `factor-zeros`.
    """
    found = []
    for _, group in itertools.groupby(claims, lambda claim: claim.id.partition("-")[0]):
        alike = tuple(group)
        if len(alike) < _FEWEST_ALIKE:
            found += [Family("", (claim,)) for claim in alike]
        else:
            found.append(Family(_shared_words(alike), alike))
    return found


def sources(claims: Sequence[Claim]) -> dict[str, int]:
    """Returns each source that claims have, with its number, in order of first appearance."""
    return {text: i for i, text in enumerate(dict.fromkeys(one.source for one in claims), 1)}


def count_verdicts(claims: Sequence[Claim]) -> str:
    """Returns in words how many claims came out how."""
    if not claims:
        return "no claims tested"
    found = ", ".join(f"{number} {verdict}" for verdict, number in tally(claims).items())
    return f"{counted(len(claims), 'claim')}: {found}"


def _shared_words(claims: Sequence[Claim]) -> str:
    """Returns the words that all ids begin with."""
    places = zip(*(claim.id.split("-") for claim in claims), strict=False)
    same = itertools.takewhile(lambda words: len(set(words)) == 1, places)
    return "-".join(words[0] for words in same)


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
