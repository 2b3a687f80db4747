"""Residual nets of CIFAR's form and their plain twins: three stages of 3 by 3 convolutions."""

from initlab.architectures.layers import Layer, Pool, ZeroChannels
from initlab.architectures.parts import convolved, repeated
from initlab.architectures.recipe import Recipe
from initlab.architectures.summing import readout, summed

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
    layers: tuple[Layer, ...] = convolved(recipe, recipe.width)

    def block(channels: int, stride: int) -> tuple[Layer, ...]:
        inside = (*convolved(recipe, channels, stride=stride), *convolved(recipe, channels))
        if not residual:
            return inside
        shortcut: tuple[Layer, ...] = ()
        if stride > 1:
            shortcut = (Pool("average", (1, 1), (stride, stride)), ZeroChannels(channels))
        return summed(recipe, inside, shortcut, sums=STAGES * number)

    for stage in range(STAGES):
        channels = recipe.width * 2**stage
        first = block(channels, 1 if stage == 0 else 2)
        layers = (*layers, *first, *repeated(number - 1, block(channels, 1)))
    return (*layers, Pool("global"), *readout(recipe))
