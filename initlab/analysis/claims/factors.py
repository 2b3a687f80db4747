"""Claims on the factor per layer: its value with ReLU, and which variance keeps ELU's near one."""

import math

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ELU, FINITE, HE
from initlab.analysis.factors import DIRECTIONS
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.selection import select
from initlab.analysis.verdicts import (
    above,
    agrees,
    rectifier_increment,
    slope_scatter,
    weight_variance,
)

ELU_LAW, HE_LAW = "fan_in_normal(weight_variance=1.55051881)", "he_normal"


def claims_on_factors(grid: pd.DataFrame, factors: pd.DataFrame) -> list[Claim]:
    """ReLU, each law with a closed form: half its weight variance a layer, both ways."""
    relu = factors[(factors["activation"] == "relu") & (factors["n"] > 0)]
    if relu.empty or "width" not in grid:
        return []
    width = int(grid["width"].iloc[0])
    claims = []
    for (label, direction), rows in relu.groupby(["initializer", "direction"], sort=False):
        variance = weight_variance(str(label), width)
        row = rows.sort_values(["n", "least_layers_used"]).iloc[-1]
        if variance is None:
            continue
        drift, scatter = rectifier_increment(width, orthogonal=label == "orthogonal")
        n, used = int(row["n"]), int(row["least_layers_used"])
        reach = 3 * math.sqrt(scatter * slope_scatter(used) / n)
        low, high = (variance / 2 * math.exp(drift + end) for end in (-reach, reach))
        measured = Interval(row["factor"], row["low"], row["high"], n)
        claims.append(
            make_claim(
                ("factor", str(direction), str(label)),
                f"ReLU with {short_name(str(label))} multiplies the mean square by half its weight "
                f"variance a layer, {direction}.",
                source=f"{HE}; O, {FINITE}",
                predicted=f"{variance / 2:.6g} in the mean; typically e^({drift:.7f}) = "
                f"{math.exp(drift):.4f} of it at width {width}; the mean over {n} networks is "
                f"expected within {low:.4g} to {high:.4g}, three of its standard deviations",
                measured=measured,
                verdict=agrees(measured, low, high),
                figure="factors",
                query=f"step 0, depth {row['depth']}: exp of the least-squares slope of ln "
                f"{FORWARD if direction == 'forward' else BACKWARD} against layer over the hidden "
                f"layers above 1e-74 ({used} at least); geometric mean over seeds",
            )
        )
    return claims


def claims_on_elu(grid: pd.DataFrame, factors: pd.DataFrame) -> list[Claim]:
    """Which variance keeps ELU's factor nearer to one: 1.55/fan_in or 2/fan_in?"""
    runs = select(grid, activation="elu", initializer=[ELU_LAW, HE_LAW])
    claims = []
    for depth, of_it in runs.groupby("depth"):
        for direction in DIRECTIONS:
            off = factors.set_index("run_id")[direction].map(lambda factor: abs(math.log(factor)))
            he, exact = (by_seed(select(of_it, initializer=law), off) for law in (HE_LAW, ELU_LAW))
            if (nearer := (he - exact).dropna()).empty:
                continue
            measured = seed_interval(nearer)
            claims.append(
                make_claim(
                    (f"elu-{direction}", f"depth-{depth}"),
                    f"ELU at depth {depth}: 1.55/fan_in keeps the {direction} factor per layer "
                    "nearer to 1 than 2/fan_in does.",
                    source=ELU,
                    predicted="above 0",
                    measured=measured,
                    verdict=above(measured, 0.0),
                    figure="factors",
                    query=f"step 0: |ln factor per layer|, {HE_LAW} less 1.55/fan_in, seed by seed",
                )
            )
    return claims
