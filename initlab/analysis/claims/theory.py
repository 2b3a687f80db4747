"""Claims on theory: does it predict the factor per layer, of each initializer and network?"""

import math
from functools import partial
from typing import Any

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import MEAN_FIELD
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.expected_factors import astray
from initlab.analysis.factors import DIRECTIONS
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval, wilson_interval
from initlab.analysis.names import capital, short_name
from initlab.analysis.verdicts import agrees, within

ASTRAY = 0.01  # of right networks that may be called wrong
SLOPE = "exp of the least-squares slope of ln {} against layer over the hidden layers above 1e-74"


def claims_on_theory(
    grid: pd.DataFrame, factors: pd.DataFrame, expectations: pd.DataFrame
) -> list[Claim]:
    """Theory predicts the factor per layer, of every initializer and of single networks.

    Args:
        grid: the runs that count.
        factors: of `with_expectations`, for these runs.
        expectations: of `run_expectations`, for these runs.
    """
    if "width" not in grid or expectations.empty:
        return []
    return [
        *claims_on_initializers(factors, int(grid["width"].iloc[0])),
        *claims_on_single_networks(grid, expectations),
    ]


def claims_on_initializers(factors: pd.DataFrame, width: int) -> list[Claim]:
    """Each initializer, in the deepest networks of every activation: is it as theory predicts?"""
    claims = []
    for label, of_it in deepest_judged(factors).groupby("initializer", sort=False):
        judged = of_it[of_it["expected_low"].notna()]
        without = len(of_it) - len(judged)
        name = short_name(str(label))
        claims += over_trials(
            ("as-theory", str(label)),
            f"{capital(name)}: the factor per layer is what theory predicts, in the deepest "
            "networks of every activation, forward and backward"
            + (f", but for {without} that cannot be judged" if without else ""),
            [as_theory(row, width) for row in judged.to_dict("records")],
            worst=abs,
        )
    return claims


def left_unjudged(factors: pd.DataFrame) -> str:
    """Returns of how many cases there is no such claim, behind a semicolon; empty where of none."""
    deepest = deepest_judged(factors)
    without = int(deepest["expected_low"].isna().sum())
    told = f"; {without} of {len(deepest)} were not judged, as the table `verdicts` tells"
    return told if without else ""


def deepest_judged(factors: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of each activation's greatest depth at which any trial is judged."""
    depths = factors[factors["expected_low"].notna()].groupby("activation")["depth"].max()
    return factors[factors["depth"] == factors["activation"].map(depths)]


def as_theory(row: dict[Any, Any], width: int) -> Claim:
    """Returns the claim that one trial's factor is as theory predicts."""
    label, activation, direction = row["initializer"], row["activation"], row["direction"]
    off = {
        name: math.log(row[name] / row["predicted"])
        for name in ("measured", "measured_low", "measured_high", "expected_low", "expected_high")
    }
    found = Interval(
        off["measured"], off["measured_low"], off["measured_high"], int(row["judged_n"])
    )
    low, high = off["expected_low"], off["expected_high"]
    return make_claim(
        ("as-theory", direction, label, activation),
        f"{short_name(label)} with {activation} at depth {row['depth']}: the {direction} factor "
        "per layer is what theory predicts.",
        source=MEAN_FIELD,
        predicted=f"{low:.4f} to {high:.4f}",
        unit="ln of measured over predicted",
        measured=found,
        verdict=partial(agrees, low=low, high=high),
        figure="as-theory",
        query=f"step 0: ln of the factor per layer ({SLOPE.format(DIRECTIONS[direction])}; "
        "geometric mean over seeds) less ln of what theory predicts for the same layers, "
        f"{row['predicted']:.4g}. The range is three standard deviations of the mean over so many "
        f"networks of width {width}, beyond the typical network and the mean",
    )


def claims_on_single_networks(grid: pd.DataFrame, expectations: pd.DataFrame) -> list[Claim]:
    """One network alone, of all initializers and depths: is it as theory expects of one?"""
    claims = []
    for direction, of_it in expectations.groupby("direction", sort=False):
        far = astray(of_it).dropna().astype(float)
        of_run = far.groupby(of_it.loc[far.index, "run_id"]).mean()
        trials = [
            single_networks(str(direction), str(activation), runs, of_run)
            for activation, runs in grid.groupby("activation", sort=False)
            if runs["run_id"].isin(of_run.index).any()
        ]
        claims += over_trials(
            ("single-networks", str(direction)),
            f"Of single networks at most one in a hundred has a {direction} factor per layer "
            "farther from theory's than three of the standard deviations that theory gives it, "
            "with every activation",
            trials,
            worst=float,
        )
    return claims


def single_networks(
    direction: str, activation: str, runs: pd.DataFrame, far: "pd.Series[float]"
) -> Claim:
    """Returns the claim that theory's scatter holds single networks of one activation."""
    own = far.reindex(runs["run_id"]).dropna()
    measured = wilson_interval(int(own.sum()), len(own))
    return make_claim(
        ("single-networks", direction, activation),
        f"{activation}: of single networks at most one in a hundred has a {direction} factor per "
        "layer farther from theory's than three standard deviations.",
        source=MEAN_FIELD,
        predicted=f"at most {ASTRAY:g}",
        unit="share of networks",
        measured=measured,
        verdict=partial(within, low=0.0, high=ASTRAY),
        figure="as-theory",
        query=f"step 0, {len(own)} networks of all initializers and depths: share whose factor per "
        f"layer ({SLOPE.format(DIRECTIONS[direction])}) lies more than three standard deviations "
        "of one network beyond the typical network or the mean that theory predicts for the same "
        "layers; with Wilson's interval, as if no two networks were drawn alike",
    )
