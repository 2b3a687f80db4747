"""Tables of arms of architectures: what each comes to, and where its signal goes."""

import numpy as np
import pandas as pd

from initlab.analysis.architecture_arms import SETTING, log_change
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import average
from initlab.analysis.profiles import VARIANCES
from initlab.analysis.selection import select


def as_panels(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs as figures take them: a net's name for the nonlinearity, one depth."""
    return runs.assign(activation=runs["net"], depth=0)


def accuracy_by_arm(best: pd.DataFrame, accuracy: "pd.Series[float]") -> pd.DataFrame:
    """Returns the mean over seeds of an accuracy, a row a net and arm: the columns of `average`.

    A run that diverged is in no mean and is counted.

    Args:
        best: of `architecture_arms.chosen`.
        accuracy: by run id.
    """
    ended = best["diverged_at_step"].notna()
    long = as_panels(best)[["activation", "depth", "arm", "seed", "run_id"]].assign(
        statistic="test_accuracy",
        value=best["run_id"].map(accuracy).astype("float64").mask(ended),
        diverged=ended,
    )
    return average(long, log=False)


def arms_to_read(
    runs: pd.DataFrame,
    best: pd.DataFrame,
    score: "pd.Series[float]",
    test: "pd.Series[float]",
    start: pd.DataFrame,
) -> pd.DataFrame:
    """Returns a row a net and arm, rounded for reading.

    Args:
        runs: of `with_arms`; tells whether the rate chosen stands at an end of the grid.
        best: of `chosen`.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
        test: the same of the test part.
        start: of `by_weight_layer`, at step 0.
    """
    changes = {name: log_change(start, statistic) for name, statistic in VARIANCES.items()}
    rows = []
    for (model, arm), of_it in best.groupby(SETTING, sort=False):
        grid = select(runs, model=model, arm=arm)
        one = of_it.iloc[0]
        rate = float(one["learning_rate"])
        row = {"net": one["net"], "arm": arm, "law": short_name(str(one["initializer"]))}
        row |= {"norm": str(one["norm"]).replace("_", " "), "rate": rate}
        row["at an end"] = _at_an_end(rate, grid, score)
        row |= {
            name: round(float(of_it["run_id"].map(values).mean()), 3)
            for name, values in (("validation", score), ("test", test))
        }
        row["diverged"] = int(of_it["diverged_at_step"].notna().sum())
        with np.errstate(invalid="ignore"):
            row |= {
                name: round(float(of_it["run_id"].map(values).mean()), 2)
                for name, values in changes.items()
            }
        rows.append(row)
    return pd.DataFrame(rows)


def _at_an_end(rate: float, grid: pd.DataFrame, score: "pd.Series[float]") -> str:
    """Tells whether a rate stands at an end of its grid; where all score alike none is better."""
    rates = grid["learning_rate"]
    by_rate = grid["run_id"].map(score).groupby(rates).mean()
    if len(by_rate) > 1 and by_rate.min() == by_rate.max():
        return "all alike"
    return "yes" if rate in (rates.min(), rates.max()) else "no"
