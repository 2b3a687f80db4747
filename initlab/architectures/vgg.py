"""VGG: stages of 3 by 3 convolutions with pooling after each, and three dense layers."""

from initlab.architectures.layers import Layer, Pool
from initlab.architectures.parts import classifier, convolved, fitting, repeated
from initlab.architectures.recipe import Recipe

FIRST = 64
CHANNELS = (64, 128, 256, 512, 512)
CONVOLUTIONS = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}


def vgg(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns the network of `depth` 11, 13, 16 or 19: A, B, D or E of the paper's table 1.

    Args:
        recipe: `width` is the channels of the first convolution, 64 in the paper; the other widths
            are in proportion.

    References:
        Simonyan and Zisserman, Very deep convolutional networks for large-scale image recognition,
        2014, arXiv:1409.1556.
    """
    layers: tuple[Layer, ...] = ()
    for number, channels in zip(CONVOLUTIONS[recipe.depth], CHANNELS, strict=True):
        block = convolved(recipe, recipe.share(channels, FIRST))
        layers = (*layers, *block, *repeated(number - 1, block), Pool("max"))
    layers = (*layers, *classifier(recipe, recipe.share(4096, FIRST)))
    return layers if recipe.scale == "paper" else fitting(layers, recipe.image_shape)
