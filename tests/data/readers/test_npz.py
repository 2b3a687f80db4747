"""An npz under Keras's names: what is read, and what is refused."""

import numpy as np
import pytest

from initlab.data.readers.npz import read_npz
from initlab.errors import DataError

RANDOM = np.random.default_rng(2)
ARRAYS = {
    "x_train": RANDOM.integers(0, 256, (3, 4, 5), np.uint8),
    "y_train": np.array([2, 0, 1], np.uint8),
    "x_test": RANDOM.integers(0, 256, (2, 4, 5), np.uint8),
    "y_test": np.array([1, 1], np.uint8),
}


def refused(tmp_path, **changes):
    path = tmp_path / "set.npz"
    np.savez(path, **ARRAYS | changes)
    with pytest.raises(DataError) as caught:
        read_npz(path)
    return str(caught.value).removeprefix(str(path))


def test_grey_and_coloured_images_are_read(tmp_path):
    path = tmp_path / "set.npz"
    colour = RANDOM.integers(0, 256, (2, 4, 5, 3), np.uint8)
    columns = {"y_train": np.array([[2], [0], [1]], np.int64)}
    np.savez_compressed(path, **ARRAYS | {"x_test": colour} | columns)
    splits = read_npz(path)
    np.testing.assert_array_equal(splits.train_images[..., 0], ARRAYS["x_train"])
    np.testing.assert_array_equal(splits.test_images, colour)
    assert splits.train_labels.tolist() == [2, 0, 1]
    assert splits.train_labels.dtype == splits.test_labels.dtype == np.int32


def test_an_array_of_objects_is_refused(tmp_path):
    objects = np.array([{}, {}], object)
    assert refused(tmp_path, y_test=objects).startswith(
        " cannot be read as npz: Object arrays cannot be loaded when allow_pickle=False."
    )


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut"])
def test_what_is_no_npz_is_refused(tmp_path, content):
    path = tmp_path / "set.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as npz"):
        read_npz(path)


def test_missing_arrays_are_named(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, x_train=ARRAYS["x_train"], labels=ARRAYS["y_train"])
    with pytest.raises(DataError) as caught:
        read_npz(path)
    assert str(caught.value) == (
        f"{path} lacks y_train, x_test, y_test: it has x_train, labels, and must have x_train, "
        "y_train, x_test, y_test."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"x_train": np.zeros((3, 4, 5))},
            ": `x_train` must be uint8 of shape (image, height, width) or (image, height, width, "
            "channel), got float64 of shape (3, 4, 5).",
        ),
        (
            {"x_test": np.zeros((2, 20), np.uint8)},
            ": `x_test` must be uint8 of shape (image, height, width) or (image, height, width, "
            "channel), got uint8 of shape (2, 20).",
        ),
        (
            {"y_train": np.zeros(4, np.uint8)},
            ": `y_train` must be whole numbers of shape (3,), one an image, got uint8 of shape "
            "(4,).",
        ),
        (
            {"y_test": np.zeros((2, 10), np.uint8)},
            ": `y_test` must be whole numbers of shape (2,), one an image, got uint8 of shape "
            "(2, 10).",
        ),
    ],
)
def test_other_types_and_shapes_are_told(tmp_path, changes, said):
    assert refused(tmp_path, **changes) == said
