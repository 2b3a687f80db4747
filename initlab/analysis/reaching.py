"""After how many steps training reaches an accuracy, as the mean of several batches has it."""

import numpy as np
import pandas as pd

from initlab.analysis.over_seeds import average
from initlab.analysis.selection import trial_fields

REACHED = "steps_to_accuracy"


def steps_reaching(
    runs: pd.DataFrame, records: pd.DataFrame, *, accuracy: float, over: int
) -> "pd.Series[float]":
    """Returns the first measured step at which training accuracy is reached, by run id.

    One batch is a small sample: what has to reach it is the mean over the last measured steps,
    the untrained network's left out.

    Args:
        runs: the runs that count.
        records: the `steps` table.
        accuracy: the target, above 0 to 1.
        over: how many measured steps the mean is over; there are fewer at first.

    Returns:
        NaN for a run that never gets there.
    """
    rows = smoothed(records[records["run_id"].isin(runs["run_id"])], over=over)
    reached = rows[(rows["step"] > 0) & (rows["train_accuracy"] >= accuracy)]
    first = reached.groupby("run_id")["step"].min().astype("float64")
    found: pd.Series[float] = first.reindex(runs["run_id"])
    return found


def smoothed(records: pd.DataFrame, *, over: int) -> pd.DataFrame:
    """Returns the records with training accuracy as its mean over the last measured steps.

    The untrained network's, at step 0, stays as it is and is in no mean of a later step.

    Raises:
        ValueError: if `over` is below 1.
    """
    if over < 1:
        raise ValueError(f"`over` must be at least 1, got {over}.")
    rows = records.sort_values(["run_id", "step"], kind="stable").reset_index(drop=True)
    grouped = rows.groupby(["run_id", rows["step"] > 0])["train_accuracy"]
    mean = grouped.rolling(over, min_periods=1).mean().droplevel([0, 1])
    return rows.assign(train_accuracy=mean.reindex(rows.index))


def bounded(runs: pd.DataFrame, steps: "pd.Series[float]") -> "pd.Series[float]":
    """Returns log10 of the steps by run id; the last step, a lower bound, where none is enough."""
    last = runs.set_index("run_id")["steps"].astype("float64")
    found = steps.reindex(last.index).fillna(last)
    return pd.Series(np.log10(found.to_numpy(np.float64)), index=found.index)


def reaching_table(runs: pd.DataFrame, steps: "pd.Series[float]") -> pd.DataFrame:
    """Returns the geometric mean over seeds of the steps: the columns of `average`.

    A run that never gets there is in no mean; a trial of which none does has no row.
    """
    fields = list(dict.fromkeys([*trial_fields(runs), "seed", "run_id"]))
    long = runs[fields].assign(
        statistic=REACHED, value=runs["run_id"].map(steps).astype("float64"), diverged=False
    )
    return average(long.dropna(subset="value"), log=True)
