"""The squared error of a network's first output, read off the gradient of its logits."""

import pandas as pd

from initlab.analysis.over_seeds import average
from initlab.analysis.profiles import BACKWARD
from initlab.analysis.selection import trial_fields
from initlab.analysis.training import CLASSES

STATISTIC = "half_squared_error"
HALF_SQUARES = ((1 - 1 / CLASSES) ** 2 + (CLASSES - 1) / CLASSES**2) / 2  # of [.1 .1 ... .1]


def first_errors(runs: pd.DataFrame, start: pd.DataFrame) -> "pd.Series[float]":
    r"""Returns half the summed squared error of each run's first output, by run id.

    With cross-entropy the gradient of a batch's mean loss with respect to a logit is
    :math:`(p_{bk} - t_{bk}) / B`, so that the summed squared error of the probabilities is
    :math:`B^2` times the summed square of that gradient, which the readout's row holds.

    Args:
        runs: the runs that count; those of another loss have no number here.
        start: rows of the `layers` table, those of step 0 among them.
    """
    known = runs.loc[runs["loss"] == "cross_entropy", ["run_id", "depth", "batch_size"]]
    rows = start[start["step"] == 0].merge(known, on="run_id")
    readout = rows[rows["layer"] == rows["depth"]].set_index("run_id")
    error: pd.Series[float] = CLASSES * readout["batch_size"] ** 2 * readout[BACKWARD] / 2
    return error


def first_error_table(runs: pd.DataFrame, start: pd.DataFrame) -> pd.DataFrame:
    """Returns the geometric mean over seeds of `first_errors`: one row a trial.

    Returns:
        The trial's fields, `step` (0), `statistic` and the columns of `average`.
    """
    rows = runs[[*trial_fields(runs), "seed", "run_id"]]
    value = rows["run_id"].map(first_errors(runs, start)).astype("float64")
    rows = rows.assign(step=0, statistic=STATISTIC, value=value, diverged=value.isna())
    return average(rows[value.notna() | runs["diverged_at_step"].notna()], log=True)
