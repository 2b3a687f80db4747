"""Small CIFAR files in their true forms: the planes become channels, and damage is named."""

import pickle
import struct

import numpy as np
import pytest

from initlab.data.readers.cifar import CIFAR10, CIFAR100, read_cifar_binary, read_cifar_python
from initlab.errors import DataError

RANDOM = np.random.default_rng(1)
SETS = {"cifar10": (CIFAR10, 10), "cifar100": (CIFAR100, 100)}


def images_of(files, classes):
    """Returns for each file three images `(3, 32, 32, 3)`, their labels and coarse labels."""
    return {
        name: (
            RANDOM.integers(0, 256, (3, 32, 32, 3), np.uint8),
            RANDOM.integers(0, classes, 3),
            RANDOM.integers(0, 20, 3),
        )
        for name in (*files.train, files.test)
    }


def planes(image):
    """Returns the bytes of an image as the authors store it: red, green, blue, row by row."""
    return b"".join(image[..., channel].tobytes() for channel in range(3))


def write_binary(folder, files, content):
    for name, (images, labels, coarse) in content.items():
        heads = [
            bytes([label]) if files.label_bytes == 1 else bytes([group, label])
            for label, group in zip(labels, coarse, strict=True)
        ]
        records = [head + planes(image) for head, image in zip(heads, images, strict=True)]
        (folder / f"{name}.bin").write_bytes(b"".join(records))


def old_pickle(files, images, labels, coarse):
    """Returns a pickle as Python 2 and its NumPy wrote it: protocol 2, text as bytes."""

    def text(value):
        return b"U" + bytes([len(value)]) + value

    def numbers(values):
        return b"](" + b"".join(b"K" + bytes([value]) for value in values) + b"e"

    data = b"".join(map(planes, images))
    dtype = b"cnumpy\ndtype\n" + text(b"u1") + b"K\x00K\x01\x87R(K\x03" + text(b"|")
    dtype += b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
    array += b"K\x00\x85" + text(b"b") + b"\x87R(K\x01K" + bytes([len(images)])
    array += b"M\x00\x0c\x86" + dtype + b"\x89T" + struct.pack("<i", len(data)) + data + b"tb"
    content = b"\x80\x02}(" + text(b"data") + array
    content += text(files.label_key.encode()) + numbers(labels)
    if files.label_bytes == 2:
        content += text(b"coarse_labels") + numbers(coarse)
    return content + text(b"batch_label") + text(b"testing batch 1 of 1") + b"u."


def assert_same(splits, files, content):
    for name, images, labels in (
        ("train", splits.train_images, splits.train_labels),
        ("test", splits.test_images, splits.test_labels),
    ):
        parts = [content[file] for file in (files.train if name == "train" else (files.test,))]
        np.testing.assert_array_equal(images, np.concatenate([part[0] for part in parts]))
        np.testing.assert_array_equal(labels, np.concatenate([part[1] for part in parts]))
        assert (images.dtype, labels.dtype) == (np.uint8, np.int32)


@pytest.mark.parametrize("name", SETS)
def test_the_binary_form_is_read(tmp_path, name):
    files, classes = SETS[name]
    content = images_of(files, classes)
    write_binary(tmp_path, files, content)
    assert_same(read_cifar_binary(tmp_path, files), files, content)


@pytest.mark.parametrize("name", SETS)
def test_the_pickles_of_python_2_are_read(tmp_path, name):
    files, classes = SETS[name]
    content = images_of(files, classes)
    for file, part in content.items():
        written = old_pickle(files, *part)
        # The writer above is checked by Python's own reader.
        trusted = pickle.loads(written, encoding="latin1")  # noqa: S301
        assert trusted["data"].shape == (3, 3072)
        (tmp_path / file).write_bytes(written)
    assert_same(read_cifar_python(tmp_path, files, official=False), files, content)


def test_an_altered_pickle_is_refused_before_it_is_read(tmp_path):
    for file in (*CIFAR10.train, CIFAR10.test):
        (tmp_path / file).write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    with pytest.raises(DataError) as caught:
        read_cifar_python(tmp_path, CIFAR10)
    assert str(caught.value) == (
        f"{tmp_path / 'data_batch_1'} was altered or is another version: its 25 bytes have MD5 "
        "b8e0abee12481f19d6955e854c957b64, expected c99cafc152244af753f735de768cd75f. Fetch the "
        "file again, or take it away."
    )


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        ({}, "must hold `data`, bytes of shape (images, 3072), got nothing."),
        (
            {"data": np.zeros((2, 3072), np.float32)},
            "must hold `data`, bytes of shape (images, 3072), got float32 of shape (2, 3072).",
        ),
        (
            {"data": np.zeros((2, 3071), np.uint8)},
            "must hold `data`, bytes of shape (images, 3072), got uint8 of shape (2, 3071).",
        ),
        (
            {"data": np.zeros((2, 3072), np.uint8), "fine_labels": [1]},
            "must hold `fine_labels`, a list of 2 whole numbers, got a list of 1.",
        ),
        (
            {"data": np.zeros((2, 3072), np.uint8), "fine_labels": [1, 2.5]},
            "must hold `fine_labels`, a list of 2 whole numbers, got a list of 2.",
        ),
        (
            {"data": np.zeros((2, 3072), np.uint8), "labels": [1, 2]},
            "must hold `fine_labels`, a list of 2 whole numbers, got nothing.",
        ),
    ],
)
def test_a_pickle_of_something_else_is_told(tmp_path, batch, said):
    for file in ("train", "test"):
        (tmp_path / file).write_bytes(pickle.dumps(batch, 4))
    with pytest.raises(DataError) as caught:
        read_cifar_python(tmp_path, CIFAR100, official=False)
    assert str(caught.value) == f"{tmp_path / 'train'} {said} Fetch the file again."


@pytest.mark.parametrize("size", [0, 3072, 3073 * 3 - 1])
def test_a_binary_file_cut_short_is_told_with_its_size(tmp_path, size):
    write_binary(tmp_path, CIFAR10, images_of(CIFAR10, 10))
    path = tmp_path / "data_batch_3.bin"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DataError) as caught:
        read_cifar_binary(tmp_path, CIFAR10)
    assert str(caught.value) == (
        f"{path} has {size:,} bytes, which is no whole number of records of 3,073 bytes. "
        "Fetch the file again."
    )


def test_missing_files_are_named(tmp_path):
    write_binary(tmp_path, CIFAR10, images_of(CIFAR10, 10))
    (tmp_path / "data_batch_2.bin").unlink()
    (tmp_path / "test_batch.bin").unlink()
    with pytest.raises(DataError) as caught:
        read_cifar_binary(tmp_path, CIFAR10)
    assert str(caught.value) == (
        f"{tmp_path} lacks data_batch_2.bin, test_batch.bin: put the whole set there, or take it "
        "away."
    )
