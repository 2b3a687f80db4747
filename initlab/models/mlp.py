"""The multilayer perceptron: dense layers of one width, on images as rows of numbers."""

import math
from collections.abc import Callable
from functools import partial

from flax import nnx
from jax import Array
from jax.typing import DTypeLike

from initlab.models.layers import matrix_product
from initlab.models.network import Network
from initlab.models.plain import PlainNet, plain_network, plain_stacks


class MLP(PlainNet):
    """Dense layers with a nonlinearity between them; `depth` counts the readout.

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
        super().__init__(
            first=partial(dense, inputs, width, dtype),
            hidden=partial(dense, width, width, dtype),
            readout=partial(dense, width if depth > 1 else inputs, outputs, dtype),
            depth=depth,
            activation=activation,
            rngs=rngs,
        )

    def prepared(self, images: Array) -> Array:
        """Returns images as rows of numbers."""
        return images.reshape(len(images), -1)


def dense(fan_in: int, fan_out: int, dtype: DTypeLike, rngs: nnx.Rngs) -> nnx.Linear:
    """Returns a dense layer whose gradient is fast on a CPU."""
    return nnx.Linear(
        fan_in, fan_out, dtype=dtype, param_dtype=dtype, dot_general=matrix_product, rngs=rngs
    )


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
    readout = (width if depth > 1 else inputs, outputs)
    return plain_network(
        lambda: MLP(
            inputs=inputs,
            width=width,
            depth=depth,
            outputs=outputs,
            activation=activation,
            dtype=dtype,
            rngs=nnx.Rngs(0),
        ),
        "dense",
        plain_stacks((inputs, width), (width, width), readout, depth, 1),
        depth,
    )
