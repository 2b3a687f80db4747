"""Claims on what becomes of a signal over all layers: it holds, vanishes, explodes or saturates."""

import math
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import GLOROT, HE
from initlab.analysis.factors import DIRECTIONS
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval
from initlab.analysis.names import activation_order, initializer_order, short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.selection import hidden, select
from initlab.analysis.verdicts import above, below, weight_variance, within

DECADE = 1.0  # a signal holds within a factor of ten over all hidden layers, as `fate` has it


def decades(row: "pd.Series[Any]") -> Interval:
    """Returns by how many powers of ten the hidden layers multiply a mean square."""
    across = max(int(row["depth"]) - 2, 0)
    centre, low, high = (across * math.log10(row[name]) for name in ("factor", "low", "high"))
    return Interval(centre, low, high, int(row["n"]))


def deepest(factors: pd.DataFrame, **fields: str) -> "pd.Series[Any] | None":
    """Returns the row of the greatest depth at which most seeds have a factor."""
    rows = factors[(factors[list(fields)] == pd.Series(fields)).all(axis=1) & (factors["n"] > 0)]
    return rows.sort_values(["n", "depth"]).iloc[-1] if len(rows) else None


def over_layers(direction: str, depth: int) -> str:
    """Returns how `decades` is computed, in words."""
    column = FORWARD if direction == "forward" else BACKWARD
    return (
        f"step 0, depth {depth}: log10 of the factor per layer of {column}, times {depth - 2}, the "
        "steps between the first and the last hidden layer; mean over seeds"
    )


def claims_on_holding(factors: pd.DataFrame) -> list[Claim]:
    """He and Glorot hold the signal from layer to layer: with which activation?"""
    claims = []
    for label in ("he_normal", "glorot_uniform"):
        for activation in sorted(set(factors["activation"]), key=activation_order):
            for direction in DIRECTIONS:
                row = deepest(
                    factors, activation=activation, initializer=label, direction=direction
                )
                if row is None:
                    continue
                measured = decades(row)
                claims.append(
                    make_claim(
                        ("holds", direction, label, activation),
                        f"{short_name(label)} holds the {direction} signal of {activation} through "
                        f"{row['depth']} layers.",
                        source=HE if label == "he_normal" else GLOROT,
                        predicted="between -1 and 1 powers of ten over all hidden layers",
                        measured=measured,
                        verdict=within(measured, -DECADE, DECADE),
                        figure="factors",
                        query=over_layers(direction, int(row["depth"])),
                    )
                )
    return claims


def fixed_gaussians(grid: pd.DataFrame) -> list[tuple[str, float]]:
    """Returns the labels of Gaussians of fixed deviation, with their weight variance."""
    if "width" not in grid or grid.empty:
        return []
    width = int(grid["width"].iloc[0])
    labels = sorted(set(grid["initializer"]), key=initializer_order)
    found = [(label, weight_variance(label, width)) for label in labels if label[:7] == "normal("]
    return [(label, variance) for label, variance in found if variance is not None]


def claims_on_fixed_gaussians(
    grid: pd.DataFrame, factors: pd.DataFrame, start: pd.DataFrame
) -> list[Claim]:
    """Too small vanishes, too large explodes or saturates, and depth makes it worse."""
    claims = []
    for label, variance in fixed_gaussians(grid):
        for activation, slope in (("relu", 0.5), ("tanh", 1.0)):
            if activation == "tanh" and variance > 1:
                claims += saturates(grid, start, label)
            for direction in DIRECTIONS:
                if activation == "tanh" and variance > 1 and direction == "forward":
                    continue
                row = deepest(
                    factors, activation=activation, initializer=label, direction=direction
                )
                if row is not None and variance * slope != 1:
                    claims.append(runs_away(row, variance * slope > 1))
        claims += worse_with_depth(grid, start, label)
    return claims


def runs_away(row: "pd.Series[Any]", grows: bool) -> Claim:
    """Returns the claim that a signal vanishes, or that it explodes."""
    measured = decades(row)
    label, activation, direction = row["initializer"], row["activation"], row["direction"]
    return make_claim(
        ("explodes" if grows else "vanishes", direction, label, activation),
        f"{short_name(label)}: the {direction} signal of {activation} "
        f"{'explodes' if grows else 'vanishes'} over {row['depth']} layers.",
        source="S, variances neither too large nor too small; Gaussians of 0.005 and 0.01; O, "
        "they vanish with depth",
        predicted="above 1 power of ten" if grows else "below -1 power of ten",
        measured=measured,
        verdict=above(measured, DECADE) if grows else below(measured, -DECADE),
        figure="factors",
        query=over_layers(direction, int(row["depth"])),
    )


def saturates(grid: pd.DataFrame, start: pd.DataFrame, label: str) -> list[Claim]:
    """Returns the claim that large weights drive tanh into its flat parts."""
    runs = select(grid, activation="tanh", initializer=label)
    flat = hidden(runs, start).groupby("run_id")["saturated_fraction"].mean()
    if (share := by_seed(runs, flat)).empty:
        return []
    return [
        make_claim(
            ("saturates", label, "tanh"),
            f"{short_name(label)} saturates tanh: most activations lie where its slope is below a "
            "twentieth.",
            source="S, variances neither too large nor too small; O, cs231n 2017, lecture 6: ten "
            "layers of 1.0 * randn",
            predicted="above 0.5; 0.84 for a deviation of 1 at width 128",
            measured=seed_interval(share),
            verdict=above(seed_interval(share), 0.5),
            figure="factors",
            query="step 0: mean of saturated_fraction over hidden layers and depths; mean over "
            "seeds",
        )
    ]


def worse_with_depth(grid: pd.DataFrame, start: pd.DataFrame, label: str) -> list[Claim]:
    """Returns the claim that the last hidden layer strays farther in a deeper network."""
    runs = select(grid, initializer=label, activation="relu")
    rows = hidden(runs, start)
    rows = rows[(rows[FORWARD] > 0) & np.isfinite(rows[FORWARD])]
    ends = rows.sort_values("layer").groupby("run_id").agg(
        first=(FORWARD, "first"), last=(FORWARD, "last"), layer=("layer", "last")
    )  # fmt: skip
    away = (np.log10(ends["last"]) - np.log10(ends["first"])).abs()
    reached = runs["run_id"].map(ends["layer"]) == runs["depth"] - 1
    depths = [depth for depth, whole in reached.groupby(runs["depth"]) if whole.all() and depth > 2]
    if len(depths) < 2:
        return []
    shallow, deep = depths[0], depths[-1]
    more = by_seed(select(runs, depth=deep), away) - by_seed(select(runs, depth=shallow), away)
    measured = seed_interval(more.dropna())
    return [
        make_claim(
            ("worse-with-depth", label),
            f"{short_name(label)} with relu strays farther at depth {deep} than at {shallow}.",
            source="S, the problem worsens with depth",
            predicted="above 0",
            measured=measured,
            verdict=above(measured, 0.0),
            figure="profiles-forward",
            query=f"step 0: |log10 of {FORWARD}, last hidden layer over the first|, depth {deep} "
            f"less depth {shallow}, seed by seed (deepest networks whose signal float32 holds)",
        )
    ]
