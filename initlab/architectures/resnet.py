"""Residual nets of CIFAR's form and their plain twins: three stages of 3 by 3 convolutions."""

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Layer,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
from initlab.architectures.recipe import Recipe

STAGES = 3


def cifar_resnet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns a residual net of `6 n + 2` layers whose shortcuts have no weights.

    Three stages of n blocks of two convolutions; at the start of the second and third the image is
    halved and the channels doubled, the shortcut's by zeros.

    Args:
        recipe: `width` is the channels of the first stage, 16 in the paper.

    References:
        He, Zhang, Ren and Sun, Deep residual learning for image recognition, 2015,
        arXiv:1512.03385, 4.2.
    """
    return _cifar(recipe, residual=True)


def cifar_plain(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns the plain twin of `cifar_resnet`: the same layers without the sums."""
    return _cifar(recipe, residual=False)


def _cifar(recipe: Recipe, *, residual: bool) -> tuple[Layer, ...]:
    """Returns a net of CIFAR's form."""
    number = (recipe.depth - 2) // (2 * STAGES)
    layers: tuple[Layer, ...] = _convolution(recipe, recipe.width, 1)
    for stage in range(STAGES):
        channels = recipe.width * 2**stage
        same = _block(recipe, channels, 1, residual=residual)
        first = same if stage == 0 else _block(recipe, channels, 2, residual=residual)
        rest = (Repeat(number - 1, same),) if number > 1 else ()
        layers = (*layers, *first, *rest)
    return (*layers, Pool("global"), Dense(recipe.classes))


def _convolution(recipe: Recipe, channels: int, stride: int) -> tuple[Layer, ...]:
    """Returns a convolution with its normalization and nonlinearity."""
    convolution = Convolution(channels, strides=(stride, stride), padding=1)
    return (convolution, *recipe.norm_layers(channels), Activation())


def _block(recipe: Recipe, channels: int, stride: int, *, residual: bool) -> tuple[Layer, ...]:
    """Returns two convolutions, and the sum over them where there is one."""
    *before, last = (
        *_convolution(recipe, channels, stride),
        *_convolution(recipe, channels, 1),
    )
    if not residual:
        return (*before, last)
    shortcut: tuple[Layer, ...] = ()
    if stride > 1:
        shortcut = (Pool("average", (1, 1), (stride, stride)), ZeroChannels(channels))
    return (Residual(tuple(before), shortcut), last)
