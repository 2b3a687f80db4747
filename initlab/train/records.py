"""From measurements to records: squares in double precision, rows that were really measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from initlab.measure.site import COSTLY, MOMENTS, SHAPE
from initlab.measure.tap import BACKWARD
from initlab.measure.weights import KERNEL, SYMMETRY
from initlab.models import Site
from initlab.spec.schema import RunSpec
from initlab.train.program import BatchResult, Measured

type Columns = dict[str, Any]
STEP_COLUMNS = (
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "gradient_norm",
)


@dataclass(frozen=True)
class Outcome:
    """How a run ended, as columns of the `runs` table."""

    status: str
    diverged_at_step: int | None = None
    first_nonfinite_layer: int | None = None
    first_nonfinite_direction: str | None = None


@dataclass(frozen=True)
class Records:
    """The records of a batch of runs: one outcome a run, columns of `steps` and of `layers`."""

    outcomes: tuple[Outcome, ...]
    steps: Columns
    layers: Columns


def make_records(runs: Sequence[RunSpec], sites: Sequence[Site], result: BatchResult) -> Records:
    """Returns the records of a trained batch.

    A run that diverged has rows up to its divergence, that step included; a statistic that is
    not a finite number is null there.
    """
    measured = result.measured
    rows = measured_rows(measured["step"])
    outcomes = tuple(
        _outcome(sites, measured, run, int(diverged), rows[run])
        for run, diverged in enumerate(result.diverged_at)
    )
    run_of_row, _ = np.nonzero(rows)
    ids = np.array([run.run_id for run in runs])
    steps: Columns = {"run_id": ids[run_of_row], "step": measured["step"][rows].astype(np.int32)}
    steps |= {name: _finite(measured[name][rows]) for name in STEP_COLUMNS if name in measured}
    return Records(outcomes, steps, _layers(ids, sites, measured, rows))


def measured_rows(step: np.ndarray) -> np.ndarray:
    """Returns which rows of `(run, measured step)` stand for a step of their own.

    After a divergence the step stands still, and later measurements repeat the same one.
    """
    fresh = np.ones(step.shape, np.bool_)
    fresh[:, 1:] = step[:, 1:] > step[:, :-1]
    return fresh


def _layers(
    ids: np.ndarray, sites: Sequence[Site], measured: Measured, rows: np.ndarray
) -> Columns:
    """Returns the columns of the `layers` table, row by row of `steps`, site by site."""
    run_of_row, _ = np.nonzero(rows)
    number, num_sites = len(run_of_row), len(sites)
    columns: Columns = {
        "run_id": np.repeat(ids[run_of_row], num_sites),
        "step": np.repeat(measured["step"][rows].astype(np.int32), num_sites),
        "layer": np.tile(np.array([site.layer for site in sites], np.int16), number),
        "site": np.tile(np.arange(num_sites, dtype=np.int16), number),
        "layer_name": np.tile(np.array([site.name for site in sites]), number),
    }
    seen = (MOMENTS + SHAPE + COSTLY)[: measured["sites"].shape[-1]]
    arrays = [(seen, measured["sites"]), (BACKWARD, measured["backward"])]
    if "weights" in measured:
        arrays.append((KERNEL + SYMMETRY, measured["weights"]))
    for names, values in arrays:
        for index, name in enumerate(names):
            column, numbers = _column(name, values[..., index][rows].reshape(-1))
            columns[column] = _finite(numbers)
    return columns


def _column(name: str, values: np.ndarray) -> tuple[str, np.ndarray]:
    """Squares deviations and root mean squares, in double precision, under the square's name."""
    for root, square in (("_deviation", "_variance"), ("_rms", "_second_moment")):
        if name.endswith(root):
            return name.removesuffix(root) + square, np.square(values.astype(np.float64))
    return name, values.astype(np.float32)


def _finite(values: np.ndarray) -> np.ma.MaskedArray[Any, Any]:
    """Returns the values with those that are not finite masked."""
    return np.ma.masked_invalid(values)


def _outcome(
    sites: Sequence[Site], measured: Measured, run: int, diverged_at: int, rows: np.ndarray
) -> Outcome:
    """Returns how a run ended, and where its first number that is not finite arose."""
    if diverged_at < 0:
        return Outcome("completed")
    last = np.flatnonzero(rows)[-1]
    forward = measured["sites"][run, last, :, MOMENTS.index("preactivation_rms")]
    backward = measured["backward"][run, last, :, BACKWARD.index("preactivation_gradient_rms")]
    if not np.isfinite(forward).all():
        site, direction = int(np.argmin(np.isfinite(forward))), "forward"
    elif not np.isfinite(measured["train_loss"][run, last]):
        site, direction = len(sites) - 1, "forward"
    else:
        faulty = np.flatnonzero(~np.isfinite(backward))
        site, direction = int(faulty[-1]) if len(faulty) else len(sites) - 1, "backward"
    return Outcome("diverged", diverged_at, sites[site].layer, direction)
