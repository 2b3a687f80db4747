"""The image sets by name."""

import functools
from collections.abc import Callable

from initlab.data.digits import load_digits
from initlab.data.fashion import load_fashion
from initlab.data.image_set import ImageSet

DATASETS: dict[str, Callable[[], ImageSet]] = {
    "digits": load_digits,
    "fashion": load_fashion,
}


@functools.cache
def load(name: str) -> ImageSet:
    """Returns an image set, read and checked once in a process.

    Args:
        name: a key of `DATASETS`.

    Raises:
        ValueError: if `name` is not a key of `DATASETS`.
        DataError: if the data are missing or damaged.

    Example:
        >>> load("digits").train_images.shape
        (1437, 8, 8, 1)
    """
    if name not in DATASETS:
        raise ValueError(f"`name` must be one of {', '.join(DATASETS)}, got {name!r}.")
    return DATASETS[name]()
