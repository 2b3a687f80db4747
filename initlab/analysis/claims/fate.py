"""Claims on Gaussians of one deviation for all layers: they vanish, explode or saturate."""

import operator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.claims.holding import DECADE, SignalClaim, signal_claim
from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.factors import DIRECTIONS
from initlab.analysis.filters import hidden_fan
from initlab.analysis.findings import Claim
from initlab.analysis.names import capital, initializer_order, short_name
from initlab.analysis.numbers import MINUS
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.selection import hidden, select
from initlab.analysis.verdicts import above, below, weight_variance


def deepest(factors: pd.DataFrame, **fields: str) -> "pd.Series[Any] | None":
    """Returns the row of the greatest depth at which most seeds have a signal to start with."""
    found = (factors[list(fields)] == pd.Series(fields)).all(axis=1) & (factors["total_n"] > 0)
    rows = factors[found]
    return rows.sort_values(["total_n", "depth"]).iloc[-1] if len(rows) else None


def both_ways(factors: pd.DataFrame, **fields: str) -> "list[pd.Series[Any]]":
    """Returns the deepest rows, forward and backward, as far as there are any."""
    rows = [deepest(factors, **fields, direction=direction) for direction in DIRECTIONS]
    return [row for row in rows if row is not None]


def fixed_gaussians(grid: pd.DataFrame) -> list[tuple[str, float]]:
    """Returns the labels of Gaussians of fixed deviation, with their weight variance."""
    if (fan := hidden_fan(grid)) is None:
        return []
    labels = sorted(set(grid["initializer"]), key=initializer_order)
    found = [(label, weight_variance(label, fan)) for label in labels if label[:7] == "normal("]
    return [(label, variance) for label, variance in found if variance is not None]


def claims_on_fixed_gaussians(
    grid: pd.DataFrame, factors: pd.DataFrame, start: pd.DataFrame
) -> list[Claim]:
    """Too small vanishes, too large explodes or saturates, and depth makes it worse."""
    claims = []
    deeper: dict[str, list[Claim]] = {direction: [] for direction in DIRECTIONS}
    for label, variance in fixed_gaussians(grid):
        vanishing, exploding = [], []
        for activation, slope in (("relu", 0.5), ("tanh", 1.0)):
            saturated = activation == "tanh" and variance > 1
            for row in both_ways(factors, activation=activation, initializer=label):
                if saturated and row["direction"] == "forward":
                    continue
                if variance * slope > 1:
                    exploding.append(runs_away(row, grows=True))
                elif variance * slope < 1:
                    vanishing.append(runs_away(row, grows=False))
            if saturated:
                claims += saturates(grid, start, label)
        name = capital(short_name(label))
        said = "in the deepest networks in which a signal starts, with relu and tanh, both ways"
        claims += over_trials(
            ("vanishes", label),
            f"{name}: the signal shrinks more than tenfold {said}",
            vanishing,
            worst=float,
        )
        claims += over_trials(
            ("explodes", label),
            f"{name}: the signal grows more than tenfold {said} (where tanh does not hold it down)",
            exploding,
            worst=operator.neg,
        )
        for direction, found in deeper.items():
            found += worse_with_depth(grid, start, label, direction)
    for direction, found in deeper.items():
        claims += over_trials(
            ("worse-with-depth", direction),
            f"Gaussians of one deviation for all layers: the {direction} signal strays farther in "
            "deeper relu networks",
            found,
            worst=operator.neg,
        )
    return claims


def runs_away(row: "pd.Series[Any]", *, grows: bool) -> SignalClaim:
    """Returns the claim that a signal shrinks, or that it grows, by more than a factor of ten."""
    return signal_claim(
        "explodes" if grows else "vanishes",
        row,
        f"{'multiplies' if grows else 'divides'} by more than ten",
        source=f"{COMMON}: variances neither too large nor too small; Gaussians of 0.005 and 0.01. "
        f"{ADDED}: they vanish with depth",
        predicted="above 1" if grows else f"below {MINUS}1",
        judge=partial(above, bound=DECADE) if grows else partial(below, bound=-DECADE),
    )


def saturates(grid: pd.DataFrame, start: pd.DataFrame, label: str) -> list[Claim]:
    """Returns the claim that large weights drive tanh into its flat parts."""
    runs = select(grid, activation="tanh", initializer=label)
    runs = runs[runs["depth"] == runs["depth"].max()]
    flat = hidden(runs, start).groupby("run_id")["saturated_fraction"].mean()
    if (share := by_seed(runs, flat)).empty:
        return []
    return [
        make_claim(
            ("saturates", label, "tanh"),
            f"{capital(short_name(label))} saturates tanh at depth {runs['depth'].iloc[0]}: most "
            "activations lie where its slope is below a twentieth.",
            source=f"{COMMON}: variances neither too large nor too small. {ADDED}: ten layers of "
            "1.0 * randn in cs231n 2017, lecture 6; 0.84 for a deviation of 1 at width 128",
            predicted="above 0.5",
            unit="share of saturated entries",
            measured=share_interval(share),
            verdict=partial(above, bound=0.5),
            figure="neurons",
            query="step 0: mean of saturated_fraction over the hidden layers; mean over seeds",
        )
    ]


def worse_with_depth(
    grid: pd.DataFrame, start: pd.DataFrame, label: str, direction: str
) -> list[Claim]:
    """Returns the claim that the end of the hidden layers strays farther in a deeper network."""
    runs, statistic = select(grid, initializer=label, activation="relu"), DIRECTIONS[direction]
    rows = hidden(runs, start)
    rows = rows[(rows[statistic] > 0) & np.isfinite(rows[statistic])]
    ends = rows.sort_values("layer", ascending=direction == "forward").groupby("run_id").agg(
        first=(statistic, "first"), last=(statistic, "last"), layers=("layer", "size")
    )  # fmt: skip
    away = (np.log10(ends["last"]) - np.log10(ends["first"])).abs()
    reached = runs["run_id"].map(ends["layers"]) == runs["depth"] - 1
    depths = [depth for depth, whole in reached.groupby(runs["depth"]) if whole.all() and depth > 2]
    if len(depths) < 2:
        return []
    shallow, deep = depths[0], depths[-1]
    first, last = "first hidden layer", "last hidden layer"
    end = f"{last} over {first}" if direction == "forward" else f"{first} over {last}"
    return positive_claim(
        ("worse-with-depth", direction, label),
        f"{short_name(label)} with relu: the {direction} signal strays farther at depth {deep} "
        f"than at {shallow}.",
        by_seed(select(runs, depth=deep), away) - by_seed(select(runs, depth=shallow), away),
        source=f"{COMMON}: the problem worsens with depth",
        unit="powers of ten more",
        figure=f"profiles-{direction}",
        query=f"step 0: |log10 of {statistic}, {end}|, depth {deep} less depth {shallow}, seed by "
        "seed (deepest networks whose signal float32 holds)",
    )
