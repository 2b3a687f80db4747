"""Numbers of layers, one a layer in forward order, read off and put on to stacks of them."""

from collections.abc import Callable

import jax.numpy as jnp
from jax import Array

from initlab.initializers.schemes.base import Layer


def mean_squares(layers: tuple[Layer, ...]) -> Array:
    """Returns the mean square of each layer's kernel, in single precision, `(layer,)`."""
    return _each(layers, lambda kernels: jnp.mean(kernels * kernels, axis=1))


def norms(layers: tuple[Layer, ...]) -> Array:
    """Returns the Euclidean norm of each layer's kernel, in single precision, `(layer,)`."""
    return _each(layers, lambda kernels: jnp.sqrt(jnp.sum(kernels * kernels, axis=1)))


def scaled(layers: tuple[Layer, ...], factors: Array, name: str = "kernel") -> tuple[Layer, ...]:
    """Returns the layers with each kernel, or what else `name` says, times its factor, `(layer,)`.

    Layers that have no array of this name stay as they are.
    """
    changed, first = [], 0
    for layer in layers:
        count = len(layer["kernel"])
        if name in layer:
            array = layer[name]
            own = factors[first : first + count].reshape(-1, *[1] * (array.ndim - 1))
            layer = layer | {name: (array * own).astype(array.dtype)}
        changed.append(layer)
        first += count
    return tuple(changed)


def _each(layers: tuple[Layer, ...], of: Callable[[Array], Array]) -> Array:
    """Returns a number of each kernel, `of` taking the flat kernels of a stack."""
    return jnp.concatenate([of(_flat(layer)) for layer in layers])


def _flat(layer: Layer) -> Array:
    """Returns a stack's kernels in single precision, `(layer, weight)`."""
    kernel = layer["kernel"]
    return kernel.reshape(len(kernel), -1).astype(jnp.float32)
