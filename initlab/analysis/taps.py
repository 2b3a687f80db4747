"""How even the weights of a filter are over its taps, told from the least and the greatest one."""

import numpy as np
import pandas as pd

from initlab.analysis.over_seeds import average
from initlab.analysis.selection import hidden, trial_fields

EVENNESS = "kernel_evenness"


def evenness(layers: pd.DataFrame) -> "pd.Series[float]":
    """Returns the one extreme of each kernel's weights over the other, that of greater magnitude.

    1 where all weights are equal, below 0 where some have another sign, at least -1; NaN for a
    kernel of zeros. Where filters and channels are copies it is of the taps alone.
    """
    low, high = (layers[name].astype("float64") for name in ("kernel_min", "kernel_max"))
    swapped = low.abs() > high.abs()
    most = low.where(swapped, high)
    return high.where(swapped, low) / most.where(most != 0)


def evenness_over_steps(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the evenness of the last hidden layer's kernel: one row a trial and step.

    Args:
        runs: the runs that count.
        layers: rows of the `layers` table with `kernel_min` and `kernel_max`.

    Returns:
        The trial's fields, `step`, `statistic` and the columns of `average`.
    """
    fields = trial_fields(runs)
    rows = hidden(runs, layers)
    rows = rows[rows["layer"] == rows["depth"] - 1]
    rows = rows[["run_id", "step"]].assign(value=evenness(rows))
    rows = rows[np.isfinite(rows["value"])]
    rows = rows.merge(runs[[*fields, "seed", "run_id"]], on="run_id")
    return average(rows.assign(statistic=EVENNESS, diverged=False), log=False)
