"""The image sets by name."""

import functools
from collections.abc import Callable

from initlab.data.cifar_sets import CIFAR10_SET, CIFAR100_SET
from initlab.data.digits import load_digits
from initlab.data.fashion import load_fashion
from initlab.data.idx_sets import FASHION_FULL, MNIST
from initlab.data.image_set import ImageSet
from initlab.data.mnist5k import load_mnist5k
from initlab.data.of_classes import of_classes
from initlab.data.photo_patches import load_photo_patches
from initlab.data.shapes import load_shapes
from initlab.data.shrink import shrink
from initlab.spec.datasets import Classes, ImageSize, image_shape

DATASETS: dict[str, Callable[[], ImageSet]] = {
    "digits": load_digits,
    "fashion": load_fashion,
    "photo_patches": load_photo_patches,
    "shapes": load_shapes,
    "mnist5k": load_mnist5k,
    "fashion_full": FASHION_FULL.load,
    "mnist": MNIST.load,
    "cifar10": CIFAR10_SET.load,
    "cifar100": CIFAR100_SET.load,
}


def load(name: str, image_size: ImageSize = "own", classes: Classes = "all") -> ImageSet:
    """Returns an image set, read and checked once in a process.

    Args:
        name: a key of `DATASETS`.
        image_size: the side of the images in pixels, a whole divisor of what the set has; `"own"`
            leaves them as they are.
        classes: those whose images are wanted, numbered anew in this order; `"all"` of them.

    Raises:
        ValueError: if `name` is not a key of `DATASETS`, `image_size` is no whole divisor, or the
            set lacks one of `classes`.
        DataError: if the data are missing or damaged, with how to get them.

    Example:
        >>> load("digits").train_images.shape
        (1437, 8, 8, 1)
        >>> load("digits", 4).train_images.shape
        (1437, 4, 4, 1)
        >>> load("digits", classes=(3, 8)).class_names
        ('3', '8')
    """
    if name not in DATASETS:
        raise ValueError(f"`name` must be one of {', '.join(DATASETS)}, got {name!r}.")
    return _loaded(name, image_shape(name, image_size), classes)


@functools.cache
def _loaded(name: str, shape: tuple[int, int, int], classes: Classes = "all") -> ImageSet:
    """Returns an image set with images of this shape, of these classes."""
    if classes != "all":
        return of_classes(_loaded(name, shape), classes)
    own = image_shape(name)
    return DATASETS[name]() if shape == own else shrink(_loaded(name, own), shape)
