"""The cut of Fashion-MNIST that is shipped with the lab."""

import io
from pathlib import Path

import numpy as np

from initlab.data.digest import read_shipped
from initlab.data.image_set import ImageSet, Splits, make_image_set
from initlab.spec.datasets import LICENCES

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
SHIPPED = Path(__file__).parent / "files" / "fashion_cut.npz"
FILE_SHA256 = "406662f15234ff7e107568fd81542079c9869fb092855cc4b4dbbeea3b14435c"
"""SHA-256 of the shipped file, which `scripts/make_fashion_cut.py` makes byte for byte."""


def load_fashion() -> ImageSet:
    """Returns the shipped cut of Fashion-MNIST: 5,000 training and 1,000 test images.

    28 by 28 by 1, 0 to 255, 500 and 100 of each class, the training images from the official
    training part and the test images from the official test part.

    Raises:
        DataError: if the shipped file is missing or damaged.

    References:
        Xiao, Rasul and Vollgraf, Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
        Learning Algorithms (arXiv:1708.07747).
    """
    return read_fashion_cut(SHIPPED)


def read_fashion_cut(path: Path) -> ImageSet:
    """Returns the image set in `path`, which must hold the shipped file's very bytes.

    Raises:
        DataError: if the file is missing, or its digest is not the one expected.
    """
    content = read_shipped(path, sha256=FILE_SHA256)
    with np.load(io.BytesIO(content), allow_pickle=False) as cut:
        splits = Splits(*(cut[name] for name in Splits._fields))
    return make_image_set(
        splits,
        name="fashion",
        class_names=CLASS_NAMES,
        max_value=255,
        licence=LICENCES["fashion"],
        source=(
            "Fashion-MNIST (arXiv:1708.07747), 5,000 + 1,000 images cut from the Debian package "
            "dataset-fashion-mnist"
        ),
        place="shipped with initlab",
    )
