"""Claims on the factor per layer: its value with ReLU, and which variance keeps ELU's near one."""

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ADDED, ELU, FINITE, HE
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.factors import DIRECTIONS
from initlab.analysis.filters import of_filters
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed
from initlab.analysis.selection import select
from initlab.analysis.verdicts import (
    agrees,
    rectifier_increment,
    slope_scatter,
    weight_variance,
)

ELU_LAW, HE_LAW = "fan_in_normal(weight_variance=1.55051881)", "he_normal"


def claims_on_factors(grid: pd.DataFrame, factors: pd.DataFrame) -> list[Claim]:
    """ReLU, each law with a closed form: half its weight variance a layer, both ways."""
    relu = factors[(factors["activation"] == "relu") & (factors["n"] > 0)]
    if relu.empty or "width" not in grid or of_filters(grid):  # a border takes its share
        return []
    width = int(grid["width"].iloc[0])
    claims = []
    for label, of_it in relu.groupby("initializer", sort=False):
        if not (variance := weight_variance(str(label), width)):
            continue
        deepest = of_it.sort_values(["n", "least_layers_used"]).groupby("direction", sort=False)
        rows = [rows.iloc[-1] for _, rows in deepest]
        claims += over_trials(
            ("factor", str(label)),
            f"ReLU with {short_name(str(label))} multiplies the mean square by half its weight "
            "variance a layer, forward and backward",
            [half_the_variance(row, variance, width) for row in rows],
            worst=_distance(variance / 2),
        )
    return claims


def half_the_variance(row: "pd.Series[Any]", variance: float, width: int) -> Claim:
    """Returns the claim on one factor: what finite networks typically have, and its scatter."""
    label, direction = str(row["initializer"]), str(row["direction"])
    drift, scatter = rectifier_increment(width, orthogonal=label == "orthogonal")
    n, used = int(row["n"]), int(row["least_layers_used"])
    reach = 3 * math.sqrt(scatter * slope_scatter(used) / n)
    low, high = (variance / 2 * math.exp(drift + end) for end in (-reach, reach))
    measured = Interval(row["factor"], row["low"], row["high"], n, log=True)
    return make_claim(
        ("factor", direction, label),
        f"ReLU with {short_name(label)} multiplies the mean square by half its weight variance a "
        f"layer, {direction}.",
        source=f"{HE}. {ADDED}: {FINITE}",
        predicted=f"{variance / 2:.4g}; finite nets {low:.4g} to {high:.4g}",
        unit="factor per layer",
        measured=measured,
        verdict=partial(agrees, low=low, high=high),
        figure="factors",
        query=f"step 0, depth {row['depth']}: exp of the least-squares slope of ln "
        f"{DIRECTIONS[direction]} against layer over the hidden layers above 1e-74 ({used} at "
        f"least); geometric mean over seeds. Predicted is what networks of width {width} have "
        f"typically, e^({drift:.7f}) = {math.exp(drift):.4f} of half the weight variance, and "
        f"three standard deviations of the mean over {n} of them",
    )


def _distance(expected: float) -> Callable[[float], float]:
    """Returns how far a factor lies from what is expected, in logarithms."""
    return lambda factor: abs(math.log(factor / expected)) if factor > 0 else math.inf


def claims_on_elu(grid: pd.DataFrame, factors: pd.DataFrame) -> list[Claim]:
    """Which variance keeps ELU's factor nearer to one: 1.55/fan_in or 2/fan_in?"""
    runs = select(grid, activation="elu", initializer=[ELU_LAW, HE_LAW])
    claims = []
    for direction in DIRECTIONS:
        off = factors.set_index("run_id")[direction].map(_distance(1.0))
        trials = []
        for depth, of_it in runs.groupby("depth"):
            he, exact = (by_seed(select(of_it, initializer=law), off) for law in (HE_LAW, ELU_LAW))
            trials += positive_claim(
                (f"elu-{direction}", f"depth-{depth}"),
                f"ELU at depth {depth}: 1.55/fan_in keeps the {direction} factor per layer nearer "
                "to 1 than 2/fan_in does.",
                he - exact,
                source=ELU,
                unit="|ln factor per layer| more",
                figure="factors",
                query=f"step 0: |ln factor per layer|, {HE_LAW} less 1.55/fan_in, seed by seed",
            )
        claims += over_trials(
            ("elu", direction),
            f"ELU: 1.55/fan_in keeps the {direction} factor per layer nearer to 1 than 2/fan_in "
            "does, at every depth",
            trials,
            worst=operator.neg,
        )
    return claims
