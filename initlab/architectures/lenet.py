"""LeNet-5: two convolutions with pooling after each, and three dense layers."""

from initlab.architectures.layers import Activation, Convolution, Dense, Layer, Pool
from initlab.architectures.recipe import Recipe


def lenet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns LeNet-5 with plain pooling and a dense readout.

    The paper's pooling has a factor and a bias for each channel, its second convolution does not
    see all channels, and its readout measures distances; nobody builds these any more. The paper's
    plan takes images of 32 by 32; the small one pads smaller images as that would.

    Args:
        recipe: `width` is the channels of the first convolution, 6 in the paper; the other widths
            are in proportion.

    References:
        LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition,
        1998.
    """
    width = recipe.width

    def stage(channels: int, padding: int) -> tuple[Layer, ...]:
        convolution = Convolution(channels, window=(5, 5), padding=padding)
        norm = recipe.norm_layers(channels)
        return (convolution, *norm, Activation(), Pool("average", (2, 2)))

    first = 0 if recipe.scale == "paper" else 2
    dense = (part for units in (20, 14) for part in (Dense(units * width), Activation()))
    return (*stage(width, first), *stage(width * 8 // 3, 0), *dense, Dense(recipe.classes))
