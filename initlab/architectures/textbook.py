"""The order of layers that textbooks draw a convolutional network in."""

from initlab.architectures.layers import Activation, Dense, Layer, Pool
from initlab.architectures.parts import convolved
from initlab.architectures.recipe import Recipe


def textbook(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns conv relu conv relu pool relu conv relu pool dense.

    The nonlinearity after the first pooling changes nothing where it is a rectifier.

    Args:
        recipe: `width`, `kernel_size` and `padding` are of every convolution, but that the first
            may have another window; `pooling` of both poolings, and `after_pooling` tells whether
            the nonlinearity comes again.
    """
    convolution = convolved(recipe, recipe.width, recipe.kernel_size, padding=recipe.padded)
    pool = () if recipe.pooling == "none" else (Pool(recipe.pooling),)
    again = (Activation(),) if recipe.after_pooling == "activation" else ()
    return (
        *convolved(recipe, recipe.width, recipe.first_size, padding=recipe.padded),
        *convolution,
        *pool,
        *again,
        *convolution,
        *pool,
        Dense(recipe.classes),
    )
