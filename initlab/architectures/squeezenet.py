"""SqueezeNet: fire modules, which squeeze channels before they are widened, and an average."""

from initlab.architectures.layers import Concatenation, Convolution, Dropout, Layer, Pool
from initlab.architectures.parts import convolved, fitting
from initlab.architectures.recipe import Recipe

FIRST = 64
# Channels that are squeezed to, and of each of the two branches that follow.
STAGES = (
    ((16, 64), (16, 64)),
    ((32, 128), (32, 128)),
    ((48, 192), (48, 192), (64, 256), (64, 256)),
)


def squeezenet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns SqueezeNet in its version 1.1, a third of the operations of the paper's.

    The last convolution goes without the paper's rectifier, so that logits can be negative. The
    small plan begins with steps of one.

    Args:
        recipe: `width` is the channels of the first convolution, 64 in the paper; the other widths
            are in proportion.

    References:
        Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB
        model size, 2016, arXiv:1602.07360; version 1.1 is the authors' `SqueezeNet_v1.1`.
    """
    of_paper = recipe.scale == "paper"
    layers: tuple[Layer, ...] = (
        convolved(recipe, recipe.width, stride=2, padding="VALID")
        if of_paper
        else convolved(recipe, recipe.width)
    )
    for stage in STAGES:
        layers = (*layers, Pool("max", (3, 3), (2, 2)))
        for squeezed, widened in stage:
            layers = (*layers, *_fire(recipe, squeezed, widened))
    layers = (
        *layers,
        Dropout(0.5),
        Convolution(recipe.classes, window=(1, 1)),
        Pool("global"),
    )
    return layers if of_paper else fitting(layers, recipe.image_shape)


def _fire(recipe: Recipe, squeezed: int, widened: int) -> tuple[Layer, ...]:
    """Returns a fire module: one convolution of 1 by 1, then one and one of 3 by 3 beside it."""
    channels = recipe.share(widened, FIRST)
    branches = (convolved(recipe, channels, 1), convolved(recipe, channels, 3))
    return (*convolved(recipe, recipe.share(squeezed, FIRST), 1), Concatenation(branches))
