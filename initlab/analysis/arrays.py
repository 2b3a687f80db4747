"""Kept arrays as tidy tables: histograms of activations, and the first layer's kernels."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from initlab.analysis.selection import in_order, trial_fields

type Arrays = Callable[[str], Mapping[str, npt.NDArray[Any]]]
LIMIT = 4.0
WHEN = ("first", "last")


def activation_histograms(
    runs: pd.DataFrame, layers: pd.DataFrame, arrays: Arrays, *, when: str = "first"
) -> pd.DataFrame:
    """Returns the kept histograms of activations: one row a run, layer and bin.

    Args:
        runs: the runs to show, usually one seed of a few trials.
        layers: the `layers` table, for each layer's root mean square.
        arrays: `results.arrays`: a run's id to its arrays.
        when: `first` step or `last`.

    Returns:
        The trial's fields, `seed`, `when`, `step`, `layer`, `site`, `bin_low`, `bin_high` (in units
        of the layer's root mean square), `share` of the entries (the outermost bins hold what lies
        beyond them) and `rms`, by which the limits are multiplied for an absolute axis. At the
        readout it is the preactivation. Of a diverged run the last histograms are left out.

    Raises:
        ValueError: if `when` is another word, or a run kept no histograms.
    """
    if when not in WHEN:
        raise ValueError(f"`when` must be one of {WHEN}, got {when!r}.")
    fields = trial_fields(runs)
    parts = []
    for _, run in runs.iterrows():
        if when == "last" and pd.notna(run["diverged_at_step"]):
            continue
        step = 0 if when == "first" else int(run["steps"])
        counts = _kept(arrays, str(run["run_id"]), "histograms")[WHEN.index(when)]
        rms = _root_mean_squares(layers, str(run["run_id"]), step)
        sites, bins = counts.shape
        edges = np.linspace(-LIMIT, LIMIT, bins + 1)
        part = pd.DataFrame(
            {name: run[name] for name in [*fields, "seed"]}, index=range(sites * bins)
        )
        part["when"], part["step"], part["site"] = when, step, np.repeat(np.arange(sites), bins)
        part["bin_low"], part["bin_high"] = np.tile(edges[:-1], sites), np.tile(edges[1:], sites)
        part["share"] = counts.reshape(-1).astype(np.float64)
        parts.append(part.merge(rms, on="site"))
    columns = ["seed", "when", "step", "layer", "site", "bin_low", "bin_high", "share", "rms"]
    whole = pd.concat(parts) if parts else pd.DataFrame(columns=[*fields, *columns])
    return in_order(whole[[*fields, *columns]], ["seed", "site", "bin_low"])


def first_kernels(
    runs: pd.DataFrame, arrays: Arrays, *, units: int | Sequence[int] = 8
) -> pd.DataFrame:
    """Returns the first layer's incoming weights, before and after training, as images.

    Args:
        runs: the runs to show; their inputs are square images of one channel.
        arrays: `results.arrays`.
        units: how many units, from the first on; or which.

    Returns:
        One row a weight: the trial's fields, `seed`, `when` (`before`, `after`), `unit`, `row`,
        `column` (of the image), `weight`. Of a diverged run there is no after.

    Raises:
        ValueError: if a run kept no kernels, or its inputs are no square.
    """
    fields = trial_fields(runs)
    chosen = range(units) if isinstance(units, int) else units
    parts = []
    for _, run in runs.iterrows():
        ended = pd.notna(run["diverged_at_step"])
        for when, name in (("before", "first_kernel_initial"), ("after", "first_kernel_final")):
            if ended and when == "after":
                continue
            kernel = _kept(arrays, str(run["run_id"]), name)
            kernel = kernel.reshape(-1, kernel.shape[-1])
            side = round(len(kernel) ** 0.5)
            if side * side != len(kernel):
                raise ValueError(f"{len(kernel)} inputs are no square image.")
            shown = [unit for unit in chosen if unit < kernel.shape[1]]
            place, row, column = np.indices((len(shown), side, side)).reshape(3, -1)
            unit = np.array(shown, int)[place]
            part = pd.DataFrame(
                {name: run[name] for name in [*fields, "seed"]}, index=range(unit.size)
            )
            part["when"], part["unit"], part["row"], part["column"] = when, unit, row, column
            parts.append(part.assign(weight=kernel.T[shown].reshape(-1).astype(np.float64)))
    columns = ["seed", "when", "unit", "row", "column", "weight"]
    whole = pd.concat(parts) if parts else pd.DataFrame(columns=[*fields, *columns])
    return in_order(whole[[*fields, *columns]])


def _kept(arrays: Arrays, run_id: str, name: str) -> npt.NDArray[Any]:
    """Returns an array of a run, or says that it was not kept."""
    kept = arrays(run_id)
    if name not in kept:
        raise ValueError(
            f"run {run_id!r} kept no {name!r}, only {sorted(kept)}; see `measure.keep`."
        )
    return kept[name]


def _root_mean_squares(layers: pd.DataFrame, run_id: str, step: int) -> pd.DataFrame:
    """Returns the root mean square of what a run's histograms count, by site."""
    rows = layers[(layers["run_id"] == run_id) & (layers["step"] == step)]
    after, before = rows["activation_second_moment"], rows["preactivation_second_moment"]
    readout = rows["layer"] == rows["layer"].max()
    return rows[["layer", "site"]].assign(rms=np.sqrt(before.where(readout, after)))


def kept_runs(runs: pd.DataFrame, arrays: Arrays, name: str = "histograms") -> pd.DataFrame:
    """Returns those of the runs that kept the arrays of this name."""
    return runs[[name in arrays(str(run_id)) for run_id in runs["run_id"]]]
