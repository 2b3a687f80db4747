"""The IDX form of MNIST and its kin: four files, plain or compressed with gzip."""

import gzip
import math
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from initlab.data.digest import check_content
from initlab.data.image_set import Splits
from initlab.errors import DataError

FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}
"""The file of each of `Splits`; one that is compressed ends in `.gz`."""

UNSIGNED_BYTE = 8  # the type code of the only type that these sets use

type Bytes = np.ndarray[Any, np.dtype[np.uint8]]


def read_idx_folder(folder: Path, sha256: Mapping[str, str] | None = None) -> Splits:
    """Returns the set whose four files lie in `folder`, the plain one where both forms do.

    Args:
        folder: holds the files of `FILES`.
        sha256: digest of each decompressed file by its name without `.gz`; None checks no digest.

    Raises:
        DataError: if a file is missing, cut short, altered, of another type, or if images and
            labels differ in number.
    """
    paths = {name: _present(folder, file) for name, file in FILES.items()}
    if missing := [FILES[name] for name, path in paths.items() if path is None]:
        raise DataError(
            f"{folder} lacks {', '.join(missing)}, plain or as .gz: put the four files there, or "
            "take the others away."
        )
    arrays: dict[str, Bytes] = {}
    for name, path in paths.items():
        if path is not None:
            payload = read_payload(path)
            if sha256 is not None:
                check_content(path, payload, sha256[FILES[name]])
            arrays[name] = parse_idx(payload, path, dimensions=3 if "images" in name else 1)
    for part in ("train", "test"):
        images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        if len(images) != len(labels):
            raise DataError(
                f"{paths[f'{part}_images']} holds {len(images):,} images, "
                f"{paths[f'{part}_labels']} {len(labels):,} labels: fetch both again."
            )
    return Splits(
        arrays["train_images"][..., np.newaxis],
        arrays["train_labels"].astype("<i4"),
        arrays["test_images"][..., np.newaxis],
        arrays["test_labels"].astype("<i4"),
    )


def read_payload(path: Path) -> bytes:
    """Returns the content of a file, decompressed if its name ends in `.gz`.

    Raises:
        DataError: if it cannot be read, or is not gzip.
    """
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}. Fetch the file again.") from error


def parse_idx(payload: bytes, path: Path, *, dimensions: int) -> Bytes:
    """Returns the array in an IDX file.

    Args:
        payload: two zero bytes, the type, the number of dimensions, each size as four bytes of
            which the first counts most, then the entries, the last index fastest.
        path: how messages name the file.
        dimensions: 3 for images `(image, height, width)`, 1 for labels `(image,)`.

    Raises:
        DataError: if that is not what the file holds.
    """
    start = 4 + 4 * dimensions
    magic = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    if payload[:4] != magic or len(payload) < start:
        raise DataError(
            f"{path} is no IDX file of unsigned bytes with {dimensions} dimensions: it begins with "
            f"0x{payload[:4].hex()}, expected 0x{magic.hex()}. Fetch the file again."
        )
    sizes = [int(size) for size in np.frombuffer(payload, ">u4", dimensions, 4)]
    if len(payload) != start + math.prod(sizes):
        shape = " x ".join(f"{size:,}" for size in sizes)
        raise DataError(
            f"{path} has {len(payload):,} bytes, but {shape} entries need "
            f"{start + math.prod(sizes):,}. Fetch the file again."
        )
    return np.frombuffer(payload, np.uint8, offset=start).reshape(sizes)


def as_idx(array: Bytes) -> bytes:
    """Returns the IDX file of an array, to compare digests with those of the official files.

    Example:
        >>> as_idx(np.array([7, 2], np.uint8)).hex()
        '00000801000000020702'
    """
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, UNSIGNED_BYTE, array.ndim]) + sizes + array.tobytes()


def _present(folder: Path, file: str) -> Path | None:
    """Returns the path of a file, plain or compressed, if there is one."""
    candidates = (folder / file, folder / f"{file}.gz")
    return next((path for path in candidates if path.is_file()), None)
