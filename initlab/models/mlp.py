"""The multilayer perceptron: dense layers of one width, the hidden ones scanned."""

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.typing import DTypeLike

from initlab.measure.tap import gradient_tap
from initlab.models.layers import matrix_product, scan_layers
from initlab.models.network import Network, Observe, Parameters, Site, Stack


class MLP(nnx.Module):
    """Dense layers with a nonlinearity between them; `depth` counts the readout.

    The layers from the second to the last hidden one have one shape: their parameters are
    stacked on a leading axis, and the forward pass scans over it, so that the time to compile
    does not grow with depth.

    Args:
        inputs: number of input values, the image flattened.
        width: units of a hidden layer.
        depth: number of weight layers, at least 1.
        outputs: number of logits.
        activation: the nonlinearity.
        dtype: type of the parameters and of the computation.
        rngs: keys of the parameters' first values, which the lab replaces by its own.
    """

    def __init__(
        self,
        *,
        inputs: int,
        width: int,
        depth: int,
        outputs: int,
        activation: Callable[[Array], Array],
        dtype: DTypeLike,
        rngs: nnx.Rngs,
    ) -> None:
        def dense(fan_in: int, fan_out: int, rngs: nnx.Rngs) -> nnx.Linear:
            return nnx.Linear(
                fan_in,
                fan_out,
                dtype=dtype,
                param_dtype=dtype,
                dot_general=matrix_product,
                rngs=rngs,
            )

        self.activation = activation
        self.first = dense(inputs, width, rngs) if depth > 1 else None
        stacked: Any = nnx.vmap(lambda rngs: dense(width, width, rngs))
        self.hidden = stacked(rngs.split(depth - 2)) if depth > 2 else None
        self.readout = dense(width if depth > 1 else inputs, outputs, rngs)

    def __call__(
        self, images: Array, slots: Array | None = None, observe: Observe | None = None
    ) -> tuple[Array, Array | None]:
        """Returns the logits `(batch, outputs)` and the observations `(site, statistic)`."""
        x = images.reshape(len(images), -1)
        seen: list[Array] = []

        def activated(h: Array) -> tuple[Array, Array | None]:
            a = self.activation(h)
            return a, None if observe is None else observe(h, a)

        if self.first is not None:
            h = gradient_tap(self.first(x), None if slots is None else slots[0])
            if self.hidden is not None:
                own_slots = None if slots is None else slots[1:-1]
                h, many = self._hidden_layers(h, own_slots, activated)
                seen += [] if many is None else [many]
            x, last = activated(h)
            seen += [] if last is None else [last[None]]
        logits = gradient_tap(self.readout(x), None if slots is None else slots[-1])
        if observe is None:
            return logits, None
        return logits, jnp.concatenate([*seen, observe(logits, None)[None]])

    def _hidden_layers(
        self, h: Array, slots: Array | None, activated: Callable[[Array], Any]
    ) -> tuple[Array, Array | None]:
        """Returns the last hidden preactivations from the first, and the observations before it.

        Preactivations are what is kept: the backward pass computes the activations again, one
        cheap pass each, where storing them too would double what a step writes to memory.
        """
        structure, stacked = nnx.split(self.hidden)

        def layer(
            h: Array, layer_slice: tuple[Parameters, Array | None]
        ) -> tuple[Array, Array | None]:
            parameters, slot = layer_slice
            dense: Any = nnx.merge(structure, parameters)
            a, seen = activated(h)
            return gradient_tap(dense(a), slot), seen

        return scan_layers(layer, h, (stacked, slots))


def mlp_stacks(inputs: int, width: int, depth: int, outputs: int) -> tuple[Stack, ...]:
    """Returns the weight layers of an MLP in the order of the forward pass."""
    stacks = []
    if depth > 1:
        stacks.append(Stack("first", 1, (inputs, width), stacked=False))
    if depth > 2:
        stacks.append(Stack("hidden", depth - 2, (width, width), stacked=True))
    stacks.append(Stack("readout", 1, (width if depth > 1 else inputs, outputs), stacked=False))
    return tuple(stacks)


def build_mlp(
    *,
    image_shape: tuple[int, ...],
    width: int,
    depth: int,
    outputs: int,
    activation: Callable[[Array], Array],
    dtype: DTypeLike,
) -> Network:
    """Returns an MLP taken apart, without drawing any parameter."""
    inputs = math.prod(image_shape)
    model = nnx.eval_shape(
        lambda: MLP(
            inputs=inputs,
            width=width,
            depth=depth,
            outputs=outputs,
            activation=activation,
            dtype=dtype,
            rngs=nnx.Rngs(0),
        )
    )
    graphdef, parameters = nnx.split(model)
    names = [f"dense_{layer}" for layer in range(1, depth)] + ["readout"]
    sites = tuple(Site(layer, name) for layer, name in enumerate(names, start=1))
    return Network(graphdef, parameters, mlp_stacks(inputs, width, depth, outputs), sites)
