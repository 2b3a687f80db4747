"""ZFNet: AlexNet with a smaller first window and smaller steps."""

from initlab.architectures.layers import Layer, Pool
from initlab.architectures.parts import classifier, convolved, fitting
from initlab.architectures.recipe import Recipe

FIRST = 96


def zfnet(recipe: Recipe) -> tuple[Layer, ...]:
    """Returns ZFNet; its own `norm` is local response normalization after the first two pools.

    The paper normalizes contrast across feature maps and gives no numbers; AlexNet's are taken. The
    small plan has a first window of 3 by 3, smaller than AlexNet's as the paper's is, and steps of
    one.

    Args:
        recipe: `width` is the channels of the first convolution, 96 in the paper; the other widths
            are in proportion.

    References:
        Zeiler and Fergus, Visualizing and understanding convolutional networks, 2013,
        arXiv:1311.2901, figure 3.
    """
    of_paper = recipe.scale == "paper"
    stride = 2 if of_paper else 1
    response = recipe.local_response(k=2.0)
    pool = Pool("max", (3, 3), (2, 2), "SAME")
    second, middle = recipe.share(256, FIRST), recipe.share(384, FIRST)
    layers = (
        *convolved(recipe, recipe.width, 7 if of_paper else 3, stride=stride, padding=1),
        pool,
        *response,
        *convolved(recipe, second, 5, stride=stride, padding=0 if of_paper else 2),
        pool,
        *response,
        *convolved(recipe, middle),
        *convolved(recipe, middle),
        *convolved(recipe, second),
        Pool("max", (3, 3), (2, 2)),
        *classifier(recipe, recipe.share(4096, FIRST)),
    )
    return layers if of_paper else fitting(layers, recipe.image_shape)
