"""Runs that start from a checkpoint: its arrays in place of what was drawn."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from initlab.spec.parameters import layer_parameters
from initlab.spec.pretrained import Pretrained
from initlab.spec.schema import RunSpec
from initlab.spec.transfer import taken_layers
from initlab.train.controls import controlled
from initlab.train.named_arrays import NamedArrays

type Read = Callable[[RunSpec], Mapping[str, np.ndarray]]


def start_from_checkpoints(named: NamedArrays, runs: Sequence[RunSpec], read: Read) -> None:
    """Puts the arrays of each pretrained run's checkpoint in the place of those that were drawn.

    A control takes the place of kernels and biases. Normalizations then begin as they do in a
    network that nobody trained, for their channels mean something else.

    Args:
        named: the arrays of the runs, changed in place.
        runs: of one signature.
        read: from a run to the arrays of its checkpoint by the names of the run's model.
    """
    for index, run in enumerate(runs):
        law = run.initializer
        if not isinstance(law, Pretrained):
            continue
        own = read(run)
        layers = layer_parameters(run)[: len(taken_layers(run))]
        for number, layer in enumerate(layers, start=1):
            weights = [each for each in layer if each.is_weight]
            for each in layer if law.control == "none" else weights:
                values = own[each.name]
                if law.control != "none":
                    values = controlled(
                        law.control,
                        values.astype(np.float32),
                        seed=run.seed,
                        layer=number,
                        is_bias=each.path[-1] == "bias",
                    )
                named.put(each, index, values)
