"""What a trained network answers on the test part when images, units or masks are changed."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from initlab.measure.only_if import only_if
from initlab.measure.probing import kept_units, moved
from initlab.models import Parameters, Pass
from initlab.models.passing import Statistics
from initlab.spec.measure import Probe
from initlab.train.keys import PROBE, purpose_key
from initlab.train.state import Images, Measurement, Numbers
from initlab.train.task import Task

DIRECTIONS = ((0, 1), (0, -1), (1, 0), (-1, 0))
DRAWS = 4  # of the units that are removed
PIXELS = (0, 1, 2, 3)
SHARES = tuple(tenth / 10 for tenth in range(10))
DROPPED = (0, 1)


class Kept(NamedTuple):
    """What is stored of a probe: the array's name, and by how much each of its changes is."""

    array: str
    changes: tuple[float, ...]


PROBES: dict[Probe, Kept] = {
    "shifts": Kept("shifted_accuracy", PIXELS),
    "removals": Kept("removed_accuracy", SHARES),
    "dropout": Kept("dropped_accuracy", DROPPED),
}


def probed(
    task: Task,
    parameters: Parameters,
    statistics: Statistics,
    numbers: Numbers,
    images: Images,
    end: Array,
) -> Measurement:
    """Returns the test accuracies that the specification asks for, one a change of each probe.

    Args:
        task: what the runs of the signature have in common.
        parameters: of the network.
        statistics: what batch normalization divides by.
        numbers: of the run.
        images: of the data set.
        end: whether this is the last step; NaN elsewhere.
    """

    def accuracy(pixels: Array, own: Parameters, key: Array | None = None) -> Array:
        passing = Pass(statistics=statistics, key=key)
        logits = task.network.passed(own, task.scaled(pixels, numbers), passing)
        return task.losses(logits, images.test_labels)[1]

    key = purpose_key(numbers["seed"], PROBE)
    makers: dict[Probe, Callable[[], Array]] = {
        "shifts": lambda: _shifted(images.test, lambda x: accuracy(x, parameters)),
        "removals": lambda: _removed(task, parameters, key, lambda own: accuracy(images.test, own)),
        "dropout": lambda: jnp.stack(
            [accuracy(images.test, parameters), accuracy(images.test, parameters, key)]
        ),
    }
    return {
        PROBES[name].array: only_if(
            end, makers[name], [str(one) for one in PROBES[name].changes], jnp.float32
        )
        for name in task.spec.probes
        if name in PROBES
    }


def _shifted(pixels: Array, accuracy: Callable[[Array], Array]) -> Array:
    """Returns the accuracy by pixels that images are moved, mean over the four directions."""
    by = np.array([[d * np.array(way) for way in DIRECTIONS] for d in PIXELS[1:]], np.int32)
    still = np.zeros((1, 2), np.int32)
    every = jnp.asarray(np.concatenate([still, by.reshape(-1, 2)]))
    found = jax.lax.map(lambda one: accuracy(moved(pixels, one, most=max(PIXELS))), every)
    return jnp.concatenate([found[:1], found[1:].reshape(len(PIXELS) - 1, -1).mean(axis=1)])


def _removed(
    task: Task, parameters: Parameters, key: Array, accuracy: Callable[[Parameters], Array]
) -> Array:
    """Returns the accuracy by share of the units removed, mean over draws of which."""
    draws = jnp.repeat(jnp.arange(DRAWS), len(SHARES))
    shares = jnp.tile(jnp.asarray(SHARES, jnp.float32), DRAWS)

    def one(change: tuple[Array, Array]) -> Array:
        draw, share = change
        return accuracy(without_units(task, parameters, jax.random.fold_in(key, draw), share))

    found: Array = jax.lax.map(one, (draws, shares))
    return found.reshape(DRAWS, -1).mean(axis=0)


def without_units(task: Task, parameters: Parameters, key: Array, share: Array) -> Parameters:
    """Returns the parameters with a share of the units of every hidden layer removed.

    Their incoming weights and biases are zero: they answer every image alike, with zero where
    the nonlinearity has zero at zero.

    Args:
        task: whose network it is.
        parameters: of the network.
        key: of the choice.
        share: from 0 to 1.
    """
    network = task.network
    last = max(stack.numbers[-1] for stack in network.stacks)
    changed = []
    for stack, arrays in zip(network.stacks, network.layers(parameters), strict=True):
        if stack.numbers[-1] == last:
            changed.append(arrays)
            continue
        own = jax.random.fold_in(key, stack.numbers[0])
        layers, units = arrays["bias"].shape
        kept = kept_units(own, layers, units, share)

        def masked(array: Array, kept: Array = kept) -> Array:
            between = (1,) * (array.ndim - 2)
            return array * kept.reshape(kept.shape[0], *between, kept.shape[1])

        changed.append({name: masked(array) for name, array in arrays.items()})
    return network.with_layers(parameters, tuple(changed))
