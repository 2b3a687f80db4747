"""Patches of ten photographs, 32 by 32 in colour; which photograph one is from is its class."""

import io
from pathlib import Path
from typing import Any

import numpy as np

from initlab.data.digest import read_shipped
from initlab.data.image_set import ImageSet, Splits, make_image_set
from initlab.spec.datasets import LICENCES

SHIPPED = Path(__file__).parent / "files" / "photographs.npz"
FILE_SHA256 = "c0ffdefe06228cd992b1003b3ab4fa3ff21895aa2879a74234fc2cce219848f3"
"""SHA-256 of the shipped file, which `scripts/make_photo_patches.py` makes."""

SIDE = 32
STRIDE = 8
TEST_ROWS = 64  # the lowest rows of every photograph, which no training patch touches

type Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def load_photo_patches() -> ImageSet:
    """Returns 6,090 training and 1,450 test patches, 32 by 32 by 3, 0 to 255, ten classes.

    A photograph gives 609 overlapping patches from its upper three quarters to the training part
    and 145 from its lowest quarter to the test part: the two share no pixel. The task is in part
    one of texture and colour; it is a stand-in for small colour images, and no benchmark.

    Raises:
        DataError: if the shipped file is missing or damaged.
    """
    return read_photo_patches(SHIPPED)


def read_photo_patches(path: Path) -> ImageSet:
    """Returns the patches of the photographs in `path`, which must be the shipped file.

    Raises:
        DataError: if the file is missing, or its digest is not the one expected.
    """
    photographs, names = read_photographs(path)
    height = photographs.shape[1]
    train_images, train_labels = patches(photographs, first=0, last=height - TEST_ROWS)
    test_images, test_labels = patches(photographs, first=height - TEST_ROWS, last=height)
    return make_image_set(
        Splits(train_images, train_labels, test_images, test_labels),
        name="photo_patches",
        class_names=tuple(names),
        max_value=255,
        licence=LICENCES["photo_patches"],
        source=(
            "photographs of scikit-image 0.26 and scikit-learn, cut by "
            "scripts/make_photo_patches.py"
        ),
        place="shipped with initlab",
    )


def read_photographs(path: Path = SHIPPED) -> tuple[Pixels, list[str]]:
    """Returns the ten photographs `(photograph, 256, 256, 3)` and their names.

    Raises:
        DataError: if the file is missing, or its digest is not the one expected.
    """
    content = read_shipped(path, sha256=FILE_SHA256)
    with np.load(io.BytesIO(content), allow_pickle=False) as shipped:
        return shipped["photographs"], shipped["names"].tolist()


def patches(photographs: Pixels, *, first: int, last: int) -> tuple[Pixels, Any]:
    """Returns the patches that lie between two rows, and the photograph that each is from.

    Args:
        photographs: `(photograph, height, width, channel)`.
        first: the first row that may be used.
        last: the row after the last one.
    """
    band = photographs[:, first:last]
    windows = np.lib.stride_tricks.sliding_window_view(band, (SIDE, SIDE), axis=(1, 2))
    chosen = windows[:, ::STRIDE, ::STRIDE]  # (photograph, down, across, channel, row, column)
    count = chosen.shape[1] * chosen.shape[2]
    images = np.ascontiguousarray(chosen.transpose(0, 1, 2, 4, 5, 3))
    images = images.reshape(-1, SIDE, SIDE, photographs.shape[-1])
    return images, np.repeat(np.arange(len(photographs), dtype="<i4"), count)
