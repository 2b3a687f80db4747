"""Trainability: how deep networks still train, by weight variance, beside theory's depth scale."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from initlab.analysis.depth_scales import COLUMN
from initlab.analysis.guessing import with_guesses
from initlab.analysis.over_seeds import average, seed_interval

ACCURACY = "train_accuracy"
LEVEL = 0.5  # of accuracy
LATE = 0.75  # of the steps: accuracies from there on are averaged
CELL = [*COLUMN, "depth"]


def late_accuracy(runs: pd.DataFrame, records: pd.DataFrame) -> "pd.Series[float]":
    """Returns each run's training accuracy, mean of the steps measured in its last quarter.

    One batch is a small sample. A run that diverged counts as a guess.
    """
    rows = records.merge(runs[["run_id", "steps"]], on="run_id")
    late = rows[rows["step"] >= LATE * rows["steps"]]
    values = late.groupby("run_id")[ACCURACY].mean().astype("float64").reindex(runs["run_id"])
    return with_guesses(values, runs[runs["diverged_at_step"].notna()]).dropna()


def trainability(
    runs: pd.DataFrame, accuracy: "pd.Series[float]", scales: pd.DataFrame
) -> pd.DataFrame:
    """Returns the map: accuracy by activation, weight variance and depth, and what is drawn on it.

    Args:
        runs: one trial a cell.
        accuracy: of `late_accuracy`.
        scales: of `depth_scales`.

    Returns:
        `activation`, `initializer`, `depth`, `statistic`, the columns of `average`, those of
        `depth_scales`, and of each column of the map `frontier` with `frontier_low` and
        `frontier_high`.
    """
    ended = runs["diverged_at_step"].notna()
    long = runs[[*CELL, "seed", "run_id"]].assign(
        statistic=ACCURACY,
        value=runs["run_id"].map(accuracy).astype("float64").mask(ended),
        diverged=ended,
    )
    cells = average(long, log=False).merge(scales, on=list(COLUMN))
    found = frontiers(runs, accuracy)
    rows = []
    for column, of_it in found.groupby(list(COLUMN), sort=False):
        ends = seed_interval(of_it["frontier"], log=True)
        row = dict(zip(COLUMN, column, strict=True)) | {"frontier": ends.centre}
        rows.append(row | {"frontier_low": ends.low, "frontier_high": ends.high})
    return cells.merge(pd.DataFrame(rows), on=list(COLUMN))


def frontiers(runs: pd.DataFrame, accuracy: "pd.Series[float]") -> pd.DataFrame:
    """Returns how deep each column of the map trains, seed by seed.

    Returns:
        `activation`, `initializer`, `seed` and `frontier`, of `frontier_depth`.
    """
    scored = runs.assign(accuracy=runs["run_id"].map(accuracy).astype("float64"))
    rows = []
    for (*column, seed), of_it in scored.dropna(subset="accuracy").groupby([*COLUMN, "seed"]):
        by_depth = of_it.groupby("depth")["accuracy"].mean().sort_index()
        row = dict(zip(COLUMN, column, strict=True)) | {"seed": seed}
        rows.append(row | {"frontier": frontier_depth(list(by_depth.index), list(by_depth))})
    return pd.DataFrame(rows, columns=[*COLUMN, "seed", "frontier"])


def frontier_depth(
    depths: Sequence[float], accuracies: Sequence[float], level: float = LEVEL
) -> float:
    """Returns the depth at which accuracy first falls below `level`, going deeper.

    Between two depths the accuracy is a line in the logarithm of the depth. Where the shallowest
    network is below it that depth counts, and where none is the deepest.

    >>> frontier_depth([10, 40], [0.75, 0.25])
    20.0
    """
    below = [place for place, value in enumerate(accuracies) if value < level]
    if not below:
        return float(depths[-1])
    place = below[0]
    if place == 0:
        return float(depths[0])
    above, under = accuracies[place - 1], accuracies[place]
    share = (above - level) / (above - under)
    logs = math.log(depths[place - 1]), math.log(depths[place])
    return round(math.exp(logs[0] + share * (logs[1] - logs[0])), 9)


def depths_over_scale(found: pd.DataFrame, *, low: float, high: float) -> pd.DataFrame:
    """Returns over how many depth scales each column trains, where the map can tell.

    Only of columns whose six scales lie between `low` and `high`.

    Args:
        found: of `frontiers`, each row with the `xi` and `gradient_factor` of its column.
        low: least depth.
        high: greatest depth.

    Returns:
        The rows with `ratio`, and with `side`: `below` or `above` the critical point.
    """
    rows = found[(6 * found["xi"]).between(low, high)]
    side = np.where(rows["gradient_factor"] < 1, "below", "above")
    return rows.assign(ratio=rows["frontier"] / rows["xi"], side=side)
