"""GoogLeNet: nine inception modules of four branches each, and an average before the readout."""

from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Concatenation,
    Dense,
    Dropout,
    Layer,
    Pool,
)
from initlab.architectures.parts import convolved, fitting
from initlab.architectures.recipe import Recipe

FIRST = 64
# Channels of 1x1, of 3x3 with the reduction before it, of 5x5 likewise, and after pooling.
STAGES = (
    ((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)),
    (
        (192, 96, 208, 16, 48, 64),
        (160, 112, 224, 24, 64, 64),
        (128, 128, 256, 24, 64, 64),
        (112, 144, 288, 32, 64, 64),
        (256, 160, 320, 32, 128, 128),
    ),
    ((256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)),
)
HEADED = ((1, 0), (1, 3))  # modules 4a and 4d, by stage and place, each from 0
WEIGHT = 0.3  # of a head's loss


def googlenet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns GoogLeNet; its own `norm` is local response.

    The heads on modules 4a and 4d, which the paper adds to the loss in training and removes
    afterwards, are there where they are asked for. The small plan begins with a window of 3 by 3
    and steps of one, without the pooling after it.

    Args:
        recipe: `width` is the channels of the first convolution, 64 in the paper; the other widths
            are in proportion. `auxiliary_heads` asks for the heads.

    References:
        Szegedy et al., Going deeper with convolutions, 2014, arXiv:1409.4842, table 1.
    """
    of_paper = recipe.scale == "paper"
    pool = Pool("max", (3, 3), (2, 2), "SAME")
    response = recipe.local_response()
    stem = (
        (*convolved(recipe, recipe.width, 7, stride=2), pool)
        if of_paper
        else convolved(recipe, recipe.width)
    )
    layers: tuple[Layer, ...] = (
        *stem,
        *response,
        *convolved(recipe, recipe.width, 1),
        *convolved(recipe, recipe.share(192, FIRST)),
        *response,
    )
    for number, stage in enumerate(STAGES):
        layers = (*layers, pool)
        for place, channels in enumerate(stage):
            headed = recipe.auxiliary_heads and (number, place) in HEADED
            head = (Auxiliary(_auxiliary_head(recipe), WEIGHT),) if headed else ()
            layers = (*layers, _inception(recipe, channels), *head)
    layers = (*layers, Pool("global"), Dropout(0.4), Dense(recipe.classes))
    return layers if of_paper else fitting(layers, recipe.image_shape)


def _auxiliary_head(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns a head: pooling, a convolution of one tap, and two dense layers."""
    return (
        Pool("average", (5, 5), (3, 3)),
        *convolved(recipe, recipe.share(128, FIRST), 1),
        Dense(recipe.share(1024, FIRST)),
        Activation(),
        Dropout(0.7),
        Dense(recipe.classes),
    )


def _inception(recipe: Recipe, channels: tuple[int, ...]) -> Concatenation:
    """Returns an inception module."""
    one, reduce_3, three, reduce_5, five, pooled = (recipe.share(each, FIRST) for each in channels)
    return Concatenation(
        (
            convolved(recipe, one, 1),
            (*convolved(recipe, reduce_3, 1), *convolved(recipe, three, 3)),
            (*convolved(recipe, reduce_5, 1), *convolved(recipe, five, 5)),
            (Pool("max", (3, 3), (1, 1), 1), *convolved(recipe, pooled, 1)),
        )
    )
