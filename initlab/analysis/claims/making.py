"""Claims out of numbers: safe ids, intervals where there are any, verdicts on numbers alone."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd

from initlab.analysis.findings import Claim, Drawing, Verdict
from initlab.analysis.intervals import MIN_SEEDS, NOTHING, Interval
from initlab.analysis.names import short_name
from initlab.analysis.paired import Paired, compare_paired
from initlab.analysis.verdicts import Rule, above

LONGEST_ID = 64


@dataclass(frozen=True)
class Trial(Claim):
    """A claim, with the names by which sentences tell it from others of its kind.

    Attributes:
        subject: what it is about, such as `("He normal", "depth 50")`.
        paired: the comparison seed by seed, where it is about a difference; else None.
        rule: by which the verdict follows from an interval; None where it is no matter of chance.
        judged: the interval that was judged.
    """

    subject: tuple[str, ...]
    paired: Paired | None = field(default=None, kw_only=True)
    rule: Rule | None = field(default=None, kw_only=True, compare=False, repr=False)
    judged: Interval = field(default=NOTHING, kw_only=True, compare=False, repr=False)


def make_claim(
    identity: Sequence[str],
    statement: str,
    *,
    source: str,
    predicted: str,
    unit: str,
    measured: Interval,
    verdict: Verdict | Rule,
    figure: str,
    query: str,
    subject: tuple[str, ...] = (),
    paired: Paired | None = None,
    judged: Interval | None = None,
) -> Trial:
    """Returns a claim, with no interval where there is none, in the form that reports ask for.

    Args:
        identity: words and labels that make its id.
        statement: one sentence that can be true or false.
        source: whose, with the reference.
        predicted: what was expected, with the rule of the verdict where that needs words.
        unit: of what the predicted and the measured number are, in words.
        measured: centre, interval and number of seeds.
        verdict: of `analysis.verdicts`, or the rule by which it follows from an interval, so that
            `over_trials` can judge it again at another level; `supported` without a finite number
            is `inconclusive`.
        figure: name of a drawing that shows the number.
        query: how to compute the number again.
        subject: names for sentences.
        paired: of `paired.compare_paired`, where the claim is about a difference.
        judged: the interval that the rule is asked of, if that is not `measured`.
    """
    held = measured if judged is None else judged
    rule = verdict if callable(verdict) else None
    found: Verdict = verdict(held) if callable(verdict) else verdict
    unfounded = found == "supported" and not math.isfinite(measured.centre)
    known = measured.n >= MIN_SEEDS and all(map(math.isfinite, measured[:3]))
    return Trial(
        id=claim_id(*identity),
        statement=statement,
        source=source,
        predicted=f"{predicted} ({unit})",
        measured=measured.centre,
        interval=(measured.low, measured.high) if known else None,
        n=measured.n,
        verdict="inconclusive" if unfounded else found,
        figure=figure,
        query=query,
        subject=subject,
        paired=paired,
        rule=rule,
        judged=held,
    )


def positive_claim(
    identity: Sequence[str],
    statement: str,
    differences: "pd.Series[float]",
    *,
    source: str,
    unit: str,
    figure: str,
    query: str,
    subject: tuple[str, ...] = (),
) -> list[Claim]:
    """Returns the claim that a difference is above 0 in the mean; none where no seed has one.

    Args:
        identity: words and labels that make its id.
        statement: one sentence that can be true or false.
        differences: one a seed; NaN where a seed has none.
        source: whose, with the reference.
        unit: of what the difference is, in words.
        figure: name of a drawing that shows it.
        query: how to compute the number again.
        subject: names for sentences.
    """
    if (known := differences.dropna()).empty:
        return []
    found = compare_paired(known)
    return [
        make_claim(
            identity,
            statement,
            source=source,
            predicted="above 0",
            unit=unit,
            measured=found.difference,
            verdict=partial(above, bound=0.0),
            figure=figure,
            query=query,
            subject=subject,
            paired=found,
        )
    ]


def claim_id(*words: str) -> str:
    """Returns an id of letters, digits and hyphens; initializers' labels are shortened.

    >>> claim_id("factor", "normal(stddev=0.005)")
    'factor-normal-0-005'
    """
    text = "-".join(short_name(word) if "(" in word else word for word in words)
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:LONGEST_ID].strip("-") or "claim"


def drawn_claims(claims: Iterable[Claim], drawings: Iterable[Drawing]) -> tuple[Claim, ...]:
    """Returns the claims whose figure is drawn, each with an id of its own."""
    names = {drawing.name for drawing in drawings}
    return with_distinct_ids(claim for claim in claims if claim.figure in names)


def with_distinct_ids(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Returns the claims; where an id comes again it gets a number."""
    seen: dict[str, int] = {}
    found = []
    for claim in claims:
        seen[claim.id] = seen.get(claim.id, 0) + 1
        number = f"-{seen[claim.id]}" if seen[claim.id] > 1 else ""
        found.append(replace(claim, id=claim.id[: LONGEST_ID - len(number)] + number))
    return tuple(found)
