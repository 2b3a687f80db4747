"""Running one run of a sweep again, and holding what it measures against what was recorded."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from initlab.errors import StoreError
from initlab.spec.schema import RunSpec
from initlab.spec.sweep import Sweep
from initlab.store.folder import open_results
from initlab.store.query import Results, load_results
from initlab.worker import Orders, environment, work

CLOSE = 1e-3  # at step 0, of numbers that another machine's float32 sums in another order
_PLACES = {"steps": ["step"], "layers": ["step", "site"]}


@dataclass(frozen=True)
class Replayed:
    """What came of it.

    Attributes:
        numbers: how many were compared.
        faults: a sentence for each statistic that differs by more than it may.
        elsewhere: fields of the environment that are not those of the record, as sentences; with
            any, bits are not compared but the statistics of step 0, to a thousandth.
    """

    numbers: int
    faults: tuple[str, ...]
    elsewhere: tuple[str, ...]


def replay(sweep: Sweep, run: RunSpec, recorded: Results) -> Replayed:
    """Trains `run` by itself, in a folder that is removed again, and compares.

    Nothing of the run depends on those that it shared a program with, so its numbers are to be
    the same to the last bit where versions and device are.

    Args:
        sweep: the sweep that declares it.
        run: one of its runs.
        recorded: verified results that hold it.

    Raises:
        StoreError: if the run failed this time, with its message.
    """
    row = recorded.runs.set_index("run_id").loc[run.run_id]
    now = environment()
    elsewhere = tuple(
        f"{name.replace('_', ' ')} was {row[name]}, and is {value}"
        for name, value in now.items()
        if name in row and row[name] != value
    )
    with tempfile.TemporaryDirectory(prefix="initlab-replay-") as folder:
        orders = Orders(beside=recorded.path)
        again = _again(replace(sweep, runs=(run,)), Path(folder) / "results", orders)
        return _compared(run.run_id, recorded, again, elsewhere)


def _again(sweep: Sweep, folder: Path, orders: Orders) -> Results:
    open_results(folder, experiment=sweep.name, create=True)
    told: list[str] = []

    def listen(event: dict[str, object]) -> None:
        if "error" in event:
            told.append(str(event["error"]))

    if work(sweep, folder, listen, orders):
        raise StoreError(f"the run gave no result this time: {' '.join(told)}")
    return load_results(folder)


def _compared(
    run_id: str, recorded: Results, again: Results, elsewhere: tuple[str, ...]
) -> Replayed:
    faults: list[str] = []
    numbers = 0
    for name, place in _PLACES.items():
        old, new = (_rows(found, name, run_id, place) for found in (recorded, again))
        if elsewhere:
            old, new = (table[table.index.get_level_values("step") == 0] for table in (old, new))
        numbers += old.size
        faults += _differences(name, old, new, CLOSE if elsewhere else 0.0)
    return Replayed(numbers, tuple(faults), elsewhere)


def _rows(results: Results, name: str, run_id: str, place: list[str]) -> pd.DataFrame:
    read = results.read_steps if name == "steps" else results.read_layers
    table = read(run_ids=[run_id]).drop(columns="run_id").set_index(place).sort_index()
    return table.select_dtypes("number").astype("float64")


def _differences(
    name: str, old: pd.DataFrame, new: pd.DataFrame, tolerance: float
) -> Iterator[str]:
    """Yields a sentence for each column of which a number differs by more than it may."""
    if not old.index.equals(new.index):
        yield f"{name}: has {len(old)} rows, and run again {len(new)}"
        return
    for column in old.columns:
        before, after = old[column], new[column]
        same = (before == after) | (before.isna() & after.isna())
        room = tolerance * np.maximum(before.abs(), after.abs())
        close = ((before - after).abs() <= room) & np.isfinite(room)
        wrong = ~(same | close)
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            at = old.index[row]
            where = ", ".join(map(str, at if isinstance(at, tuple) else (at,)))
            yield (
                f"{name}: {int(wrong.sum())} of {len(wrong)} numbers of {column} differ, the first "
                f"at {where}: {float(before.iloc[row])!r}, "
                f"and run again {float(after.iloc[row])!r}"
            )
