"""Which runs: selected by fields, the grid without its cases, and what tells trials apart."""

from collections.abc import Callable, Collection
from typing import Any

import pandas as pd

from initlab.analysis.names import READOUT, activation_order, initializer_order
from initlab.store.query import Results

LEADING = ("activation", "depth", "initializer")
# What a run is, or where it was made, and not what was asked of it.
NOT_ASKED = frozenset(
    {
        "run_id",
        "trial_id",
        "group_id",
        "seed",
        "status",
        "diverged_at_step",
        "first_nonfinite_layer",
        "first_nonfinite_direction",
        "scheme_passes",
        "checkpoint_sha256",
        "device",
    }
)
INPUTS = ("standardized", "centred", "unit", "raw")
USUAL = {"inputs": "standardized", "bias_initializer": "zeros"}


def select(results: Results | pd.DataFrame, **fields: Any) -> pd.DataFrame:
    """Returns the rows of `runs` whose fields have the given values.

    `select(results, activation="relu", depth=[5, 10])`; a collection means any of its values.

    Raises:
        ValueError: if a field is unknown.
    """
    runs = results if isinstance(results, pd.DataFrame) else results.runs
    if unknown := sorted(set(fields) - set(runs.columns)):
        raise ValueError(f"`runs` has no fields {unknown}; it has {sorted(runs.columns)}.")
    for name, value in fields.items():
        several = isinstance(value, Collection) and not isinstance(value, str)
        runs = runs[runs[name].isin(list(value) if several else [value])]
    return runs.reset_index(drop=True)


def grid_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of the product of initializers, activations and depths, without the cases.

    A run belongs to it if its inputs are standardized and its biases zero (in a sweep that has no
    such run: as most have them), its readout is drawn like the other layers, and its initializer
    occurs with more than one pair of activation and depth, where there is more than one. Where none
    does, the grid is the pair that has the most initializers, if that is more than one.
    """
    kept = runs
    for name, usual in USUAL.items():
        if name in kept and len(kept):
            value = usual if (kept[name] == usual).any() else kept[name].mode().iloc[0]
            kept = kept[kept[name] == value]
    if "readout_initializer" in kept:
        kept = kept[kept["readout_initializer"] == kept["initializer"]]
    pairs = kept[["initializer", "activation", "depth"]].drop_duplicates()
    if len(pairs[["activation", "depth"]].drop_duplicates()) > 1:
        counts = pairs["initializer"].value_counts()
        several = kept["initializer"].map(counts) > 1
        kept = kept[several] if several.any() else _largest_cell(kept)
    return kept.reset_index(drop=True)


def _largest_cell(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of the activation and depth that have the most initializers.

    None where each has one.
    """
    counts = runs.groupby(["activation", "depth"])["initializer"].transform("nunique")
    largest = runs[counts == counts.max()].iloc[0]
    cell = select(runs, activation=largest["activation"], depth=largest["depth"])
    return cell if counts.max() > 1 else runs.iloc[:0]


def name_readouts(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with a readout of another law named in `initializer`.

    `constant(value=0.05) + readout lecun_normal`: one name a trial, as figures need it.
    """
    other = runs["readout_initializer"] != runs["initializer"]
    named = runs["initializer"] + READOUT + runs["readout_initializer"]
    label = runs["initializer"].where(~other, named)
    return runs.assign(initializer=label, readout_initializer=label)


def trial_fields(runs: pd.DataFrame) -> list[str]:
    """Returns the fields that tell these runs' trials apart: the leading three, and what varies."""
    fields = [name for name in LEADING if name in runs]
    for name in runs.columns:
        if name in NOT_ASKED or name in fields or name.endswith("_version"):
            continue
        same_law = name == "readout_initializer" and (runs[name] == runs["initializer"]).all()
        if not same_law and len(runs[name].unique()) > 1:
            fields.append(name)
    return fields


def in_order(table: pd.DataFrame, then: Collection[str] = ()) -> pd.DataFrame:
    """Returns the rows sorted by activation, depth, initializer in reading order, and `then`."""
    keys: dict[str, Callable[[Any], Any]] = {
        "activation": activation_order,
        "initializer": initializer_order,
        "inputs": lambda name: (INPUTS.index(name) if name in INPUTS else len(INPUTS), name),
        "bias_initializer": initializer_order,
    }

    def ranks(column: "pd.Series[Any]") -> "pd.Series[Any]":
        if column.name not in keys:
            return column
        present = sorted(column.unique(), key=keys[str(column.name)])
        return column.map({value: rank for rank, value in enumerate(present)}).astype(int)

    by = [name for name in (*LEADING, *then) if name in table]
    if not by or table.empty:
        return table.reset_index(drop=True)
    return table.sort_values(by, key=ranks, kind="stable").reset_index(drop=True)


def one_setting(runs: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Returns the runs of the most common setting of whatever varies beside the leading fields.

    Also what was held, in words; empty where nothing else varies.
    """
    held = []
    for name in trial_fields(runs):
        if name in (*LEADING, "readout_initializer", "trial_id"):
            continue
        value = runs[name].mode(dropna=False).iloc[0]
        runs = runs[runs[name] == value] if pd.notna(value) else runs[runs[name].isna()]
        held.append(f"{name.replace('_', ' ')} {value if pd.notna(value) else 'unset'}")
    return runs.reset_index(drop=True), ", ".join(held)


def middle_depth(runs: pd.DataFrame) -> int:
    """Returns the depth at the middle of the runs', the upper one of two; 0 without runs."""
    depths = sorted(set(runs["depth"]))
    return int(depths[len(depths) // 2]) if depths else 0


def few_runs(grid: pd.DataFrame, few: Collection[str]) -> pd.DataFrame:
    """Returns the runs of a few initializers and three activations at the middle depth.

    Of the initializers those among `few`; where none of them was run, the first in order.
    """
    present = [label for label in few if (grid["initializer"] == label).any()]
    if not present:
        present = sorted(set(grid["initializer"]), key=initializer_order)[: len(few)]
    some = sorted(set(grid["activation"]), key=activation_order)[:3]
    return select(grid, depth=middle_depth(grid), initializer=present, activation=some)


def hidden(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of `layers` of the runs' hidden layers."""
    rows = layers.merge(runs[["run_id", "depth"]], on="run_id")
    return rows[rows["layer"] < rows["depth"]]
