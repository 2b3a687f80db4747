"""Unit by unit: which are favoured to activate, by the inputs, the weights' mean and the biases."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import average, long_form
from initlab.analysis.profiles import layer_profiles
from initlab.analysis.selection import USUAL, grid_runs, hidden, in_order, select

SPREADS = ("positive_fraction", "positive_fraction_spread", "preactivation_unit_mean_spread")
NEURONS = ("preactivation_unit_mean_spread", "saturated_fraction")
INPUTS = {
    "standardized": "standardized inputs",
    "centred": "centred inputs",
    "unit": "inputs 0 to 1",
    "raw": "inputs 0 to 255",
}


def arm_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs beside the grid, with the grid's run that each is to be compared with.

    Returns:
        Rows of `runs` with a column `arm`: what is different about the run, in words.
    """
    grid = grid_runs(runs)
    beside = runs[~runs["run_id"].isin(grid["run_id"])]
    pairs = beside[["activation", "depth"]].drop_duplicates()
    varied = [name for name in USUAL if name in runs]
    other = (beside[varied] != pd.Series(USUAL)[varied]).any(axis=1)
    partners = grid.merge(pairs, on=["activation", "depth"])
    partners = partners[partners["initializer"].isin(beside.loc[other, "initializer"])]
    arms = pd.concat([partners, beside])
    return in_order(
        arms.assign(arm=[arm_name(row) for _, row in arms.iterrows()]),
        ["inputs", "bias_initializer", "seed"],
    )


def arm_name(run: "pd.Series[Any]") -> str:
    """Returns in words what tells a run from the usual one: inputs, bias, initializer."""
    inputs, bias = str(run.get("inputs", "")), str(run.get("bias_initializer", "zeros"))
    words = [short_name(str(run["initializer"]))]
    if inputs != USUAL["inputs"]:
        words.append(INPUTS.get(inputs, inputs))
    if bias != USUAL["bias_initializer"]:
        words.append(f"bias {short_name(bias)}")
    return ", ".join(words)


def unit_spreads(
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    *,
    statistics: Sequence[str] = SPREADS,
    steps: Collection[int] | None = (0,),
) -> pd.DataFrame:
    """Returns how unlike the units of each layer are: one row an arm, step, layer and statistic.

    Args:
        runs: from `arm_runs`, or any runs; without a column `arm` they are named by `arm_name`.
        layers: the `layers` table.
        statistics: which of its columns.
        steps: which steps; None for all.

    Returns:
        `arm`, then the columns of `layer_profiles`, for the hidden layers.
    """
    if "arm" not in runs:
        runs = runs.assign(arm=[arm_name(row) for _, row in runs.iterrows()])
    parts = [
        layer_profiles(
            select(runs, arm=arm).drop(columns="arm"), layers, statistics=statistics, steps=steps
        ).assign(arm=arm)
        for arm in dict.fromkeys(runs["arm"])
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table[table["layer"] < table["depth"]]
    return table[["arm", *(name for name in table.columns if name != "arm")]]


def favour(arms: pd.DataFrame, start: pd.DataFrame) -> pd.DataFrame:
    """Returns how far units' shares of positive preactivations lie from a half, in each run.

    `first` and `last` (hidden layer): the root mean square over units of share - 1/2, which is
    that of the layer's mean share and the spread about it; 0 where none is favoured, 1/2 where
    each is always on or always off. `share`: the mean share in the last.
    """
    rows = hidden(arms, start).sort_values("layer")
    away = np.hypot(rows["positive_fraction_spread"], rows["positive_fraction"] - 0.5)
    by_run = rows.assign(away=away, share=rows["positive_fraction"]).groupby("run_id")
    return by_run.agg(
        first=("away", "first"),
        last=("away", "last"),
        share=("share", "last"),
        spread=("positive_fraction_spread", "last"),
    )


def layer_means(
    runs: pd.DataFrame, start: pd.DataFrame, statistics: Sequence[str] = NEURONS
) -> pd.DataFrame:
    """Returns statistics of one step, each the mean over a network's hidden layers, by trial.

    Args:
        runs: the runs that count.
        start: the `layers` table of that step.
        statistics: which of its columns.

    Returns:
        The trial's fields, `step`, `statistic`, and the columns of `average`.
    """
    long = long_form(runs, start, statistics, steps=start["step"].unique().tolist())
    long = long[long["layer"] < long["depth"]].drop(columns=["layer", "site"])
    by = [name for name in long.columns if name not in ("value", "diverged")]
    mean = long.groupby(by, sort=False, dropna=False).agg(
        value=("value", lambda values: values.mean(skipna=False)), diverged=("diverged", "any")
    )
    return average(mean.reset_index(), log=False)
