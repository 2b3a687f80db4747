"""Symmetry between units: duplicates, cosines and ranks over steps, and when it is broken."""

import numpy as np
import pandas as pd

from initlab.analysis.over_seeds import average, long_form
from initlab.analysis.selection import in_order, trial_fields

SYMMETRY = ("duplicate_unit_fraction", "unit_cosine", "effective_rank", "kernel_gradient_rank")


def symmetry_over_steps(
    runs: pd.DataFrame, layers: pd.DataFrame, *, layer: int | None = None
) -> pd.DataFrame:
    """Returns how alike the units of a network are, over steps: one row a trial, step, statistic.

    Args:
        runs: the runs that count.
        layers: the `layers` table.
        layer: which one; by default the mean over the hidden layers of each run.

    Returns:
        The trial's fields, `step`, `statistic` (`duplicate_unit_fraction`, `unit_cosine`,
        `effective_rank`, `kernel_gradient_rank`), and the columns of `average`.
    """
    long = long_form(runs, layers, SYMMETRY)
    long = long[long["layer"] < long["depth"]] if layer is None else long[long["layer"] == layer]
    by = [name for name in long.columns if name not in ("layer", "site", "value", "diverged")]
    mean = long.groupby(by, sort=False, dropna=False).agg(
        value=("value", "mean"), diverged=("diverged", "any")
    )
    # A layer that is no number any more takes the mean of its run with it.
    mean.loc[mean["diverged"], "value"] = np.nan
    return average(mean.reset_index(), log=False)


def first_unlike_step(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the first measured step at which no hidden layer has duplicate units.

    Returns:
        One row a trial: its fields, `median`, `least` and `greatest` over the runs in which that
        happens (NaN where in none), `n` (how many they are), `num_runs`, `num_diverged`.
    """
    long = long_form(runs, layers, ["duplicate_unit_fraction"])
    long = long[(long["layer"] < long["depth"]) & np.isfinite(long["value"])]
    worst = long.groupby(["run_id", "step"])["value"].max().reset_index()
    first = worst[worst["value"] == 0].groupby("run_id")["step"].min()
    fields = trial_fields(runs)
    rows = []
    for key, group in runs.groupby(fields, sort=False, dropna=False):
        steps = group["run_id"].map(first).dropna()
        row = dict(zip(fields, key, strict=True))
        row |= {"median": steps.median(), "least": steps.min(), "greatest": steps.max()}
        row |= {"n": len(steps), "num_runs": len(group)}
        rows.append(row | {"num_diverged": int(group["diverged_at_step"].notna().sum())})
    columns = [*fields, "median", "least", "greatest", "n", "num_runs", "num_diverged"]
    return in_order(pd.DataFrame(rows, columns=columns))
