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
}
