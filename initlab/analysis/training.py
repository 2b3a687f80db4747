"""Training: loss and accuracy over steps, what they come to, and how often it fails."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from initlab.analysis.guessing import with_guesses
from initlab.analysis.intervals import interval, wilson_interval
from initlab.analysis.over_seeds import average, long_form
from initlab.analysis.selection import in_order, select, trial_fields

CURVES = ("train_loss", "train_accuracy")
ACCURACIES = ("train_accuracy", "test_accuracy")


def training_curves(
    runs: pd.DataFrame,
    records: pd.DataFrame,
    *,
    statistics: Sequence[str] = CURVES,
    steps: Collection[int] | None = None,
) -> pd.DataFrame:
    """Returns loss and accuracy over steps: one row a trial, step and statistic.

    A loss is averaged geometrically, an accuracy arithmetically.

    Args:
        runs: the runs that count.
        records: the `steps` table.
        statistics: names of its columns.
        steps: which steps; None for the scheduled ones.

    Returns:
        The trial's fields, `step`, `statistic`, and the columns of `average`. A run that diverged
        is counted at every later step and is in no mean.
    """
    if steps is None:
        steps = scheduled_steps(runs, records)
    parts = []
    for log in (True, False):
        chosen = [name for name in statistics if (name.endswith(("_loss", "_norm"))) == log]
        if chosen:
            parts.append(average(long_form(runs, records, chosen, steps=steps), log=log))
    return in_order(pd.concat(parts), ["statistic", "step"])


def scheduled_steps(runs: pd.DataFrame, records: pd.DataFrame) -> set[int]:
    """Returns the steps at which these runs were to be measured, as far as their rows tell.

    The last row of a run that diverged is off the schedule: a mean there would be of that run
    alone. Its rows before are on it, and so are step 0 and the last of the run always.

    Args:
        runs: the runs that count.
        records: the `steps` or `layers` table; rows of other runs are passed over.
    """
    rows = records[["run_id", "step"]].merge(runs[["run_id", "diverged_at_step"]], on="run_id")
    ended = rows["diverged_at_step"].astype("float64") <= rows["step"]
    lasts = runs.loc[runs["diverged_at_step"].notna(), "steps"]
    return {*rows.loc[~ended | (rows["step"] == 0), "step"].tolist(), *lasts.tolist()}


def final_values(
    runs: pd.DataFrame, records: pd.DataFrame, *, statistics: Sequence[str] = ACCURACIES
) -> pd.DataFrame:
    """Returns what the runs come to at their last step: one row a trial and statistic.

    The same columns as `training_curves`. Diverged runs have no final value and are counted.
    """
    ends = runs[["run_id", "steps"]].rename(columns={"steps": "step"})
    finals = records.merge(ends, on=["run_id", "step"])
    parts = [
        training_curves(runs[runs["steps"] == last], finals, statistics=statistics, steps=(last,))
        for last in sorted(runs["steps"].unique().tolist())
    ]
    return in_order(pd.concat(parts), ["statistic"])


def divergence(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns how many runs of each trial diverged, with Wilson's interval of the rate.

    Returns:
        One row a trial: its fields, `num_diverged`, `rate`, `low`, `high`, `n` (runs) and
        `first_step`, the earliest divergence.
    """
    fields = trial_fields(runs)
    rows = []
    for key, group in runs.groupby(fields, sort=False, dropna=False):
        ended = group["diverged_at_step"].dropna()
        rate, low, high, n, _ = wilson_interval(len(ended), len(group))
        row = dict(zip(fields, key, strict=True))
        row |= {"num_diverged": len(ended), "rate": rate, "low": low, "high": high, "n": n}
        rows.append(row | {"first_step": int(ended.min()) if len(ended) else None})
    columns = [*fields, "num_diverged", "rate", "low", "high", "n", "first_step"]
    return in_order(pd.DataFrame(rows, columns=columns).astype({"first_step": "Int64"}))


def steps_to(
    runs: pd.DataFrame,
    records: pd.DataFrame,
    *,
    accuracy: float,
    statistic: str = "train_accuracy",
) -> pd.DataFrame:
    """Returns after how many steps each trial first reaches an accuracy.

    A step is known as finely as the schedule measures. The geometric mean (of step + 1, less 1) is
    over the runs that reach it; read it only together with `n` and `num_runs`.

    Args:
        runs: the runs that count.
        records: the `steps` table.
        accuracy: the target, between 0 and 1.
        statistic: which accuracy.

    Returns:
        One row a trial: its fields, `statistic`, `target`, `value`, `low`, `high`, `n` (runs that
        reach it), `num_runs`, `num_diverged`.
    """
    if not 0.0 <= accuracy <= 1.0:
        raise ValueError(f"`accuracy` must be between 0 and 1, got {accuracy}.")
    reached = records[records[statistic] >= accuracy].groupby("run_id")["step"].min()
    fields = trial_fields(runs)
    rows = []
    for key, group in runs.groupby(fields, sort=False, dropna=False):
        first = group["run_id"].map(reached).dropna().to_numpy(np.float64)
        value, low, high, n, _ = interval(first + 1.0, log=True)
        row = dict(zip(fields, key, strict=True)) | {"statistic": statistic, "target": accuracy}
        row |= {"value": value - 1.0, "low": low - 1.0, "high": high - 1.0, "n": n}
        row |= {"num_runs": len(group)}
        rows.append(row | {"num_diverged": int(group["diverged_at_step"].notna().sum())})
    counts = ["value", "low", "high", "n", "num_runs", "num_diverged"]
    return in_order(pd.DataFrame(rows, columns=[*fields, "statistic", "target", *counts]))


def final_accuracy(
    runs: pd.DataFrame, records: pd.DataFrame, *, statistic: str = "test_accuracy"
) -> "pd.Series[float]":
    """Returns each run's accuracy at its last step, by run id.

    A run that diverged answers no better than a guess and counts as one; one that was not measured
    at its last step has none.
    """
    ends = runs[["run_id", "steps"]].rename(columns={"steps": "step"})
    last = records.merge(ends, on=["run_id", "step"]).set_index("run_id")[statistic]
    values = last.astype("float64").reindex(runs["run_id"])
    return with_guesses(values, runs[runs["diverged_at_step"].notna()]).dropna()


def last_loss(runs: pd.DataFrame, records: pd.DataFrame) -> "pd.Series[float]":
    """Returns each run's training loss at its last step, by run id."""
    rows = records.merge(runs[["run_id", "steps"]], on="run_id")
    loss: pd.Series[float] = rows[rows["step"] == rows["steps"]].set_index("run_id")["train_loss"]
    return loss


def best_runs(grid: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of each activation's and depth's best initializer by final training loss.

    An initializer with a diverged run is never the best.
    """
    loss = last_loss(grid, records)
    runs = grid.assign(loss_at_end=grid["run_id"].map(loss))
    trials = runs.groupby(["activation", "depth", "initializer"])["loss_at_end"].agg(
        lambda values: values.mean(skipna=False)
    )
    trials = trials.dropna()
    best = trials.groupby(["activation", "depth"]).idxmin()
    keys = pd.MultiIndex.from_frame(runs[["activation", "depth", "initializer"]])
    return runs[keys.isin(list(best))].drop(columns="loss_at_end")


def shallow_best(grid: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of each activation's best initializer in the shallowest networks."""
    best = best_runs(grid, records)
    return best if best.empty else select(best, depth=int(best["depth"].min()))
