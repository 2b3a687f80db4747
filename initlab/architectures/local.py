"""A locally connected layer: a convolution's windows, each place with a kernel of its own."""

import math
from dataclasses import dataclass

from initlab.architectures.layers import Activation, Convolution, Dense, Layer
from initlab.architectures.recipe import Recipe
from initlab.architectures.sizes import Sizes, require_window

WINDOW = (3, 3)


@dataclass(frozen=True)
class Patches(Layer):
    """What a window meets at each place of an image, zeros beyond its border, as channels.

    The output has a single place, and there the places of the image one after another, each with
    all taps of the window and all channels of a tap.

    Attributes:
        window: taps along each axis, of odd number: as many places as the image has are met.
    """

    window: Sizes = WINDOW

    def __post_init__(self) -> None:
        require_window(self.window, "SAME")
        if any(taps % 2 == 0 for taps in self.window):
            raise ValueError(f"`window` must have odd sizes, got {self.window}.")


def local(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns a locally connected layer of 3 by 3 windows that keeps the size, and a readout.

    It is the `convnet` of depth 2 without the sharing: each place of the image is a group of its
    own, whose channels see that place's window alone. A group's fan-in is the convolution's.

    Args:
        recipe: `width` is the channels of each place.
    """
    places = math.prod(recipe.image_shape[:-1])
    grouped = Convolution(recipe.width * places, window=(1, 1), groups=places)
    norm = recipe.norm_layers(recipe.width * places)
    return (Patches(), grouped, *norm, Activation(), Dense(recipe.classes))
