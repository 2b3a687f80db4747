"""How much each layer moves: updates relative to the weights, by layer, over training."""

import numpy as np
import pandas as pd

from initlab.analysis.over_seeds import average
from initlab.analysis.selection import hidden, trial_fields

RATIO = "update_to_weight_ratio"
LEAST = float(np.finfo(np.float32).tiny)


def relative_updates(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns each run's updates relative to the weights, by hidden layer: `run_id`, `layer`, ...

    The geometric mean over the measured steps at which those of the first and of the last hidden
    layer are above 0. Where the first layer's are 0 whenever the last's are not, float32 could not
    hold them: they count as its least normal number, 1.2e-38, as does every 0 in between.

    Args:
        runs: the runs that count.
        layers: rows of the `layers` table with `update_to_weight_ratio`.

    Returns:
        Columns `run_id`, `layer`, `site` and `value`.
    """
    rows = hidden(runs, layers).dropna(subset=RATIO).astype({RATIO: "float64"})
    at = rows.set_index(["run_id", "step"])
    first, last = at["layer"] == 1, at["layer"] == at["depth"] - 1
    ends = pd.DataFrame({"first": at.loc[first, RATIO], "last": at.loc[last, RATIO]}).dropna()
    ends = ends[ends["last"] > 0]
    still = ends.groupby("run_id")["first"].transform("max") == 0
    used = ends.index[still | (ends["first"] > 0)]
    rows = rows[pd.MultiIndex.from_frame(rows[["run_id", "step"]]).isin(used)]
    log = rows.assign(value=np.log(rows[RATIO].clip(lower=LEAST)))
    mean = log.groupby(["run_id", "layer", "site"], sort=False)["value"].mean()
    return pd.DataFrame(np.exp(mean).reset_index())


def lower_layer_lag(runs: pd.DataFrame, updates: pd.DataFrame) -> "pd.Series[float]":
    """Returns log10 of the first hidden layer's relative update over the last's, by run id.

    Args:
        runs: the runs that count.
        updates: of `relative_updates`.
    """
    values = updates.set_index(["run_id", "layer"])["value"]
    depth = runs.set_index("run_id")["depth"]
    first = values.xs(1, level="layer") if len(values) else values.droplevel("layer")
    places = pd.MultiIndex.from_arrays([first.index, depth.reindex(first.index) - 1])
    last = values.reindex(places).to_numpy()
    lag: pd.Series[float] = np.log10(first / last)
    return lag


def update_profiles(runs: pd.DataFrame, updates: pd.DataFrame) -> pd.DataFrame:
    """Returns the geometric mean over seeds of `relative_updates`: one row a trial and layer.

    Returns:
        The trial's fields, `layer`, `site`, `statistic`, and the columns of `average`.
    """
    fields = trial_fields(runs)
    rows = updates.merge(runs[[*fields, "seed", "run_id"]], on="run_id")
    return average(rows.assign(statistic=RATIO, diverged=False), log=True)
