"""What several architectures are put together from."""

from collections.abc import Sequence
from dataclasses import replace

from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Convolution,
    Dense,
    Dropout,
    Layer,
    Pool,
    Repeat,
)
from initlab.architectures.recipe import Recipe
from initlab.architectures.sizes import Padding, Sizes
from initlab.architectures.walk import walk

LEAST = 4  # the smallest image that pooling still halves at the small scale


def convolved(
    recipe: Recipe,
    channels: int,
    window: int = 3,
    *,
    stride: int = 1,
    padding: Padding | None = None,
    groups: int = 1,
) -> tuple[Layer, ...]:
    """Returns a convolution with its normalization and nonlinearity.

    Args:
        recipe: tells the normalization.
        channels: number of output channels.
        window: taps along each axis.
        stride: steps along each axis.
        padding: of a convolution; by default `(window - 1) / 2`, which keeps the size.
        groups: of channels that do not see each other.
    """
    convolution = Convolution(
        channels,
        window=(window, window),
        strides=(stride, stride),
        padding=(window - 1) // 2 if padding is None else padding,
        groups=groups,
    )
    return (convolution, *recipe.norm_layers(channels), Activation())


def classifier(recipe: Recipe, units: int) -> tuple[Layer, ...]:
    """Returns two dense layers, each with dropout of one half after it, and the readout."""
    hidden = (Dense(units), Activation(), Dropout(0.5))
    return (*hidden, *hidden, Dense(recipe.classes))


def repeated(number: int, block: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Returns a block so many times, scanned where there is something to scan."""
    return (Repeat(number, block),) if number > 1 else block * number


def fitting(layers: Sequence[Layer], image_shape: Sizes) -> tuple[Layer, ...]:
    """Returns the layers without the pooling that would halve an image of less than 4 by 4.

    It is how a plan made for 224 by 224 becomes one for 14 by 14: convolutions keep the size, and
    pooling is left out from where there is little to pool, or its window is larger than the image;
    in auxiliary heads too. What does not fit is for `walk` to tell.
    """
    kept: list[Layer] = []
    shape = image_shape
    for index, layer in enumerate(layers):
        match layer:
            case Pool() if layer.kind != "global" and min(shape[:2]) < max(LEAST, *layer.window):
                continue
            case Auxiliary():
                layer = replace(layer, branch=fitting(layer.branch, shape))
        try:
            shape = walk([layer], shape)[-1].here.shape
        except ValueError:
            return (*kept, *layers[index:])
        kept.append(layer)
    return tuple(kept)
