"""A layer that is visited: changed by what it makes of the inputs that reach it."""

from typing import Any

from flax import nnx
from jax import Array

from initlab.initializers.schemes.base import Layer, Visit


def visited(module: nnx.Module, x: Array, visit: Visit) -> tuple[Array, Array]:
    """Changes the parameters of `module` by `visit`; returns its preactivation and the array.

    Args:
        module: one weight layer, a function from `x` to its preactivation.
        x: what reaches it.
        visit: takes the layer's arrays by name, and the function from them to a preactivation.
    """
    structure, state = nnx.split(module)

    def preactivation(layer: Layer) -> Array:
        filled: Any = nnx.merge(structure, _as_state(state, layer))
        h: Array = filled(x)
        return h

    arrays = {str(name): variable[...] for name, variable in state.items()}
    layer, h, found = visit(arrays, preactivation)
    nnx.update(module, _as_state(state, layer))
    return h, found


def _as_state(state: Any, layer: Layer) -> Any:
    """Returns the state of a layer with these arrays."""
    return nnx.State({name: state[name].replace(array) for name, array in layer.items()})
