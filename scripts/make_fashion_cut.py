"""Cuts 5,000 + 1,000 images out of Fashion-MNIST into the file that the lab ships.

Example:
    apt-get download dataset-fashion-mnist && dpkg-deb -x dataset-fashion-mnist_*.deb extracted
    python scripts/make_fashion_cut.py extracted/usr/share/datasets/fashion-mnist
"""

import argparse
import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from initlab.data.digest import check_sha256
from initlab.data.fashion import SHIPPED
from initlab.data.idx_sets import FASHION_SHA256
from initlab.data.stratify import stratified_choice
from initlab.errors import DataError

DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
PAYLOAD_SHA256 = {f"{file}.gz": digest for file, digest in FASHION_SHA256.items()}
NUM_TRAIN = 5000
NUM_TEST = 1000
SEED = 2017

type AnyArray = np.ndarray[Any, np.dtype[Any]]


def read_payload(path: Path) -> bytes:
    """Returns the decompressed file, whose digest must be the official one.

    Raises:
        DataError: if the file is missing, is not gzip, or holds something else.
    """
    try:
        payload = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}.") from error
    expected = PAYLOAD_SHA256[path.name]
    check_sha256(f"{path}, decompressed,", expected=expected, found=_sha256(payload))
    return payload


def cut(folder: Path, part: str, num_images: int) -> tuple[AnyArray, AnyArray, AnyArray]:
    """Returns images `[n, 28, 28, 1]`, labels and their places in one part of the source.

    Args:
        folder: holds the four IDX files, compressed with gzip.
        part: `"train"` or `"t10k"`.
        num_images: how many to take, the classes in equal numbers.
    """
    # The IDX header is 16 bytes before images and 8 before labels.
    images = np.frombuffer(read_payload(folder / f"{part}-images-idx3-ubyte.gz"), np.uint8, -1, 16)
    labels = np.frombuffer(read_payload(folder / f"{part}-labels-idx1-ubyte.gz"), np.uint8, -1, 8)
    indices = stratified_choice(labels, num_images, seed=SEED)
    images = images.reshape(-1, 28, 28, 1)[indices]
    return images, labels[indices].astype("<i4"), indices.astype("<i4")


def write_npz(path: Path, arrays: dict[str, AnyArray]) -> None:
    """Writes arrays as an npz whose bytes depend on the arrays alone.

    Stored and not deflated, since compressed bytes differ between releases of zlib, and dated
    1980, which is where zip begins.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w") as file:
                np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=False)


def make_fashion_cut(folder: Path, out: Path) -> str:
    """Writes the cut of the files in `folder` to `out` and returns its SHA-256."""
    train_images, train_labels, train_indices = cut(folder, "train", NUM_TRAIN)
    test_images, test_labels, test_indices = cut(folder, "t10k", NUM_TEST)
    write_npz(
        out,
        {
            "train_images": train_images,
            "train_labels": train_labels,
            "test_images": test_images,
            "test_labels": test_labels,
            "train_indices": train_indices,
            "test_indices": test_indices,
            "source_files": np.array([*PAYLOAD_SHA256], "<U26"),
            "source_payload_sha256": np.array([*PAYLOAD_SHA256.values()], "<U64"),
        },
    )
    return _sha256(out.read_bytes())


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the command line, makes the cut and prints its digest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=DEBIAN_FOLDER)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parsed = parser.parse_args(arguments)
    try:
        digest = make_fashion_cut(parsed.folder, parsed.out)
    except DataError as error:
        parser.exit(1, f"{error}\n")
    print(f"{digest}  {parsed.out}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
