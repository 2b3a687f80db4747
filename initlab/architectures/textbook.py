"""The order of layers that textbooks draw a convolutional network in."""

from initlab.architectures.layers import Activation, Dense, Layer, Pool
from initlab.architectures.parts import convolved
from initlab.architectures.recipe import Recipe


def textbook(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns conv relu conv relu pool relu conv relu pool dense, with 3 by 3 convolutions.

    The first one's window is that of the recipe. The nonlinearity after the first pooling changes
    nothing where it is a rectifier.

    Args:
        recipe: `width` is the channels of every convolution.
    """
    convolution = convolved(recipe, recipe.width)
    pool = Pool("max")
    return (
        *convolved(recipe, recipe.width, recipe.first_window),
        *convolution,
        pool,
        Activation(),
        *convolution,
        pool,
        Dense(recipe.classes),
    )
