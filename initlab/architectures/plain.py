"""Plain networks: weight layers of one width in a row, with a nonlinearity between them."""

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Layer,
    Pool,
    Repeat,
)
from initlab.architectures.recipe import Recipe


def mlp(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns dense layers of one width; `depth` counts the readout."""
    return _plain(recipe, Dense(recipe.width), Dense(recipe.width))


def convnet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns convolutions of one width and a dense readout.

    There is no pooling before the readout, which sees every place of the last feature maps, or the
    mean over places of each.

    Args:
        recipe: `kernel_size` and `padding` are of every convolution, 3 by 3 and of the kind that
            keeps the image's size if nothing is said; the first one may have another window.

    References:
        Lin, Chen and Yan, Network in network, 2013, arXiv:1312.4400, section 3.2, for the mean.
    """
    first, others = (
        Convolution(recipe.width, window=(size, size), padding=recipe.padded)
        for size in (recipe.first_size, recipe.kernel_size)
    )
    pooled = (Pool("global"),) if recipe.readout == "mean" else ()
    return _plain(recipe, first, others, pooled)


def _plain(
    recipe: Recipe, first: Layer, hidden: Layer, pooled: tuple[Layer, ...] = ()
) -> tuple[Layer, ...]:
    """Returns `depth` weight layers, the last of them the readout, after what pools its inputs."""
    dropped = (Dropout(recipe.dropout),) if recipe.dropout else ()
    after = (*recipe.norm_layers(recipe.width), Activation(), *dropped)
    block = (hidden, *after)
    if recipe.depth == 1:
        return (*pooled, Dense(recipe.classes))
    further = recipe.depth - 2
    shrinks = isinstance(hidden, Convolution) and hidden.padding == "VALID"
    rest = block * further if shrinks or not further else (Repeat(further, block),)
    return (first, *after, *rest, *pooled, Dense(recipe.classes))
