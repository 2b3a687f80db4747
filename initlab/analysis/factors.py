"""The factor per layer by which a signal grows or shrinks, forward and backward."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from initlab.analysis.intervals import interval
from initlab.analysis.over_seeds import long_form
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.selection import in_order, trial_fields

# Below ten times float32's least normal number a root mean square loses entries that became zero.
LEAST = (10 * float(np.finfo(np.float32).tiny)) ** 2
MIN_LAYERS = 2
DIRECTIONS = {"forward": FORWARD, "backward": BACKWARD}
VANISHED, EXPLODED = 0.1, 10.0


def layer_factor(layer: Sequence[float], moment: Sequence[float]) -> tuple[float, int]:
    r"""Returns the factor per layer of a profile, and how many layers it rests on.

    The factor is :math:`e^b`, `b` being the slope of the least-squares line of the logarithm of
    `moment` against `layer`, over the layers where it is finite and above 1e-74 (beneath which
    float32 holds the signal no more). With fewer than two such layers there is none: NaN.

    >>> layer_factor([1, 2, 3, 4], [8.0, 4.0, 2.0, 0.0])
    (0.5, 3)
    """
    x = np.asarray(layer, np.float64)
    y = np.asarray(moment, np.float64)
    there = np.isfinite(y) & (y > LEAST)
    used = int(there.sum())
    if used < MIN_LAYERS:
        return math.nan, used
    return math.exp(_slope(x[there], np.log(y[there]))), used


def layer_factors(runs: pd.DataFrame, layers: pd.DataFrame, *, step: int = 0) -> pd.DataFrame:
    """Returns the factor per layer of every trial, forward and backward.

    It is measured on the hidden layers (the readout has fans of its own), run by run, and then
    averaged geometrically over seeds. Backward means in the direction in which gradients travel: a
    factor of 0.5 halves their second moment from each layer to the one before it.

    Args:
        runs: the runs that count.
        layers: the `layers` table.
        step: at which step.

    Returns:
        One row a trial and direction: the trial's fields, `direction` (`forward`, `backward`),
        `step`, `factor`, `low`, `high`, `n` (seeds with a factor), `num_runs`, `num_diverged` (at
        any step), `num_gone` (runs of which fewer than two layers carry a finite signal that is
        not zero), `num_layers` (hidden layers), `least_layers_used`, `total` (the fitted
        factor over all hidden layers) and `fate`.
    """
    long = long_form(runs, layers, list(DIRECTIONS.values()), steps=(step,))
    long = long[long["layer"] < long["depth"]]
    fields = trial_fields(runs)
    by_run = [*fields, "statistic", "run_id"]
    rows = []
    for key, profile in long.groupby(by_run, sort=False, dropna=False):
        factor, used = layer_factor(profile["layer"].tolist(), profile["value"].tolist())
        record = dict(zip(by_run, key, strict=True))
        forward = record["statistic"] == FORWARD
        record["factor"] = factor if forward else 1.0 / factor
        zero = bool((profile["value"] == 0).any())
        beyond = len(profile) < int(profile["depth"].iloc[0]) - 1 or bool(
            profile["value"].isna().any()
        )
        rows.append(record | {"used": used, "zero": zero, "beyond": beyond})
    factors = pd.DataFrame(rows, columns=[*by_run, "factor", "used", "zero", "beyond"])
    ended = set(runs.loc[runs["diverged_at_step"].notna(), "run_id"])
    groups = factors.groupby([*fields, "statistic"], sort=False, dropna=False)
    table = pd.DataFrame(
        [
            dict(zip(fields, key, strict=False))
            | {"direction": "forward" if key[-1] == FORWARD else "backward", "step": step}
            | _summary(group, ended)
            for key, group in groups
        ],
        columns=[*fields, "direction", "step", *SUMMARY],
    )
    return in_order(table)


SUMMARY = (
    "factor",
    "low",
    "high",
    "n",
    "num_runs",
    "num_diverged",
    "num_gone",
    "num_layers",
    "least_layers_used",
    "total",
    "fate",
)


def fate(total: float, *, zero: bool = False, beyond: bool = False) -> str:
    """Returns what becomes of a signal: `vanishes`, `explodes`, `holds` or `unknown`.

    Args:
        total: by what its second moment is multiplied over the hidden layers.
        zero: whether it reaches exactly zero.
        beyond: whether layers hold no number. A signal that grows left the range of the numbers
            there; of one that shrinks nothing is known (a gradient behind a forward pass that
            overflowed).
    """
    if beyond:
        return "unknown" if total < 1.0 else "explodes"
    if total > EXPLODED:
        return "explodes"
    if zero or total < VANISHED:
        return "vanishes"
    return "holds" if math.isfinite(total) else "unknown"


def _summary(group: pd.DataFrame, ended: set[str]) -> dict[str, Any]:
    """Returns a trial's columns from those of its runs."""
    depth = int(group["depth"].iloc[0])
    centre, low, high, n = interval(group["factor"].to_numpy(np.float64), log=True)
    used = group["used"].to_numpy()
    total = math.exp(min(700.0, math.log(centre) * max(depth - 2, 0))) if n else math.nan
    return {
        "factor": centre,
        "low": low,
        "high": high,
        "n": n,
        "num_runs": len(group),
        "num_diverged": sum(run_id in ended for run_id in group["run_id"]),
        "num_gone": int((used < MIN_LAYERS).sum()),
        "num_layers": depth - 1,
        "least_layers_used": int(used.min()),
        "total": total,
        "fate": fate(total, zero=bool(group["zero"].any()), beyond=bool(group["beyond"].any())),
    }


def _slope(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
    """Returns the slope of the least-squares line."""
    centred = x - x.mean()
    return float(np.sum(centred * (y - y.mean())) / np.sum(centred**2))


def run_factors(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the factor per layer of each run's hidden layers: `run_id`, `forward`, `backward`.

    As `layer_factors` finds it, before the mean over seeds; NaN where fewer than two layers carry
    a signal.

    Args:
        runs: the runs that count.
        layers: the `layers` table of one step.
    """
    rows = layers.merge(runs[["run_id", "depth"]], on="run_id")
    rows = rows[rows["layer"] < rows["depth"]]
    found = []
    for run_id, profile in rows.groupby("run_id", sort=False):
        layer = profile["layer"].tolist()
        forward, _ = layer_factor(layer, profile[FORWARD].tolist())
        backward, _ = layer_factor(layer, profile[BACKWARD].tolist())
        found.append({"run_id": run_id, "forward": forward, "backward": 1.0 / backward})
    return pd.DataFrame(found, columns=["run_id", "forward", "backward"])
