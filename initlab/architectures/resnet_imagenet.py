"""Residual nets of ImageNet's form and their plain twins: four stages, shortcuts with weights."""

from initlab.architectures.layers import Convolution, Layer, Pool
from initlab.architectures.parts import convolved, repeated
from initlab.architectures.recipe import Recipe
from initlab.architectures.summing import readout, summed

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
    """Returns the plain twin of `imagenet_resnet`: without the sums and their shortcuts.

    Of `depth` 50 the paper has none; its bottlenecks then follow one another.
    """
    return _imagenet(recipe, residual=False)


def _imagenet(recipe: Recipe, *, residual: bool) -> tuple[Layer, ...]:
    """Returns a net of ImageNet's form."""
    layers: tuple[Layer, ...] = convolved(recipe, recipe.width)
    if recipe.scale == "paper":
        pool = Pool("max", (3, 3), (2, 2), 1)
        layers = (*convolved(recipe, recipe.width, 7, stride=2), pool)
    blocks = BLOCKS[recipe.depth]

    def block(channels: int, stride: int, shortcut: tuple[Layer, ...] = ()) -> tuple[Layer, ...]:
        inside = _inside(recipe, channels, stride)
        return summed(recipe, inside, shortcut, sums=sum(blocks)) if residual else inside

    before = recipe.width
    for stage, number in enumerate(blocks):
        channels, stride = recipe.width * 2**stage, 1 if stage == 0 else 2
        after = channels * (WIDER if recipe.depth in BOTTLENECKS else 1)
        changes = (stride, before) != (1, after)
        if changes:
            projection = _projection(recipe, after, stride)
            layers = (*layers, *block(channels, stride, projection))
        layers = (*layers, *repeated(number - changes, block(channels, 1)))
        before = after
    return (*layers, Pool("global"), *readout(recipe))


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
