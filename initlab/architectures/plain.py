"""Plain networks: weight layers of one width in a row, with a nonlinearity between them."""

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Layer,
    Repeat,
)
from initlab.architectures.recipe import Recipe


def mlp(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns dense layers of one width; `depth` counts the readout."""
    return _plain(recipe, Dense(recipe.width), Dense(recipe.width))


def convnet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns convolutions of one width and a dense readout.

    The readout sees every position of the last feature maps; there is no pooling.

    Args:
        recipe: `kernel_size` and `padding` are of every convolution, 3 by 3 and of the kind that
            keeps the image's size if nothing is said; the first one may have another window.
    """
    first, others = (
        Convolution(recipe.width, window=(size, size), padding=recipe.padded)
        for size in (recipe.first_size, recipe.kernel_size)
    )
    return _plain(recipe, first, others)


def _plain(recipe: Recipe, first: Layer, hidden: Layer) -> tuple[Layer, ...]:
    """Returns `depth` weight layers, the last of them the readout."""
    dropped = (Dropout(recipe.dropout),) if recipe.dropout else ()
    after = (*recipe.norm_layers(recipe.width), Activation(), *dropped)
    block = (hidden, *after)
    if recipe.depth == 1:
        return (Dense(recipe.classes),)
    further = recipe.depth - 2
    shrinks = isinstance(hidden, Convolution) and hidden.padding == "VALID"
    rest = block * further if shrinks or not further else (Repeat(further, block),)
    return (first, *after, *rest, Dense(recipe.classes))
