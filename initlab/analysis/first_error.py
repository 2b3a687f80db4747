"""The squared error of a network's first output, read off the gradient of its logits."""

import pandas as pd

from initlab.analysis.guessing import num_outputs, outputs
from initlab.analysis.over_seeds import average
from initlab.analysis.profiles import BACKWARD
from initlab.analysis.selection import trial_fields

STATISTIC = "half_squared_error"


def half_squares(runs: pd.DataFrame) -> float:
    r"""Returns the number of equal probabilities between K classes, :math:`(1 - 1/K) / 2`.

    >>> half_squares(pd.DataFrame({"run_id": [0], "model": "mlp", "scale": "small",
    ...                            "dataset": "digits"}))
    0.45
    """
    return (1 - 1 / num_outputs(runs)) / 2


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
    known = known.assign(logits=known["run_id"].map(outputs(runs)))
    rows = start[start["step"] == 0].merge(known, on="run_id")
    readout = rows[rows["layer"] == rows["depth"]].set_index("run_id")
    summed = readout["logits"] * readout["batch_size"] ** 2 * readout[BACKWARD]
    error: pd.Series[float] = summed / 2
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
