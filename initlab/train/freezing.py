"""Learning rates layer by layer, and layers that stay as they began."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from initlab.architectures.module_paths import Path
from initlab.models import Network, Parameters, at
from initlab.models.passing import Statistics
from initlab.spec.parameters import STATISTICS, layer_parameters
from initlab.spec.schema import RunSpec
from initlab.train.state import Numbers

# Added to a weight, it alone leaves every bit: 0.0 makes 0.0 of -0.0.
NO_UPDATE = -0.0


def rates_of_parameters(run: RunSpec, network: Network, rates: Array) -> Parameters:
    """Returns what multiplies the learning rate of each parameter, in shapes that broadcast.

    Args:
        run: any run of the signature.
        network: its model.
        rates: of each weight layer `(layer,)`.
    """
    tree: Parameters = jax.tree.map(lambda leaf: leaf, network.parameters)
    for path, layers in _layers_by_path(run).items():
        if path[-1] != STATISTICS:
            variable: Any = at(tree, path)
            own = rates[layers]
            more = len(variable.shape) - own.ndim
            variable.set_value(own.reshape(own.shape + (1,) * more))
    return tree


def multiplied(tree: Parameters, rates: Parameters) -> Parameters:
    """Returns updates times the rates of their layers, bit for bit no update where that is 0."""
    changed: Parameters = jax.tree.map(
        lambda leaf, rate: jnp.where(rate == 0, NO_UPDATE, rate * leaf).astype(leaf.dtype),
        tree,
        rates,
    )
    return changed


def of_trained_layers(gradient: Parameters, rates: Parameters) -> Parameters:
    """Returns a gradient that is zero in layers that do not learn: they are in no norm of it."""
    kept: Parameters = jax.tree.map(
        lambda leaf, rate: jnp.where(rate == 0, jnp.zeros_like(leaf), leaf), gradient, rates
    )
    return kept


def held_statistics(run: RunSpec, network: Network, numbers: Numbers, step: Array) -> Statistics:
    """Returns which batch normalizations divide by what they have, as `statistics` holds them.

    A frozen layer's does from the first step on where its checkpoint has statistics, else once the
    first batch has given it some.
    """
    held = []
    for path, layers in _layers_by_path(run).items():
        if path[-1] == STATISTICS:
            known = (step > 0) | (layers < numbers["known_statistics"])
            held.append((layers < numbers["frozen_layers"]) & known)
    structure = jax.tree.structure(network.statistics)
    return jax.tree.unflatten(structure, held)


def _layers_by_path(run: RunSpec) -> dict[Path, np.ndarray]:
    """Returns which weight layer, from 0, each array of the model is of; `(copy,)` if several."""
    found: dict[Path, list[int]] = {}
    single: set[Path] = set()
    for number, layer in enumerate(layer_parameters(run)):
        for each in layer:
            found.setdefault(each.path, []).append(number)
            single |= {each.path} if each.copy is None else set()
    return {
        path: np.array(numbers[0] if path in single else numbers) for path, numbers in found.items()
    }
