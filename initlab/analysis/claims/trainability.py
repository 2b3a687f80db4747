"""Claims on how deep networks train: as deep as theory says, deepest at its critical point."""

import math
import operator
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.frontier import (
    MAP,
    SCALES,
    at_the_critical_point,
    ordered_alike,
    reaches,
    stated_in,
)
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.depth_scales import COLUMN, critical_point
from initlab.analysis.findings import Claim
from initlab.analysis.names import activation_order
from initlab.analysis.over_seeds import (
    by_seed,
    share_interval,
)
from initlab.analysis.trainability import LEVEL, frontiers
from initlab.analysis.verdicts import above, below


def claims_on_trainability(
    runs: pd.DataFrame, accuracy: "pd.Series[float]", scales: pd.DataFrame
) -> list[Claim]:
    """Returns the claims on the map.

    Args:
        runs: one trial a cell of the map.
        accuracy: of `late_accuracy`, by run id.
        scales: of `depth_scales`.
    """
    activations = sorted(scales["activation"].unique(), key=activation_order)
    reach: list[Claim] = []
    order: list[Claim] = []
    deepest: list[Claim] = []
    critical: list[Claim] = []
    inside: list[Claim] = []
    beyond: list[Claim] = []
    for activation in activations:
        of_it = runs[runs["activation"] == activation]
        own = scales[scales["activation"] == activation]
        found = frontiers(of_it, accuracy).merge(own, on=list(COLUMN))
        reach += reaches(str(activation), of_it, found)
        order += ordered_alike(str(activation), found)
        deepest += at_the_critical_point(str(activation), found, own)
        critical += any_depth(str(activation), of_it, accuracy, own)
        inside += on_one_side(str(activation), of_it, accuracy, own, inside=True)
        beyond += on_one_side(str(activation), of_it, accuracy, own, inside=False)
    return [
        *over_trials(
            ("reach",),
            f"Networks train as deep as {SCALES} depth scales, below and above the critical point",
            reach,
            worst=lambda ratio: abs(math.log(ratio / SCALES)),
        ),
        *over_trials(
            ("beyond",), f"Networks deeper than {SCALES} depth scales do not train, in the mean "
            "over the map", beyond, worst=float,
        ),
        *over_trials(
            ("inside",), f"Networks shallower than {SCALES} depth scales train, in the mean over "
            "the map", inside, worst=operator.neg,
        ),
        *over_trials(
            ("any-depth",), "At the critical weight variance networks of any depth train", critical,
            worst=operator.neg,
        ),
        *over_trials(
            ("order",), "The longer the depth scale, the deeper networks train", order,
            worst=operator.neg,
        ),
        *over_trials(
            ("deepest",), "Networks train deepest next to the critical weight variance", deepest,
            worst=abs,
        ),
    ]  # fmt: skip


def any_depth(
    activation: str, runs: pd.DataFrame, accuracy: "pd.Series[float]", scales: pd.DataFrame
) -> list[Claim]:
    """Accuracy of the deepest networks at the weight variance nearest to the critical one."""
    if not math.isfinite(critical := critical_point(scales)):
        return []
    nearest = scales.loc[np.log(scales["weight_variance"] / critical).abs().idxmin()]
    column = runs[runs["initializer"] == nearest["initializer"]]
    depth = int(column["depth"].max())
    values = by_seed(column[column["depth"] == depth], accuracy)
    if values.empty or depth >= SCALES * nearest["xi"]:
        return []
    measured = share_interval(values)
    return [
        make_claim(
            ("any-depth", activation),
            f"With {activation} networks of depth {depth} train within these steps at a weight "
            f"variance of {nearest['weight_variance']:g}, next to the critical one.",
            source=stated_in(activation),
            predicted=f"above {LEVEL:g}",
            unit="training accuracy",
            measured=measured,
            verdict=partial(above, bound=LEVEL),
            figure=MAP,
            query="train_accuracy, mean of the steps measured in the last quarter (a diverged run: "
            "a guess), of the deepest networks at the weight variance nearest to the critical "
            "one; mean over seeds",
            subject=(activation, f"at depth {depth}"),
        )
    ]


def on_one_side(
    activation: str,
    runs: pd.DataFrame,
    accuracy: "pd.Series[float]",
    scales: pd.DataFrame,
    *,
    inside: bool,
) -> list[Claim]:
    """Accuracy of the networks within six depth scales, or of those beyond them."""
    beside = runs.merge(scales.drop(columns="weight_variance"), on=list(COLUMN))
    within_it = beside["depth"] < SCALES * beside["xi"]
    values = by_seed(beside[within_it == inside], accuracy)
    if values.empty:
        return []
    measured = share_interval(values)
    where, word = ("shallower", "above") if inside else ("deeper", "below")
    return [
        make_claim(
            ("inside" if inside else "beyond", activation),
            f"With {activation} networks {where} than {SCALES} depth scales "
            f"{'train' if inside else 'do not train'}, in the mean over weight variances and "
            "depths.",
            source=stated_in(activation),
            predicted=f"{word} {LEVEL:g}",
            unit="training accuracy",
            measured=measured,
            verdict=partial(above, bound=LEVEL) if inside else partial(below, bound=LEVEL),
            figure=MAP,
            query="train_accuracy, mean of the steps measured in the last quarter (a diverged run: "
            f"a guess), mean over the networks {where} than {SCALES} xi, seed by seed",
            subject=(activation,),
        )
    ]
