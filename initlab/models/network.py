"""What the training loop knows of a model: its parameters, its weight layers and its sites."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
from flax import nnx
from jax import Array

from initlab.initializers.schemes.base import Layer, Visit

type Parameters = nnx.State[Any, Any]
type Observe = Callable[[Array, Array | None], Array]


@dataclass(frozen=True)
class Stack:
    """Consecutive weight layers of one kernel shape, kept as one array.

    Attributes:
        name: the model's attribute that holds them.
        count: how many layers.
        kernel_shape: `(*window, in, out)` of one of them.
        stacked: whether the arrays carry a leading layer axis.
        positions: how often the kernel is applied to an image.
    """

    name: str
    count: int
    kernel_shape: tuple[int, ...]
    stacked: bool
    positions: int = 1


@dataclass(frozen=True)
class Site:
    """A place where a tap sits; `layer` counts weight layers from 1."""

    layer: int
    name: str


@dataclass(frozen=True)
class Network:
    """A model taken apart: its structure, and the shapes of what the structure is filled with.

    Attributes:
        graphdef: the structure of the Flax module.
        parameters: shapes and types of the parameters, as the module holds them.
        stacks: the weight layers in the order of the forward pass.
        sites: the taps in the order of the forward pass.
    """

    graphdef: nnx.GraphDef[Any]
    parameters: Parameters
    stacks: tuple[Stack, ...]
    sites: tuple[Site, ...]

    def apply(
        self,
        parameters: Parameters,
        images: Array,
        slots: Array | None = None,
        observe: Observe | None = None,
    ) -> tuple[Array, Array | None]:
        """Returns the logits and, where `observe` is given, its result at every site.

        Args:
            parameters: what `graphdef` is filled with.
            images: inputs `(batch, height, width, channel)`.
            slots: `(site, statistic)` zeros; their gradients are the backward statistics.
            observe: a function of a site's preactivation and its activation, None at the readout.
        """
        model = nnx.merge(self.graphdef, parameters)
        logits, observations = model(images, slots, observe)
        return logits, observations

    def layers(self, parameters: Parameters) -> tuple[Layer, ...]:
        """Returns the arrays of each stack of weight layers, always with a leading layer axis."""
        return tuple(
            {
                name: variable[...] if stack.stacked else variable[...][None]
                for name, variable in parameters[stack.name].items()
            }
            for stack in self.stacks
        )

    def with_layers(self, parameters: Parameters, layers: tuple[Layer, ...]) -> Parameters:
        """Returns the parameters with these arrays, in the form that `layers` gives them."""
        filled: Parameters = jax.tree.map(lambda leaf: leaf, parameters)
        for stack, arrays in zip(self.stacks, layers, strict=True):
            for name, array in arrays.items():
                variable: Any = filled[stack.name][name]
                variable.set_value(array if stack.stacked else array[0])
        return filled

    def visit(
        self, parameters: Parameters, images: Array, visit: Visit
    ) -> tuple[Parameters, Array]:
        """Passes images through, each weight layer after `visit` changed it.

        Args:
            parameters: what `graphdef` is filled with.
            images: inputs `(batch, height, width, channel)`.
            visit: from a layer, and the function from it to its preactivation, to the changed
                layer, its preactivation, and an array.

        Returns:
            The changed parameters, and the arrays of all layers on a leading axis.
        """
        model = nnx.merge(self.graphdef, parameters)
        found = model.visit(images, visit)
        return nnx.state(model), found
