"""Claims on what is left of a signal after all layers: within a factor of ten it holds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import pandas as pd

from initlab.analysis.claims.making import Trial, make_claim
from initlab.analysis.claims.sources import HOLDING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.factors import DIRECTIONS
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval
from initlab.analysis.names import activation_order, capital, initializer_order, short_name
from initlab.analysis.numbers import MINUS
from initlab.analysis.selection import in_order
from initlab.analysis.verdicts import Rule, within

DECADE = 1.0  # a signal holds within a factor of ten, as `fate` has it
UNIT = "log10 of last over first layer"


@dataclass(frozen=True)
class SignalClaim(Trial):
    """A claim on what one initializer and activation do to a signal, one way.

    Attributes:
        activation, direction, depth: of the network, and which way.
        found: `holds`, `shrinks` or `grows` where the whole interval says so; `vanishes` where
            float32 holds nothing at the last layer, `explodes` where it overflowed; `has no
            number` of a gradient behind such a forward pass; else `is undecided`.
    """

    activation: str
    direction: str
    depth: int
    found: str


def decades(row: "pd.Series[Any]") -> Interval:
    """Returns by how many powers of ten the last hidden layer lies above the first."""
    centre, low, high = (math.log10(row[name]) for name in ("total", "total_low", "total_high"))
    return Interval(centre, low, high, int(row["total_n"]))


def signal_claim(
    words: str, row: "pd.Series[Any]", verb: str, *, source: str, predicted: str, judge: Rule
) -> SignalClaim:
    """Returns the claim on what one law and activation do to a signal, one way."""
    label, activation, direction = row["initializer"], row["activation"], row["direction"]
    depth, measured = int(row["depth"]), decades(row)
    bound = "; found: at most" if row["num_lost"] else "; found: at least"
    bounded = bool(row["num_lost"] or row["num_over"]) and measured.n > 0
    claim = make_claim(
        (words, direction, label, activation),
        f"{short_name(label)} {verb} the {direction} signal of {activation} from the first to the "
        f"last hidden layer that it comes to, of {depth - 1}.",
        source=source,
        predicted=predicted,
        unit=UNIT + (bound if bounded else ""),
        measured=Interval(measured.centre, math.nan, math.nan, measured.n) if bounded else measured,
        verdict=judge,
        judged=measured,
        figure=f"profiles-{direction}",
        query=f"step 0, depth {depth}: log10 of {DIRECTIONS[direction]}, the last hidden layer "
        "that the signal comes to over the first; mean over seeds. Where float32 holds nothing at "
        "the last one 1e-74 stands for it (then the number is at most this), where it overflowed "
        "1e77 (then it is at least this); where no signal starts there is no number",
        subject=(short_name(label),),
    )
    same = {field.name: getattr(claim, field.name) for field in fields(Trial)}
    return SignalClaim(
        **same,
        activation=activation,
        direction=direction,
        depth=depth,
        found=what_becomes(row),
    )


def what_becomes(row: "pd.Series[Any]") -> str:
    """Returns in a word what becomes of a signal: one of those of `SignalClaim.found`."""
    measured = decades(row)
    if row["fate"] == "unknown":
        return "has no number"
    if row["num_lost"]:
        return "vanishes"
    if row["num_over"]:
        return "explodes"
    if within(measured, -DECADE, DECADE) == "supported":
        return "holds"
    if measured.high < -DECADE:
        return "shrinks"
    return "grows" if measured.low > DECADE else "is undecided"


def claims_on_holding(factors: pd.DataFrame) -> list[Claim]:
    """Every initializer in the deepest networks of each activation: does it hold the signal?"""
    if factors.empty:
        return []
    deepest = factors[factors["depth"] == factors.groupby("activation")["depth"].transform("max")]
    rows = in_order(deepest[deepest["num_layers"] > 1])
    claims = []
    for label in sorted(set(rows["initializer"]), key=initializer_order):
        claims += over_trials(
            ("holds", label),
            f"{capital(short_name(label))} holds the signal within a factor of ten in the deepest "
            "networks, whichever the activation, forward and backward",
            [
                signal_claim(
                    "holds",
                    row,
                    "holds within a factor of ten",
                    source=HOLDING,
                    predicted=f"{MINUS}1 to 1",
                    judge=partial(within, low=-DECADE, high=DECADE),
                )
                for _, row in rows[rows["initializer"] == label].iterrows()
            ],
            worst=abs,
        )
    return claims


def by_activation(claims: Iterable[Claim]) -> dict[str, list[SignalClaim]]:
    """Returns the claims of `claims_on_holding`, one a trial, by activation."""
    found: dict[str, list[SignalClaim]] = {}
    for claim in claims:
        if isinstance(claim, SignalClaim) and claim.id.startswith("holds-"):
            found.setdefault(claim.activation, []).append(claim)
    return dict(sorted(found.items(), key=lambda item: activation_order(item[0])))
