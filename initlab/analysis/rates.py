"""Learning rates: the largest at which training is stable, and what a larger one does at first."""

import numpy as np
import pandas as pd

from initlab.analysis.over_seeds import average
from initlab.analysis.weight_scales import SCALED

RATE, RISE = "largest_stable_rate", "early_rise"
SLACK = 1.1  # times its start, at which the loss of a stable run may end
EARLY = 4  # steps, within which an overshoot shows
MOST = 3.0  # powers of ten, at which a rise of the loss is cut; a run that diverged at once has it


def stable(runs: pd.DataFrame, records: pd.DataFrame) -> "pd.Series[bool]":
    """Tells, by run id, whether training was stable: its loss ends at most a tenth above its start.

    A network that nothing moves is stable too: its loss ends where batches scatter it.
    """
    losses = _losses(runs, records)
    ends = losses.loc[losses["step"] == losses["steps"]].set_index("run_id")["train_loss"]
    starts = losses.loc[losses["step"] == 0].set_index("run_id")["train_loss"]
    found: pd.Series[bool] = ends.reindex(runs["run_id"]) <= SLACK * starts.reindex(runs["run_id"])
    return found


def largest_stable_rates(runs: pd.DataFrame, is_stable: "pd.Series[bool]") -> pd.DataFrame:
    """Returns the largest learning rate that is stable, as are all smaller ones.

    Returns:
        A row a setting, initializer and seed: `SCALED`, `seed`, `value`; NaN where the least rate
        is not stable.
    """
    rows = []
    told = runs.assign(stable=runs["run_id"].map(is_stable).fillna(False).astype(bool))
    for key, of_it in told.groupby([*SCALED, "seed"], sort=False):
        ordered = of_it.sort_values("learning_rate")
        held = int(np.argmin([*ordered["stable"], False]))
        value = float(ordered["learning_rate"].iloc[held - 1]) if held else np.nan
        rows.append(dict(zip([*SCALED, "seed"], key, strict=True)) | {"value": value})
    return pd.DataFrame(rows, columns=[*SCALED, "seed", "value"])


def rate_table(rates: pd.DataFrame) -> pd.DataFrame:
    """Returns the geometric mean over seeds of `largest_stable_rates`, with its interval.

    `num_diverged` counts the seeds that even the least rate does not train stably.
    """
    long = rates.assign(statistic=RATE, run_id="", diverged=rates["value"].isna())
    return average(long, log=True)


def early_rise(runs: pd.DataFrame, records: pd.DataFrame) -> "pd.Series[float]":
    """Returns by how many powers of ten the loss first rises above its start, by run id.

    The highest loss of the first four steps over that before training; below 0 where it falls at
    once. A rise of more than 1,000, or to no number, counts as one of 1,000.
    """
    losses = _losses(runs, records)
    starts = losses.loc[losses["step"] == 0].set_index("run_id")["train_loss"]
    early = losses[losses["step"].between(1, EARLY)]
    highest = early["train_loss"].fillna(np.inf).groupby(early["run_id"]).max()
    broken = runs.loc[runs["diverged_at_step"].astype("float64") <= EARLY, "run_id"]
    with np.errstate(divide="ignore"):
        ratio = highest / starts.reindex(highest.index)
        rise = pd.Series(np.log10(ratio.to_numpy(np.float64)), index=ratio.index)
    rise = rise[starts.reindex(rise.index).notna()]
    lost = [run_id for run_id in broken if run_id in starts.dropna().index]
    rise = rise.reindex(list(dict.fromkeys([*rise.index, *lost])))
    rise[rise.index.isin(broken)] = MOST
    clipped: pd.Series[float] = rise.clip(-MOST, MOST).dropna()
    return clipped


def rise_by_rate(runs: pd.DataFrame, rise: "pd.Series[float]") -> pd.DataFrame:
    """Returns the mean over seeds of `early_rise` by learning rate: a row a setting and rate."""
    rows = runs[[*SCALED, "learning_rate", "seed", "run_id"]].assign(
        statistic=RISE, value=runs["run_id"].map(rise).astype("float64"), diverged=False
    )
    return average(rows.dropna(subset="value"), log=False)


def _losses(runs: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Returns the training loss of these runs by step."""
    rows = records[["run_id", "step", "train_loss"]].merge(runs[["run_id", "steps"]], on="run_id")
    return pd.DataFrame(rows)
