"""Running one run of a sweep again, and holding what it measures against what was recorded."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from initlab.errors import StoreError
from initlab.spec.schema import RunSpec
from initlab.spec.sweep import Sweep
from initlab.store.folder import open_results
from initlab.store.query import Results, load_results
from initlab.worker import Orders, environment, work

type Arrays = dict[str, npt.NDArray[Any]]
type Floor = float | npt.NDArray[np.float64]

# At step 0 of another machine, whose float32 sums in another order. A sum of as many as 2^14
# products has a rounding error of 2^7 eps of their root mean square, and in depth relative errors
# add up: a thousandth is allowed. A mean of signed numbers may cancel to nearly nothing, and then
# keeps the rounding of what it is of: what is below it by 2^7 eps is equal.
CLOSE = 1e-3
CANCELLED = 2.0**7 * 2.0**-23
_PLACES = {
    "runs": ["run_id"],
    "steps": ["step"],
    "layers": ["step", "site"],
    "predictions": ["site"],
}
_OUTCOME = (
    "status",
    "diverged_at_step",
    "first_nonfinite_layer",
    "first_nonfinite_direction",
    "scheme_passes",
)
# Of a mean of signed numbers, the mean square of what it is the mean of; of a cosine 1.
_MEAN_SQUARES = {
    "preactivation_mean": "preactivation_second_moment",
    "activation_mean": "activation_second_moment",
    "kernel_mean": "kernel_variance",
}
_COSINES = ("batch_correlation", "unit_cosine")


@dataclass(frozen=True)
class Replayed:
    """What came of it.

    Attributes:
        numbers: how many were compared.
        faults: a sentence for each column or array that differs by more than it may.
        elsewhere: fields of the environment that are not those of the record, as sentences; with
            any, bits are not compared but the statistics of step 0 and the predictions, to a
            thousandth.
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
        if elsewhere and name == "runs":
            continue  # training amplifies what differs, until the one diverges and the other not
        old, new = (_rows(found, name, run_id, place) for found in (recorded, again))
        if elsewhere and "step" in place:
            old, new = (table[table.index.get_level_values("step") == 0] for table in (old, new))
        numbers += old.size
        faults += _differences(name, old, new, CLOSE if elsewhere else 0.0)
    if not elsewhere:
        for kind in ("arrays", "checkpoint"):
            before, after = (getattr(found, kind)(run_id) for found in (recorded, again))
            numbers += sum(array.size for array in before.values())
            faults += _array_differences(kind, before, after)
    return Replayed(numbers, tuple(faults), elsewhere)


def _rows(results: Results, name: str, run_id: str, place: list[str]) -> pd.DataFrame:
    """Returns what a table has of a run, and of its outcome what no other run has a part in."""
    match name:
        case "runs":
            own = results.runs[results.runs["run_id"] == run_id]
            table = own[["run_id", *(column for column in _OUTCOME if column in own)]]
        case "predictions":
            trial = results.runs.set_index("run_id").loc[run_id, "trial_id"]
            every = results.predictions
            table = every[every["trial_id"] == trial].drop(columns="trial_id")
        case _:
            read = results.read_steps if name == "steps" else results.read_layers
            table = read(run_ids=[run_id]).drop(columns="run_id")
    return table.set_index(place).sort_index()


def _differences(
    name: str, old: pd.DataFrame, new: pd.DataFrame, tolerance: float
) -> Iterator[str]:
    """Yields a sentence for each column of which a value differs by more than it may."""
    if not old.index.equals(new.index):
        yield f"{name}: has {len(old)} rows, and run again {len(new)}"
        return
    for column in old.columns:
        before, after = old[column], new[column]
        wrong = ~_same(before, after, tolerance, _floor(old, column) if tolerance else 0.0)
        if wrong.any():
            row = int(wrong.argmax())
            at = old.index[row]
            where = ", ".join(map(str, at if isinstance(at, tuple) else (at,)))
            what = "numbers" if pd.api.types.is_numeric_dtype(before) else "values"
            yield (
                f"{name}: {int(wrong.sum())} of {len(wrong)} {what} of {column} differ, the first "
                f"at {where}: {_shown(before.iloc[row])}, and run again {_shown(after.iloc[row])}"
            )


def _same(
    before: "pd.Series[Any]", after: "pd.Series[Any]", tolerance: float, floor: Floor
) -> npt.NDArray[np.bool_]:
    """Tells, value by value, what is the same: numbers within a relative and an absolute bound."""
    missing = (before.isna() & after.isna()).to_numpy(bool)
    if not (pd.api.types.is_numeric_dtype(before) and pd.api.types.is_numeric_dtype(after)):
        equal = before.astype("object") == after.astype("object")
        return missing | equal.to_numpy(bool, na_value=False)
    old, new = (one.astype("float64").to_numpy(np.float64) for one in (before, after))
    with np.errstate(invalid="ignore"):
        room = np.maximum(tolerance * np.maximum(np.abs(old), np.abs(new)), floor)
        close = (np.abs(old - new) <= room) & np.isfinite(room)
    return np.asarray(missing | (old == new) | close)


def _floor(table: pd.DataFrame, column: str) -> Floor:
    """Returns what a column's numbers may differ by where they cancelled to nearly nothing."""
    if column in _COSINES:
        return CANCELLED
    if (square := _MEAN_SQUARES.get(column)) is None or square not in table:
        return 0.0
    return CANCELLED * np.sqrt(table[square].fillna(0.0).to_numpy(np.float64))


def _array_differences(kind: str, old: Arrays, new: Arrays) -> Iterator[str]:
    """Yields a sentence for each kept array that has other bits."""
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            yield f"{kind}: {name} is there only {'as recorded' if name in old else 'run again'}"
        elif old[name].dtype != new[name].dtype or old[name].shape != new[name].shape:
            yield f"{kind}: {name} has another shape or type run again"
        elif old[name].tobytes() != new[name].tobytes():
            yield f"{kind}: {name} has other bits"


def _shown(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return "nothing"
    return repr(float(value)) if isinstance(value, np.number | float | int) else repr(value)
