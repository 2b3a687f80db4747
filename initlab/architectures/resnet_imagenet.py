"""Residual nets of ImageNet's form and their plain twins: four stages, shortcuts with weights."""

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Layer,
    Pool,
    Residual,
)
from initlab.architectures.parts import convolved, repeated
from initlab.architectures.recipe import Recipe

BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3)}
BOTTLENECKS = (50,)
WIDER = 4  # what a bottleneck's last convolution has for each channel of the others


def imagenet_resnet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns a residual net of `depth` 18, 34 or 50.

    Where a stage changes the number of channels or the size of the image, its first shortcut is a 1
    by 1 convolution; a bottleneck halves the image in its first convolution. The small plan begins
    with a window of 3 by 3 and steps of one, without the pooling after it.

    Args:
        recipe: `width` is the channels of the first stage, 64 in the paper.

    References:
        He, Zhang, Ren and Sun, Deep residual learning for image recognition, 2015,
        arXiv:1512.03385, table 1, shortcuts B.
    """
    return _imagenet(recipe, residual=True)


def imagenet_plain(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns the plain twin of `imagenet_resnet`, of `depth` 18 or 34: without the sums."""
    return _imagenet(recipe, residual=False)


def _imagenet(recipe: Recipe, *, residual: bool) -> tuple[Layer, ...]:
    """Returns a net of ImageNet's form."""
    layers: tuple[Layer, ...] = convolved(recipe, recipe.width)
    if recipe.scale == "paper":
        pool = Pool("max", (3, 3), (2, 2), 1)
        layers = (*convolved(recipe, recipe.width, 7, stride=2), pool)
    before = recipe.width
    for stage, number in enumerate(BLOCKS[recipe.depth]):
        channels, stride = recipe.width * 2**stage, 1 if stage == 0 else 2
        inside = _inside(recipe, channels, stride)
        after = channels * (WIDER if recipe.depth in BOTTLENECKS else 1)
        shortcut = () if (stride, before) == (1, after) else _projection(recipe, after, stride)
        same = _block(_inside(recipe, channels, 1), (), residual=residual)
        if not shortcut:
            layers = (*layers, *repeated(number, same))
        else:
            first = _block(inside, shortcut, residual=residual)
            layers = (*layers, *first, *repeated(number - 1, same))
        before = after
    return (*layers, Pool("global"), Dense(recipe.classes))


def _inside(recipe: Recipe, channels: int, stride: int) -> tuple[Layer, ...]:
    """Returns the convolutions of a block, with the last nonlinearity."""
    if recipe.depth not in BOTTLENECKS:
        return (
            *convolved(recipe, channels, stride=stride),
            *convolved(recipe, channels),
        )
    return (
        *convolved(recipe, channels, 1, stride=stride),
        *convolved(recipe, channels),
        *convolved(recipe, channels * WIDER, 1),
    )


def _projection(recipe: Recipe, channels: int, stride: int) -> tuple[Layer, ...]:
    """Returns a shortcut with weights."""
    convolution = Convolution(channels, window=(1, 1), strides=(stride, stride), padding=0)
    return (convolution, *recipe.norm_layers(channels))


def _block(
    inside: tuple[Layer, ...], shortcut: tuple[Layer, ...], *, residual: bool
) -> tuple[Layer, ...]:
    """Returns convolutions, with the sum before their last nonlinearity where there is one."""
    if not residual:
        return inside
    return (Residual(inside[:-1], shortcut), Activation())
