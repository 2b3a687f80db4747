"""After training: frozen layers are what they were before it, bit for bit."""

from collections.abc import Sequence

from initlab.errors import GroupFailedError
from initlab.spec.parameters import STATISTICS
from initlab.spec.schema import RunSpec
from initlab.train.named_arrays import NamedArrays
from initlab.train.program import BatchResult


def require_frozen(runs: Sequence[RunSpec], before: NamedArrays, result: BatchResult) -> None:
    """Checks that the weights of frozen layers are, bit for bit, what they were before training.

    Raises:
        GroupFailedError: if they are not: the run did not do what it was asked to.
    """
    after = NamedArrays(runs[0], result.parameters, result.statistics)
    for index, (run, slot) in enumerate(zip(runs, result.slots.tolist(), strict=True)):
        for each in (each for layer in before.layers[: run.frozen_layers] for each in layer):
            trained = each.path[-1] != STATISTICS
            if trained and before.one(each, index).tobytes() != after.one(each, slot).tobytes():
                raise GroupFailedError(f"run {run.run_id}: frozen {each.name} has changed.")
