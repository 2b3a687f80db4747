"""What trained networks answer to probes: moved images, removed units, dropout that acts."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from initlab.analysis.arrays import Arrays
from initlab.analysis.guessing import chance
from initlab.analysis.over_seeds import average
from initlab.analysis.selection import trial_fields

SHIFTED, REMOVED, DROPPED = "shifted_accuracy", "removed_accuracy", "dropped_accuracy"


def probe_answers(runs: pd.DataFrame, arrays: Arrays, probe: str) -> pd.DataFrame:
    """Returns the test accuracies of a probe: one row a run and change.

    Args:
        runs: the runs that count; those that were not probed so are passed over.
        arrays: `results.arrays`: a run's id to its arrays.
        probe: `SHIFTED`, `REMOVED` or `DROPPED`.

    Returns:
        The columns of `runs`, `change`, and `value`; a run that diverged is a guess.
    """
    parts = []
    for run_id in runs["run_id"]:
        if (kept := arrays(str(run_id)).get(probe)) is not None:
            changes, values = kept.astype(np.float64).round(6).T
            parts.append(pd.DataFrame({"run_id": run_id, "change": changes, "value": values}))
    if not parts:
        return runs.iloc[:0].assign(change=np.nan, value=np.nan)
    return runs.merge(pd.concat(parts).fillna({"value": chance(runs)}), on="run_id")


def answer_at(answers: pd.DataFrame, change: float) -> "pd.Series[float]":
    """Returns the accuracy at one change, by run id."""
    found: pd.Series[float] = answers[answers["change"] == change].set_index("run_id")["value"]
    return found


def lost_at(answers: pd.DataFrame, change: float) -> "pd.Series[float]":
    """Returns how much accuracy is lost to a change, by run id."""
    return answer_at(answers, 0.0) - answer_at(answers, change)


def probe_table(answers: pd.DataFrame, probe: str, *, by: Collection[str]) -> pd.DataFrame:
    """Returns the mean over seeds of `probe_answers`: the columns of `average`.

    Args:
        answers: of one trial for each value of `by`.
        probe: what the statistic is called.
        by: columns that tell lines apart.
    """
    fields = list(dict.fromkeys([*trial_fields(answers), *by]))
    fields = [name for name in fields if name not in ("change", "value")]
    long = answers[[*fields, "seed", "run_id", "change", "value"]]
    long = long.assign(statistic=probe, diverged=False)
    return average(long, log=False).sort_values("change", kind="stable").reset_index(drop=True)
