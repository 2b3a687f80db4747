"""AlexNet: five convolutions with overlapping pooling, and three dense layers."""

from initlab.architectures.layers import Layer, Pool
from initlab.architectures.parts import classifier, convolved, fitting
from initlab.architectures.recipe import Recipe

FIRST = 96


def alexnet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns AlexNet; its own `norm` is local response normalization after the first two.

    The paper's plan has the two groups of channels that two devices held. Its images are 227 by
    227: the paper says 224, from which its own sizes do not follow. The small plan has a first
    window of 5 by 5 with steps of one and no groups.

    Args:
        recipe: `width` is the channels of the first convolution, 96 in the paper; the other widths
            are in proportion.

    References:
        Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural
        networks, 2012.
    """
    of_paper = recipe.scale == "paper"
    groups = 2 if of_paper else 1
    pool = Pool("max", (3, 3), (2, 2))
    response = recipe.local_response(k=2.0)
    second, middle = recipe.share(256, FIRST), recipe.share(384, FIRST)
    first = (
        convolved(recipe, recipe.width, 11, stride=4, padding=0)
        if of_paper
        else convolved(recipe, recipe.width, 5)
    )
    layers = (
        *first,
        *response,
        pool,
        *convolved(recipe, second, 5, groups=groups),
        *response,
        pool,
        *convolved(recipe, middle),
        *convolved(recipe, middle, groups=groups),
        *convolved(recipe, second, groups=groups),
        pool,
        *classifier(recipe, recipe.share(4096, FIRST)),
    )
    return layers if of_paper else fitting(layers, recipe.image_shape)
