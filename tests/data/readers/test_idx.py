"""IDX files: true bytes in, arrays out; what is cut short, mixed up or altered is refused."""

import gzip
import hashlib
import struct

import numpy as np
import pytest

from initlab.data.readers.idx import FILES, as_idx, parse_idx, read_idx_folder
from initlab.errors import DataError

RANDOM = np.random.default_rng(0)
ARRAYS = {
    "train_images": RANDOM.integers(0, 256, (5, 4, 3), np.uint8),
    "train_labels": np.array([3, 1, 4, 1, 5], np.uint8),
    "test_images": RANDOM.integers(0, 256, (2, 4, 3), np.uint8),
    "test_labels": np.array([9, 2], np.uint8),
}


def idx(array):
    """Returns the file as MNIST's page describes it, written apart from the lab's own code."""
    magic = {3: 0x00000803, 1: 0x00000801}[array.ndim]
    return struct.pack(f">{1 + array.ndim}I", magic, *array.shape) + array.tobytes()


def write(folder, *, compressed=()):
    for name, file in FILES.items():
        content = idx(ARRAYS[name])
        if name in compressed:
            (folder / f"{file}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / file).write_bytes(content)
    return folder


def refused(folder, digests=None):
    with pytest.raises(DataError) as caught:
        read_idx_folder(folder, digests)
    return str(caught.value)


@pytest.mark.parametrize("compressed", [(), ("train_images", "test_labels"), tuple(FILES)])
def test_files_are_read_plain_and_compressed(tmp_path, compressed):
    splits = read_idx_folder(write(tmp_path, compressed=compressed))
    for name, array in ARRAYS.items():
        found = getattr(splits, name)
        expected = array[..., None] if "images" in name else array
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == (np.uint8 if "images" in name else np.int32)


def test_the_digest_is_of_the_payload_whatever_the_compression(tmp_path):
    digests = {
        FILES[name]: hashlib.sha256(idx(array)).hexdigest() for name, array in ARRAYS.items()
    }
    read_idx_folder(write(tmp_path, compressed=tuple(FILES)), digests)
    path = tmp_path / f"{FILES['train_images']}.gz"
    altered = bytearray(idx(ARRAYS["train_images"]))
    altered[-1] ^= 1
    path.write_bytes(gzip.compress(altered))
    assert refused(tmp_path, digests) == (
        f"{path} was altered or is another version: its 76 bytes have SHA-256 "
        f"{hashlib.sha256(altered).hexdigest()}, expected {digests[FILES['train_images']]}. "
        "Fetch the file again, or take it away."
    )


def test_missing_files_are_named(tmp_path):
    write(tmp_path)
    (tmp_path / FILES["train_labels"]).unlink()
    (tmp_path / FILES["test_images"]).unlink()
    assert refused(tmp_path) == (
        f"{tmp_path} lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte, plain or as .gz: put "
        "the four files there, or take the others away."
    )


def test_a_file_cut_short_is_told_with_its_sizes(tmp_path):
    path = write(tmp_path) / FILES["train_images"]
    path.write_bytes(path.read_bytes()[:-1])
    assert refused(tmp_path) == (
        f"{path} has 75 bytes, but 5 x 4 x 3 entries need 76. Fetch the file again."
    )


def test_a_compressed_file_cut_short_is_refused(tmp_path):
    write(tmp_path, compressed=("train_images",))
    path = tmp_path / f"{FILES['train_images']}.gz"
    path.write_bytes(path.read_bytes()[:-9])
    assert refused(tmp_path).startswith(f"{path} cannot be read: ")


@pytest.mark.parametrize(
    "head", [b"", b"\x00\x00\x08", b"\x00\x00\x08\x01", b"\x00\x00\x0d\x03", b"\x08\x00\x00\x03"]
)
def test_what_is_no_idx_file_of_bytes_is_refused(tmp_path, head):
    path = tmp_path / "images"
    with pytest.raises(DataError) as caught:
        parse_idx(head + bytes(12), path, dimensions=3)
    assert str(caught.value) == (
        f"{path} is no IDX file of unsigned bytes with 3 dimensions: it begins with "
        f"0x{(head + bytes(12))[:4].hex()}, expected 0x00000803. Fetch the file again."
    )


def test_a_label_for_each_image_is_needed(tmp_path):
    path = write(tmp_path) / FILES["test_labels"]
    path.write_bytes(idx(np.array([1, 2, 3], np.uint8)))
    assert refused(tmp_path) == (
        f"{tmp_path / FILES['test_images']} holds 2 images, {path} 3 labels: fetch both again."
    )


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_makes_the_official_file_again(name):
    assert as_idx(ARRAYS[name]) == idx(ARRAYS[name])
