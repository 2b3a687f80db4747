"""What the training loop knows of a model: its parameters, its weight layers and its sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from initlab.architectures.layers import Layer as Described
from initlab.architectures.module_paths import Path
from initlab.architectures.sizes import Sizes
from initlab.initializers.schemes.base import Layer, Visit, Visited
from initlab.models.passing import Activate, Observe, Pass, Statistics
from initlab.theory.unit_weights import unit_weights

type Parameters = nnx.State[Any, Any]


@dataclass(frozen=True)
class Stack:
    """Weight layers of one kernel shape, kept as one array.

    Attributes:
        path: the model's attributes, one inside another, that hold them.
        numbers: which weight layers they are in the order of the forward pass, from 1.
        kernel_shape: `(*window, in / groups, out)` of one of them.
        stacked: whether the arrays carry a leading layer axis.
        positions: how often the kernel is applied to an image.
        first_scale: the factor, before training, of the kernels that a law draws.
        groups: groups of channels that do not see each other, of a convolution.
    """

    path: Path
    numbers: tuple[int, ...]
    kernel_shape: tuple[int, ...]
    stacked: bool
    positions: int = 1
    first_scale: float = 1.0
    groups: int = 1

    @property
    def count(self) -> int:
        """How many layers."""
        return len(self.numbers)


@dataclass(frozen=True)
class Site:
    """A place where a tap sits.

    Attributes:
        layer: weight layers on the longest way to it, its own included.
        name: what it is called in tables.
        number: of the weight layer whose output it is, from 1; None of another output.
    """

    layer: int
    name: str
    number: int | None = None


@dataclass(frozen=True)
class Network:
    """A model taken apart: its structure, and the shapes of what the structure is filled with.

    Attributes:
        graphdef: the structure of the Flax module.
        parameters: shapes and types of the parameters, as the module holds them.
        stacks: the weight layers in the order of the forward pass.
        sites: the taps in the order of the forward pass.
        constants: parameters that no law draws, by path, with their first value.
        statistics: shapes of what batch normalization notes down in a pass.
        draws: whether a pass in training draws something.
        described: the architecture.
        image_shape: `(height, width, channel)` of the images.
        activation: the nonlinearity of layers that name none.
    """

    graphdef: nnx.GraphDef[Any]
    parameters: Parameters
    stacks: tuple[Stack, ...]
    sites: tuple[Site, ...]
    constants: Mapping[Path, float] = field(default_factory=dict)
    statistics: Statistics = ()
    draws: bool = False
    described: tuple[Described, ...] = ()
    image_shape: Sizes = ()
    activation: Activate | None = None

    def passed(self, parameters: Parameters, images: Array, passing: Pass) -> Array:
        """Returns the logits of images `(batch, height, width, channel)`; `passing` goes along."""
        logits: Array = nnx.merge(self.graphdef, parameters)(images, passing)
        return logits

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
        passing = Pass(slots, observe)
        logits = self.passed(parameters, images, passing)
        return logits, passing.seen

    def at_sites(self, rows: Array) -> Array:
        """Returns what is known of weight layers by site, NaN where a site is none's output.

        Args:
            rows: `(weight layer, statistic)`, stack by stack.
        """
        order = [number for stack in self.stacks for number in stack.numbers]
        wanted = [
            len(order) if site.number is None else order.index(site.number) for site in self.sites
        ]
        if wanted == list(range(len(order))):
            return rows
        return jnp.concatenate([rows, jnp.full_like(rows[:1], jnp.nan)])[jnp.array(wanted)]

    def layers(self, parameters: Parameters) -> tuple[Layer, ...]:
        """Returns the arrays of each stack of weight layers, always with a leading layer axis."""
        return tuple(
            {
                name: variable[...] if stack.stacked else variable[...][None]
                for name, variable in at(parameters, stack.path).items()
            }
            for stack in self.stacks
        )

    def with_layers(self, parameters: Parameters, layers: tuple[Layer, ...]) -> Parameters:
        """Returns the parameters with these arrays, in the form that `layers` gives them."""
        filled: Parameters = jax.tree.map(lambda leaf: leaf, parameters)
        for stack, arrays in zip(self.stacks, layers, strict=True):
            for name, array in arrays.items():
                variable: Any = at(filled, stack.path)[name]
                variable.set_value(array if stack.stacked else array[0])
        return filled

    def unit_weights(self) -> tuple[float, ...]:
        """Returns each layer's variance of weights, times fan-in, for outputs of variance 1.

        By theory, which takes the images to be independent numbers of mean 0 and variance 1. In the
        order of `layers`.

        Raises:
            ValueError: if nothing reaches a layer.
        """
        found = unit_weights(self.described, self.image_shape, self.activation)
        return tuple(found[number - 1] for stack in self.stacks for number in stack.numbers)

    def visit(self, parameters: Parameters, images: Array, visit: Visit) -> Visited:
        """Passes images through, each weight layer after `visit` changed it.

        Args:
            parameters: what `graphdef` is filled with.
            images: inputs `(batch, height, width, channel)`.
            visit: from a layer, and the function from it to its preactivation, to the changed
                layer, its preactivation, and an array.
        """
        model = nnx.merge(self.graphdef, parameters)
        passing = Pass(visit=visit)
        logits = model(images, passing)
        return Visited(nnx.state(model), jnp.concatenate(passing.visits), logits)


def at(tree: Any, path: Path) -> Any:
    """Returns what lies at a path of a tree of parameters."""
    return reduce(lambda branch, name: branch[name], path, tree)
