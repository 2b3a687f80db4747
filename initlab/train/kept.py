"""What is kept of runs beside the tables: first kernels, histograms, probes, whole models."""

from collections.abc import Sequence

import numpy as np

from initlab.models import Parameters, at
from initlab.spec.schema import RunSpec
from initlab.train.named_arrays import Arrays, NamedArrays
from initlab.train.probes import PROBES
from initlab.train.program import BatchResult, Program
from initlab.train.state import NOT_DIVERGED


def first_kernels(
    program: Program,
    runs: Sequence[RunSpec],
    parameters: Parameters,
    slots: np.ndarray,
    when: str,
) -> Arrays:
    """Returns the first layer's kernel of each run, where the specification keeps it.

    Args:
        program: the runs' program.
        runs: of one batch.
        parameters: stacked on a leading axis.
        slots: where each run lies on that axis.
        when: part of the arrays' names.
    """
    if "first_kernel" not in program.run.measure.keep:
        return {}
    first = program.network.stacks[0]
    kernels = np.asarray(at(parameters, (*first.path, "kernel"))[...])[slots]
    kernels = kernels[:, 0] if first.stacked else kernels
    return {f"first_kernel_{when}/{run.run_id}": kernels[i] for i, run in enumerate(runs)}


def histograms(runs: Sequence[RunSpec], result: BatchResult) -> Arrays:
    """Returns each run's activation histograms `(first and last, site, bin)`, where kept."""
    if "histograms" not in result.measured:
        return {}
    kept = result.measured["histograms"]
    return {f"histograms/{run.run_id}": kept[i][[0, -1]] for i, run in enumerate(runs)}


def probes(runs: Sequence[RunSpec], result: BatchResult) -> Arrays:
    """Returns what each run answers to each probe `(change, by how much and accuracy)`."""
    return {
        f"{array}/{run.run_id}": np.stack(
            [np.asarray(changes, np.float32), result.measured[array][i, -1]], axis=1
        )
        for array, changes in PROBES.values()
        if array in result.measured
        for i, run in enumerate(runs)
    }


def checkpoints(runs: Sequence[RunSpec], result: BatchResult) -> dict[str, Arrays]:
    """Returns by run id the arrays of each run's model after training, where they are kept.

    A run that diverged has none: a checkpoint is one that can be started from.
    """
    if "checkpoint" not in runs[0].measure.keep:
        return {}
    named = NamedArrays(runs[0], result.parameters, result.statistics)
    return {
        run.run_id: {name: array.astype(np.float32) for name, array in named.of_run(slot).items()}
        for run, slot, diverged in zip(runs, result.slots.tolist(), result.diverged_at, strict=True)
        if diverged == NOT_DIVERGED
    }
