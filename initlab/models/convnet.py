"""The plain convolutional network: 3 by 3 convolutions of one width, and a dense readout."""

import math
from collections.abc import Callable
from functools import partial

from flax import nnx
from jax import Array
from jax.typing import DTypeLike

from initlab.models.convolution import convolution
from initlab.models.mlp import dense
from initlab.models.network import Network
from initlab.models.plain import PlainNet, plain_network, plain_stacks

WINDOW = (3, 3)


class ConvNet(PlainNet):
    """Convolutions that keep the image's size, with a nonlinearity after each.

    The readout sees every position of the last feature maps; there is no pooling.

    Args:
        image_shape: `(height, width, channel)` of the images.
        channels: feature maps of a convolution.
        depth: number of weight layers, at least 1; it counts the readout.
        outputs: number of logits.
        activation: the nonlinearity.
        dtype: type of the parameters and of the computation.
        rngs: keys of the parameters' first values, which the lab replaces by its own.
    """

    def __init__(
        self,
        *,
        image_shape: tuple[int, ...],
        channels: int,
        depth: int,
        outputs: int,
        activation: Callable[[Array], Array],
        dtype: DTypeLike,
        rngs: nnx.Rngs,
    ) -> None:
        *sides, image_channels = image_shape
        inputs = math.prod(sides) * (channels if depth > 1 else image_channels)
        super().__init__(
            first=partial(_convolution, image_channels, channels, dtype),
            hidden=partial(_convolution, channels, channels, dtype),
            readout=partial(dense, inputs, outputs, dtype),
            depth=depth,
            activation=activation,
            rngs=rngs,
        )


def _convolution(channels_in: int, channels: int, dtype: DTypeLike, rngs: nnx.Rngs) -> nnx.Conv:
    """Returns a convolution that keeps the image's size by zeros about it."""
    return nnx.Conv(
        channels_in,
        channels,
        WINDOW,
        padding="SAME",
        dtype=dtype,
        param_dtype=dtype,
        conv_general_dilated=convolution,
        rngs=rngs,
    )


def build_convnet(
    *,
    image_shape: tuple[int, ...],
    width: int,
    depth: int,
    outputs: int,
    activation: Callable[[Array], Array],
    dtype: DTypeLike,
) -> Network:
    """Returns a plain convolutional network of `width` channels, without drawing any parameter."""
    *sides, image_channels = image_shape
    places = math.prod(sides)
    readout = (places * (width if depth > 1 else image_channels), outputs)
    return plain_network(
        lambda: ConvNet(
            image_shape=image_shape,
            channels=width,
            depth=depth,
            outputs=outputs,
            activation=activation,
            dtype=dtype,
            rngs=nnx.Rngs(0),
        ),
        "conv",
        plain_stacks(
            (*WINDOW, image_channels, width), (*WINDOW, width, width), readout, depth, places
        ),
        depth,
    )
