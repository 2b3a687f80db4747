"""What the runs of a sweep can be compared by: initializers on a grid, or one field at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from initlab.analysis.selection import grid_runs, one_setting, trial_fields

_PANELS = ("activation", "depth")  # what tells panels apart, and lines never


@dataclass(frozen=True)
class Comparison:
    """Runs that differ, beside activation and depth, in one field alone.

    Attributes:
        field: that field.
        held: where the other fields are held that vary in the sweep; empty where none does.
        runs: their rows of `runs`.
    """

    field: str
    held: str
    runs: pd.DataFrame


def comparisons(runs: pd.DataFrame) -> list[Comparison]:
    """Returns what can be compared: of a grid its initializers, else each field that varies.

    A grid holds most of a sweep's trials; a sweep of single products beside each other, or of
    several learning rates, has none. Each field is compared there in the setting of all others in
    which most of its values were run, of several in that which trained for the most steps. Where no
    two trials differ in one field alone, whole trials are compared.
    """
    grid, held = one_setting(grid_runs(runs))
    whole = len(runs["trial_id"].unique())
    if whole > 1 and 2 * len(grid["trial_id"].unique()) > whole:
        return [Comparison("initializer", held, grid)]
    if "readout_initializer" in runs:  # a readout that is drawn like the rest varies with it
        alike = runs["readout_initializer"] == runs["initializer"]
        runs = runs.assign(readout_initializer=runs["readout_initializer"].mask(alike, "same"))
    names = [name for name in trial_fields(runs) if name not in (*_PANELS, "measure")]
    varied = [name for name in names if len(runs[name].unique()) > 1]
    if not varied:
        return [Comparison("initializer", "", runs)]
    found = list(_by_field(runs, varied))
    return found or [Comparison("trial", "", _named(runs, varied))]


def _by_field(runs: pd.DataFrame, varied: Sequence[str]) -> Iterator[Comparison]:
    for name in varied:
        others = [other for other in varied if other != name]
        chosen = _widest(runs, name, others)
        if name != "steps" and len(chosen[name].unique()) > 1:
            yield Comparison(name, _setting(chosen.iloc[0], others), chosen)


def _named(runs: pd.DataFrame, varied: Sequence[str]) -> pd.DataFrame:
    """Returns the runs with a field `trial` that tells in words what varies."""
    return runs.assign(trial=[_setting(run, varied) for _, run in runs.iterrows()])


def _setting(run: "pd.Series[Any]", names: Sequence[str]) -> str:
    """Returns the values of some fields of a run in words, without those that it lacks."""
    known = [name for name in names if pd.notna(run[name])]
    return ", ".join(f"{name.replace('_', ' ')} {value_text(run[name])}" for name in known)


def _widest(runs: pd.DataFrame, name: str, others: list[str]) -> pd.DataFrame:
    """Returns the runs of the setting of other fields in which most values of one were run."""
    if not others:
        return runs
    setting = runs.groupby(others, dropna=False, sort=False).ngroup()
    found = pd.DataFrame(
        {
            "values": runs.groupby(setting)[name].nunique(dropna=False),
            "steps": runs.groupby(setting)["steps"].max(),
        }
    )
    best = found.sort_values(["values", "steps"], ascending=False, kind="stable").index[0]
    chosen: pd.DataFrame = runs[setting == best]
    return chosen.reset_index(drop=True)


def value_text(value: Any) -> str:
    """Returns the value of a field as text.

    >>> value_text(0.01), value_text(None)
    ('0.01', 'none')
    """
    if pd.isna(value):
        return "none"
    return format(value, ".12g") if isinstance(value, float) else str(value)
