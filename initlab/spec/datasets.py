"""The sizes of the image sets, for planning without loading one; a test compares the data."""

from typing import NamedTuple


class DatasetSize(NamedTuple):
    """Shape of one image, numbers of training and test images, number of classes."""

    image_shape: tuple[int, int, int]
    train: int
    test: int
    classes: int


DATASETS: dict[str, DatasetSize] = {
    "digits": DatasetSize((8, 8, 1), 1_437, 360, 10),
    "fashion": DatasetSize((28, 28, 1), 5_000, 1_000, 10),
    "photo_patches": DatasetSize((32, 32, 3), 6_090, 1_450, 10),
    "mnist5k": DatasetSize((28, 28, 1), 4_000, 1_000, 10),
    "fashion_full": DatasetSize((28, 28, 1), 60_000, 10_000, 10),
    "mnist": DatasetSize((28, 28, 1), 60_000, 10_000, 10),
    "cifar10": DatasetSize((32, 32, 3), 50_000, 10_000, 10),
    "cifar100": DatasetSize((32, 32, 3), 50_000, 10_000, 100),
}

SHIPPED = ("digits", "fashion", "photo_patches")
"""The sets that come with the lab; the others may be absent from a machine."""
