"""Yosinski's curve: which layers are general, which specific, which depend on one another."""

import operator
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import YOSINSKI
from initlab.analysis.claims.transfer_starts import MORE, QUERY
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seed_interval, seeds_at
from initlab.analysis.selection import select
from initlab.analysis.transfer_arms import OTHER, SAME, SCRATCH
from initlab.analysis.verdicts import below

FREE = 0.01  # of test accuracy: less is no loss
CURVE = "layers"  # the figure
LOST = "test accuracy lost"


class Curve(NamedTuple):
    """Test accuracies of the curve's arms, one a seed.

    Attributes:
        arms: of `curve_arms`.
        test: test accuracy by run id.
        numbers: how many first layers are taken, ascending.
        base: of the net from scratch.
    """

    arms: pd.DataFrame
    test: "pd.Series[float]"
    numbers: tuple[int, ...]
    base: "pd.Series[float]"

    def ends(self, source: str, number: int, *, frozen: bool) -> "pd.Series[float]":
        """Returns what nets with so many first layers of a source come to."""
        copied = {} if source == SCRATCH else {"copied": number}
        frozen_layers = number if frozen else 0
        return seeds_at(self.arms, self.test, source=source, frozen=frozen_layers, **copied)

    def lost(self, source: str, number: int) -> "pd.Series[float]":
        """Returns how far below the net from scratch the same end, these layers frozen."""
        return self.base - self.ends(source, number, frozen=True)


def curve_arms(own: pd.DataFrame) -> pd.DataFrame:
    """Returns the arms of Yosinski's curve: whole nets of which n layers are taken, or are random.

    A net whose taken layers are frozen in part is none of it.
    """
    deep = own[own["depth"] == own["depth"].max()]
    in_part = (
        (deep["source"] != SCRATCH) & ~deep["frozen"].isin([0]) & (deep["frozen"] != deep["copied"])
    )
    arms: pd.DataFrame = deep[~in_part]
    return arms


def claims_on_curve(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns what Yosinski's curve says: general first layers, specific last ones, co-adaptation.

    Args:
        own: the arms of one data set and number of images, with Yosinski's among them.
        test: test accuracy by run id.
    """
    arms = curve_arms(own)
    numbers = sorted(int(one) for one in select(arms, source=SAME)["copied"].unique())
    curve = Curve(arms, test, tuple(numbers), seeds_at(arms, test, copied=0, frozen=0))
    if curve.base.empty or len(numbers) < 2:
        return []
    return [
        *_general(curve),
        *_specific(curve),
        *_co_adapted(curve),
        *_at_each(
            curve,
            "above-base",
            "of other classes, fine-tuned, end above from scratch",
            lambda number: curve.ends(OTHER, number, frozen=False) - curve.base,
        ),
        *_at_each(
            curve,
            "above-random",
            "of other classes, frozen, end above as many random ones",
            lambda number: (
                curve.ends(OTHER, number, frozen=True) - curve.ends(SCRATCH, number, frozen=True)
            ),
        ),
    ]


def _general(curve: Curve) -> list[Claim]:
    """Returns the claim that the first layer of other classes loses nothing."""
    first = curve.numbers[0]
    free = seed_interval(curve.lost(OTHER, first))
    return [
        make_claim(
            ("general",),
            f"The first layer of a net that learned other classes is general: frozen, it loses "
            f"less than {FREE:g} of test accuracy.",
            source=YOSINSKI,
            predicted=f"below {FREE:g}",
            unit=LOST,
            measured=free,
            verdict=partial(below, bound=FREE),
            figure=CURVE,
            query=f"{QUERY}; from scratch less {first} of other classes, frozen, seed by seed",
        )
    ]


def _specific(curve: Curve) -> list[Claim]:
    """Returns the claim that more layers of other classes lose more."""
    first, last = curve.numbers[0], curve.numbers[-1]
    return positive_claim(
        ("specific",),
        f"Later layers are specific: {last} frozen ones of other classes lose more than {first}.",
        curve.lost(OTHER, last) - curve.lost(OTHER, first),
        source=YOSINSKI,
        unit=f"{LOST} more",
        figure=CURVE,
        query=f"{QUERY}; {first} of other classes, frozen, less {last}, seed by seed",
    )


def _co_adapted(curve: Curve) -> list[Claim]:
    """Returns the claim that middle layers lose even where they learned the same classes."""
    middle = curve.numbers[len(curve.numbers) // 2]
    return positive_claim(
        ("co-adapted",),
        f"Middle layers are co-adapted: {middle} frozen layers of a net that learned the same "
        "classes lose, where those above are drawn anew.",
        curve.lost(SAME, middle),
        source=YOSINSKI,
        unit=LOST,
        figure=CURVE,
        query=f"{QUERY}; from scratch less {middle} of same classes, frozen, seed by seed",
    )


def _at_each(
    curve: Curve, name: str, words: str, more: Callable[[int], "pd.Series[float]"]
) -> list[Claim]:
    """Returns the claim that the first n layers end above something else, for every n."""
    trials: list[Claim] = []
    for number in curve.numbers:
        trials += positive_claim(
            (name, str(number)),
            f"The first {number} layers {words}.",
            more(number),
            source=YOSINSKI,
            unit=MORE,
            figure=CURVE,
            query=f"{QUERY}; the first {number} layers {words}: the difference seed by seed",
            subject=(f"{number} layers",),
        )
    return over_trials((name,), f"The first n layers {words}", trials, worst=operator.neg)
