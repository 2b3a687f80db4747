"""The linear probe: what linear classifiers on each layer of a trained network come to."""

from collections.abc import Callable, Iterator, Sequence

import jax.numpy as jnp
import numpy as np

from initlab.architectures.cutting import meetings, up_to
from initlab.models.passing import Activate
from initlab.spec.architecture import layers_of
from initlab.spec.schema import RunSpec
from initlab.train.linear import KINDS, Labelled, fit_linear
from initlab.train.named_arrays import Arrays, NamedArrays
from initlab.train.program import BatchResult, Program
from initlab.train.state import NOT_DIVERGED
from initlab.train.trained import applied, flat

LINEAR = "linear"


def linear_probes(
    program: Program,
    runs: Sequence[RunSpec],
    result: BatchResult,
    function: Activate,
    tick: Callable[[int], None],
) -> Arrays:
    """Returns the test accuracies of linear classifiers on each hidden layer, where asked for.

    Args:
        program: the runs' program.
        runs: of one batch.
        result: of their training.
        function: their nonlinearity.
        tick: called with 0 after each run.

    Returns:
        `linear_accuracy/<run_id>`, `(layer, 2, 2, 2)`: as they are and rectified, all places and
        their mean, support vector machine and softmax. Layers are those of `meetings` but for the
        readout. A run that diverged has none.
    """
    if LINEAR not in runs[0].probes:
        return {}
    named = NamedArrays(runs[0], result.parameters, result.statistics)
    found: Arrays = {}
    ends = zip(runs, result.slots.tolist(), result.diverged_at.tolist(), strict=True)
    for run, slot, diverged in ends:
        if diverged == NOT_DIVERGED:
            arrays = {name: one.astype(np.float32) for name, one in named.of_run(slot).items()}
            rows = list(_layers(program, run, arrays, function))
            found[f"linear_accuracy/{run.run_id}"] = np.array(rows, np.float32)
        tick(0)
    return found


def _layers(
    program: Program, run: RunSpec, arrays: Arrays, function: Activate
) -> Iterator[list[list[list[float]]]]:
    """Yields the accuracies of one layer after the other."""
    layers, parts = layers_of(run), program.parts(run)
    shape = parts[0][0].shape[1:]
    for number in meetings(layers)[:-1]:
        raw = applied(up_to(layers, number, rectified=False), run, arrays, shape, function)
        maps = [(raw(images), labels) for images, labels in parts]
        after = [(np.asarray(function(jnp.asarray(one))), labels) for one, labels in maps]
        yield [
            [
                [
                    fit_linear(
                        kind, *(Labelled(flat(one, pooled=pooled), own) for one, own in form)
                    ).test_accuracy
                    for kind in KINDS
                ]
                for pooled in (False, True)
            ]
            for form in (maps, after)
        ]
