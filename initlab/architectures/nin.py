"""Network in network: convolutions followed by 1 by 1 ones, and no dense layer."""

from initlab.architectures.layers import Convolution, Dropout, Layer, Pool
from initlab.architectures.parts import convolved, fitting
from initlab.architectures.recipe import Recipe

FIRST = 192


def nin(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns the network of the paper's experiments on CIFAR-10, at both scales.

    Three convolutions, each with two of 1 by 1 after it; the last has a feature map for each class,
    whose mean is the logit. That one goes without the paper's rectifier, so that logits can be
    negative.

    Args:
        recipe: `width` is the channels of the first convolution, 192 in the paper; the other widths
            are in proportion.

    References:
        Lin, Chen and Yan, Network in network, 2013, arXiv:1312.4400, with the sizes of the authors'
        `cuda-convnet/NIN/cifar-10_def`.
    """
    wide, narrow = recipe.share(192, FIRST), recipe.share(96, FIRST)
    layers = (
        *convolved(recipe, recipe.width, 5),
        *convolved(recipe, recipe.share(160, FIRST), 1),
        *convolved(recipe, narrow, 1),
        Pool("max", (3, 3), (2, 2), "SAME"),
        Dropout(0.5),
        *convolved(recipe, wide, 5),
        *convolved(recipe, wide, 1),
        *convolved(recipe, wide, 1),
        Pool("average", (3, 3), (2, 2), "SAME"),
        Dropout(0.5),
        *convolved(recipe, wide),
        *convolved(recipe, wide, 1),
        Convolution(recipe.classes, window=(1, 1)),
        Pool("global"),
    )
    return layers if recipe.scale == "paper" else fitting(layers, recipe.image_shape)
