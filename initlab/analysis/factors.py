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
MOST = float(np.finfo(np.float32).max) ** 2
MIN_LAYERS = 2
DIRECTIONS = {"forward": FORWARD, "backward": BACKWARD}
VANISHED, EXPLODED = 0.1, 10.0


def layer_factor(layer: Sequence[float], moment: Sequence[float]) -> tuple[float, int]:
    r"""Returns the factor per layer of a profile, and how many layers it rests on.

    The factor is :math:`e^b`, `b` being the slope of the least-squares line of the logarithm of
    `moment` against `layer`, over the layers where it is finite and above 1e-74 (beneath which
    float32 holds the signal no more). With fewer than two such layers there is none: NaN.

    >>> factor, layers = layer_factor([1, 2, 3, 4], [8.0, 4.0, 2.0, 0.0])
    >>> round(factor, 6), layers
    (0.5, 3)
    """
    x = np.asarray(layer, np.float64)
    y = np.asarray(moment, np.float64)
    there = carried(y)
    used = int(there.sum())
    if used < MIN_LAYERS:
        return math.nan, used
    return math.exp(slope_weights(x[there]) @ np.log(y[there])), used


def carried(moment: Any) -> Any:
    """Tells where numbers or a column are a signal that float32 holds: finite and above 1e-74."""
    return np.isfinite(moment) & (moment > LEAST)


def slope_weights(x: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Returns the weights with which a least-squares line's slope sums the values at `x`."""
    centred = np.asarray(x - x.mean(), np.float64)
    return np.asarray(centred / np.sum(centred**2))


def end_to_end(moment: Sequence[float], *, grows: bool) -> float:
    """Returns a profile's last number over its first, layers in the direction of travel.

    Beyond what float32 holds the ratio is a bound: where nothing is left at the last layer, 1e-74
    stands for it, so that the ratio is at most this; where a signal that grows overflowed, 1e77
    does, and the ratio is at least this.

    Args:
        moment: one number a layer; NaN where there is none.
        grows: whether the layers that hold a number grow.

    Returns:
        NaN where no signal starts, where one that does not grow has no number at the end (a
        gradient behind a forward pass that overflowed), and of a single layer.

    >>> end_to_end([8.0, 4.0, 2.0], grows=False)
    0.25
    """
    if len(moment) < MIN_LAYERS:
        return math.nan
    first, last = moment[0], moment[-1]
    if not (math.isfinite(first) and first > LEAST):
        return math.nan
    if math.isfinite(last):
        return max(last, LEAST) / first
    return MOST / first if grows else math.nan


def layer_factors(runs: pd.DataFrame, layers: pd.DataFrame, *, step: int = 0) -> pd.DataFrame:
    """Returns the factor per layer of every trial, forward and backward, and over all layers.

    Both are measured on the hidden layers (the readout has fans of its own), run by run, and then
    averaged geometrically over seeds. Backward means in the direction in which gradients travel: a
    factor of 0.5 halves their second moment from each layer to the one before it.

    Args:
        runs: the runs that count.
        layers: the `layers` table.
        step: at which step.

    Returns:
        One row a trial and direction: the trial's fields, `direction` (`forward`, `backward`),
        `step`, `factor`, `low`, `high`, `n` (seeds with a factor), `total`, `total_low`,
        `total_high`, `total_n` (the last hidden layer over the first, as `end_to_end` has it),
        `num_runs`, `num_diverged` (at any step), `num_gone` (runs of which fewer than two layers
        carry a finite signal that is not zero), `num_lost` (runs with no signal left at the last
        layer), `num_over` (runs whose growing signal has no number there any more), `num_layers`
        (hidden layers), `least_layers_used` and `fate`.
    """
    long = hidden_signals(runs, layers, step=step)
    fields = trial_fields(runs)
    by_run = [*fields, "statistic", "run_id"]
    measured = ["factor", "total", "used", "lost", "over", "unknown"]
    rows = [
        dict(zip(by_run, key, strict=True)) | _travel(profile, forward=key[-2] == FORWARD)
        for key, profile in long.groupby(by_run, sort=False, dropna=False)
    ]
    factors = pd.DataFrame(rows, columns=[*by_run, *measured])
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


def hidden_signals(runs: pd.DataFrame, layers: pd.DataFrame, *, step: int = 0) -> pd.DataFrame:
    """Returns the mean squares of both directions at the hidden layers, as `long_form` has them.

    No number are gradients behind outputs that are none: a rectifier's reads 0 there, and was
    never measured.
    """
    long = long_form(runs, layers, list(DIRECTIONS.values()), steps=(step,))
    blind = long["value"].isna() & (long["layer"] == long["depth"])
    gone = long["run_id"].isin(long.loc[blind, "run_id"]) & (long["statistic"] == BACKWARD)
    long["value"] = long["value"].mask(gone)
    return long[long["layer"] < long["depth"]]


SUMMARY = (
    "factor", "low", "high", "n", "total", "total_low", "total_high", "total_n", "num_runs",
    "num_diverged", "num_gone", "num_lost", "num_over", "num_layers", "least_layers_used", "fate",
)  # fmt: skip


def fate(total: float, *, lost: bool = False, unknown: bool = False) -> str:
    """Returns what becomes of a signal: `vanishes`, `explodes`, `holds` or `unknown`.

    Args:
        total: its second moment at the last hidden layer over that at the first; it holds between
            a tenth and ten.
        lost: whether nothing is left of it at the last layer.
        unknown: whether layers hold no number though it did not grow there.
    """
    if unknown:
        return "unknown"
    if lost or total < VANISHED:
        return "vanishes"
    if total > EXPLODED:
        return "explodes"
    return "holds" if math.isfinite(total) else "unknown"


def _travel(profile: pd.DataFrame, *, forward: bool) -> dict[str, Any]:
    """Returns what one run's signal does on its way over the hidden layers."""
    depth = int(profile["depth"].iloc[0])
    factor, used = layer_factor(profile["layer"].tolist(), profile["value"].tolist())
    factor = factor if forward else 1.0 / factor
    moment = profile.set_index("layer")["value"].reindex(range(1, depth)).tolist()
    moment = moment if forward else moment[::-1]
    total = end_to_end(moment, grows=factor >= 1)
    beyond = not all(map(math.isfinite, moment))
    return {
        "factor": factor,
        "total": total,
        "used": used,
        "lost": bool(moment) and moment[-1] <= LEAST and not beyond,
        "over": beyond and factor >= 1,
        "unknown": beyond and not factor >= 1,
    }


def _summary(group: pd.DataFrame, ended: set[str]) -> dict[str, Any]:
    """Returns a trial's columns from those of its runs."""
    centre, low, high, n, _ = interval(group["factor"].to_numpy(np.float64), log=True)
    total = interval(group["total"].to_numpy(np.float64), log=True)
    lost, unknown = bool(group["lost"].any()), bool(group["unknown"].any())
    return {
        "factor": centre,
        "low": low,
        "high": high,
        "n": n,
        **dict(zip(("total", "total_low", "total_high", "total_n"), total[:4], strict=True)),
        "num_runs": len(group),
        "num_diverged": sum(run_id in ended for run_id in group["run_id"]),
        "num_gone": int((group["used"] < MIN_LAYERS).sum()),
        "num_lost": int(group["lost"].sum()),
        "num_over": int(group["over"].sum()),
        "num_layers": int(group["depth"].iloc[0]) - 1,
        "least_layers_used": int(group["used"].min()),
        "fate": fate(total.centre, lost=lost, unknown=unknown),
    }


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
