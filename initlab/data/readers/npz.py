"""An image set in one npz, under the names that Keras gives the four arrays."""

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from initlab.data.image_set import Splits
from initlab.errors import DataError

KEYS = ("x_train", "y_train", "x_test", "y_test")


def read_npz(path: Path) -> Splits:
    """Returns the set in an npz: images `(image, height, width[, channel])` of bytes, and labels.

    Nothing of the file is executed: an array of Python objects is refused.

    Raises:
        DataError: if the file cannot be read, lacks an array, or holds another type or shape.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {key: file[key] for key in KEYS if key in file.files}
            there = file.files
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} cannot be read as npz: {error}. Fetch the file again.") from error
    if missing := [key for key in KEYS if key not in arrays]:
        raise DataError(
            f"{path} lacks {', '.join(missing)}: it has {', '.join(there) or 'nothing'}, and must "
            f"have {', '.join(KEYS)}."
        )
    return Splits(
        _images(arrays["x_train"], path, "x_train"),
        _labels(arrays["y_train"], arrays["x_train"], path, "y_train"),
        _images(arrays["x_test"], path, "x_test"),
        _labels(arrays["y_test"], arrays["x_test"], path, "y_test"),
    )


def _images(array: Any, path: Path, key: str) -> Any:
    """Returns images with their channels."""
    if array.dtype != np.uint8 or array.ndim not in (3, 4):
        raise DataError(
            f"{path}: `{key}` must be uint8 of shape (image, height, width) or (image, height, "
            f"width, channel), got {array.dtype} of shape {array.shape}."
        )
    return array if array.ndim == 4 else array[..., np.newaxis]


def _labels(array: Any, images: Any, path: Path, key: str) -> Any:
    """Returns labels, one an image; Keras keeps those of CIFAR as a column."""
    count = len(images)
    if array.dtype.kind not in "iu" or array.shape not in ((count,), (count, 1)):
        raise DataError(
            f"{path}: `{key}` must be whole numbers of shape ({count},), one an image, got "
            f"{array.dtype} of shape {array.shape}."
        )
    return array.reshape(-1).astype("<i4")
