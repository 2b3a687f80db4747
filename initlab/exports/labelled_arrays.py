"""One labelled data set for xarray, as a Zarr store: run by step by site."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from initlab.report.text import one_line
from initlab.store.query import Results
from initlab.store.schema import PREDICTED, STEPS

STORE = "results.zarr"
_OF_STEPS = STEPS.names[2:]
_CHUNK = 256  # runs: a group has no more
_NO_LAYER = -1

type Array = npt.NDArray[Any]
type Variables = dict[str, tuple[tuple[str, ...], Array]]


class Extent(NamedTuple):
    """What the data set spans: all steps and sites of any run, and the longest layer's name."""

    steps: npt.NDArray[np.int64]
    num_sites: int
    name_length: int


def write_xarray(results: Results, folder: Path, statistics: Sequence[str]) -> None:
    """Writes `results.zarr`, to be opened with `xarray.open_zarr`.

    Dimensions are `run`, `step` and `site`, and `trial` of what theory predicts. Every column of
    `runs` is a coordinate of `run`; `layer` and `layer_name` are coordinates of run and site, -1
    and empty where a run has no such site. What was not measured is NaN. One group is written after
    another, so that they need not all fit into memory.
    """
    import xarray as xr

    extent = _extent(results)
    fields = {str(name): _of_one_kind(column) for name, column in results.runs.items()}
    place_of = {run_id: place for place, run_id in enumerate(results.runs["run_id"])}
    about = {"experiment": results.experiment, "results_digest": results.digest}
    path, first = str(folder / STORE), True
    for group_id in results.groups:
        if not (owned := results.owned(group_id)):
            continue
        rows = [place_of[run_id] for run_id in owned]
        coordinates: Variables = {
            "run" if name == "run_id" else name: (("run",), values[rows])
            for name, values in fields.items()
        }
        data = _by_step(results, owned, extent) | _by_site(results, owned, extent, statistics)
        coordinates |= {name: data.pop(name) for name in ("layer", "layer_name")}
        if not first:
            xr.Dataset(data, coordinates, about).to_zarr(path, append_dim="run", zarr_format=2)
            continue
        coordinates["step"] = (("step",), extent.steps)
        trials, predicted = _predicted(results, extent)
        whole = xr.Dataset(data | predicted, coordinates | trials, about)
        chunks = {
            name: {"chunks": (_CHUNK, *variable.shape[1:])}
            for name, variable in whole.variables.items()
            if variable.dims[0] == "run"
        }
        whole.to_zarr(path, mode="w", zarr_format=2, encoding=chunks)
        first = False


def _extent(results: Results) -> Extent:
    steps: set[int] = set()
    num_sites, longest = 0, 1
    for part in results.parts("steps"):
        steps |= set(part["step"].to_pylist())
    for part in results.parts("layers"):
        num_sites = max([num_sites, *(site + 1 for site in part["site"].unique().to_pylist())])
        longest = max([longest, *map(len, part["layer_name"].unique().to_pylist())])
    return Extent(np.array(sorted(steps), np.int64), num_sites, longest)


def _of_one_kind(column: "pd.Series[Any]") -> Array:
    """Returns a column as booleans, numbers with NaN for null, or clean text, empty for null."""
    whole = bool(column.notna().all())
    if whole and is_bool_dtype(column):
        return column.to_numpy(np.bool_)
    if is_numeric_dtype(column) and not is_bool_dtype(column):
        counts = whole and is_integer_dtype(column)
        return column.astype("int64" if counts else "float64").to_numpy()
    return np.array(["" if pd.isna(value) else one_line(str(value)) for value in column], np.str_)


def _by_step(results: Results, owned: Sequence[str], extent: Extent) -> Variables:
    """Returns the columns of `steps` by run and step."""
    table = results.read_steps(run_ids=owned)
    place = _places(table, owned, extent)
    shape = (len(owned), len(extent.steps))
    return {name: (("run", "step"), _spread(table[name], place, shape)) for name in _OF_STEPS}


def _by_site(
    results: Results, owned: Sequence[str], extent: Extent, statistics: Sequence[str]
) -> Variables:
    """Returns statistics of `layers` by run, step and site, and which layer lies at a site."""
    table = results.read_layers(
        ["run_id", "step", "site", "layer", "layer_name", *statistics], run_ids=owned
    )
    run, step = _places(table, owned, extent)
    site = table["site"].to_numpy()
    shape = (len(owned), len(extent.steps), extent.num_sites)
    found: Variables = {
        name: (("run", "step", "site"), _spread(table[name], (run, step, site), shape))
        for name in statistics
    }
    layer = np.full((len(owned), extent.num_sites), _NO_LAYER, np.int16)
    names = np.full(layer.shape, "", f"<U{extent.name_length}")
    layer[run, site], names[run, site] = table["layer"], table["layer_name"].map(one_line)
    return found | {
        "layer": (("run", "site"), layer),
        "layer_name": (("run", "site"), names),
    }


def _places(table: pd.DataFrame, owned: Sequence[str], extent: Extent) -> tuple[Array, Array]:
    """Returns where each row's run and step stand."""
    run = pd.Index(owned).get_indexer(pd.Index(table["run_id"]))
    return run, np.searchsorted(extent.steps, table["step"].to_numpy())


def _spread(values: "pd.Series[Any]", place: tuple[Array, ...], shape: tuple[int, ...]) -> Array:
    """Returns an array of NaN with the values in their places."""
    numbers = values.to_numpy()
    array = np.full(shape, np.nan, numbers.dtype)
    array[place] = numbers
    return array


def _predicted(results: Results, extent: Extent) -> tuple[Variables, Variables]:
    """Returns the trials that theory predicts, and the predictions by trial and site."""
    table = results.predictions
    trials = table["trial_id"].unique().astype(np.str_)
    place = (pd.Index(trials).get_indexer(pd.Index(table["trial_id"])), table["site"].to_numpy())
    shape = (len(trials), extent.num_sites)
    predicted: Variables = {
        f"predicted_{name}": (("trial", "site"), _spread(table[name], place, shape))
        for name in PREDICTED
    }
    return {"trial": (("trial",), trials)}, predicted
