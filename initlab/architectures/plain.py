"""Plain networks: weight layers of one width in a row, with a nonlinearity between them."""

from initlab.architectures.layers import Activation, Convolution, Dense, Layer, Repeat
from initlab.architectures.recipe import Recipe


def mlp(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns dense layers of one width; `depth` counts the readout."""
    return _plain(recipe, Dense(recipe.width), Dense(recipe.width))


def convnet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns 3 by 3 convolutions of one width that keep the image's size, and a dense readout.

    The first one's window is that of the recipe. The readout sees every position of the last
    feature maps; there is no pooling.
    """
    first = Convolution(recipe.width, window=(recipe.first_window,) * 2)
    return _plain(recipe, first, Convolution(recipe.width))


def _plain(recipe: Recipe, first: Layer, hidden: Layer) -> tuple[Layer, ...]:
    """Returns `depth` weight layers, the last of them the readout."""
    after = (*recipe.norm_layers(recipe.width), Activation())
    block = (hidden, *after)
    layers: tuple[Layer, ...] = ()
    if recipe.depth > 1:
        layers = (first, *after)
    if recipe.depth > 2:
        layers = (*layers, Repeat(recipe.depth - 2, block))
    return (*layers, Dense(recipe.classes))
