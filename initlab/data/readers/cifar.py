"""CIFAR-10 and CIFAR-100 as their authors distribute them: in binary, and as Python pickles."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from initlab.data.digest import check_content
from initlab.data.image_set import Splits
from initlab.data.readers.pickled import read_pickled_dict
from initlab.errors import DataError

SIDE = 32
PIXELS = 3 * SIDE * SIDE

type Array = np.ndarray[Any, np.dtype[Any]]
type Part = tuple[Array, Array]


class CifarFiles(NamedTuple):
    """The files of one set.

    Attributes:
        train: names of the files of the training part, in order.
        test: name of the file of the test part.
        label_bytes: bytes before the pixels of a record; the last one is the label.
        label_key: where a pickle keeps the labels.
        md5: digest of each pickle, as torchvision checks it.
    """

    train: tuple[str, ...]
    test: str
    label_bytes: int
    label_key: str
    md5: dict[str, str]


CIFAR10 = CifarFiles(
    train=tuple(f"data_batch_{number}" for number in range(1, 6)),
    test="test_batch",
    label_bytes=1,
    label_key="labels",
    md5={
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
    },
)
CIFAR100 = CifarFiles(
    train=("train",),
    test="test",
    label_bytes=2,  # the coarse label, then the fine one
    label_key="fine_labels",
    md5={
        "train": "16019d7e3df5f24257cddd939b257f8d",
        "test": "f0ef6b0ae62326f3e7ffdfab6717acfc",
    },
)


def read_cifar_binary(folder: Path, files: CifarFiles) -> Splits:
    """Returns the set from its `.bin` files: records of label and red, green and blue plane.

    No digest of these files is published; their sizes are checked, and the classes later.

    Raises:
        DataError: if a file is missing or is no whole number of records.
    """
    record = files.label_bytes + PIXELS

    def part(name: str) -> Part:
        path = folder / f"{name}.bin"
        content = _content(path)
        if not content or len(content) % record:
            raise DataError(
                f"{path} has {len(content):,} bytes, which is no whole number of records of "
                f"{record:,} bytes. Fetch the file again."
            )
        rows = np.frombuffer(content, np.uint8).reshape(-1, record)
        return rows[:, files.label_bytes :], rows[:, files.label_bytes - 1]

    _require(folder, [f"{name}.bin" for name in (*files.train, files.test)])
    return _splits([part(name) for name in files.train], part(files.test))


def read_cifar_python(folder: Path, files: CifarFiles, *, official: bool = True) -> Splits:
    """Returns the set from its pickles, of which nothing is executed.

    Args:
        folder: holds the pickles.
        files: their names.
        official: whether only the official files are accepted, by their digests.

    Raises:
        DataError: if a file is missing, altered, names anything but arrays, or has not a label
            for each image.
    """

    def part(name: str) -> Part:
        path = folder / name
        content = _content(path)
        if official:
            check_content(path, content, files.md5[name])
        return _pickled_part(read_pickled_dict(content, path), files.label_key, path)

    _require(folder, [*files.train, files.test])
    return _splits([part(name) for name in files.train], part(files.test))


def _pickled_part(batch: dict[str, Any], label_key: str, path: Path) -> Part:
    """Returns the images and labels of one pickle."""
    data: Any = batch.get("data")
    labels: Any = batch.get(label_key)
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape[1:] != (PIXELS,):
        raise DataError(
            f"{path} must hold `data`, bytes of shape (images, {PIXELS}), got "
            f"{_kind(data)}. Fetch the file again."
        )
    whole = isinstance(labels, list) and all(type(one) is int and 0 <= one < 256 for one in labels)
    if not whole or len(labels) != len(data):
        raise DataError(
            f"{path} must hold `{label_key}`, a list of {len(data):,} whole numbers, got "
            f"{_kind(labels)}. Fetch the file again."
        )
    return data, np.array(labels, np.uint8)


def _splits(train: Sequence[Part], test: Part) -> Splits:
    """Returns the set of its parts, whose images are rows of three planes."""
    images, labels = zip(*train, strict=True)
    return Splits(
        _images(np.concatenate(images)),
        np.concatenate(labels).astype("<i4"),
        _images(test[0]),
        test[1].astype("<i4"),
    )


def _images(rows: Array) -> Array:
    """Returns `(image, row, column, channel)` of rows of a red, a green and a blue plane."""
    planes = rows.reshape(-1, 3, SIDE, SIDE)
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1))


def _content(path: Path) -> bytes:
    """Returns the bytes of a file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}.") from error


def _require(folder: Path, names: Iterable[str]) -> None:
    """Refuses a folder that lacks one of the files."""
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise DataError(
            f"{folder} lacks {', '.join(missing)}: put the whole set there, or take it away."
        )


def _kind(value: Any) -> str:
    """Returns what a value is, for a message."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    if isinstance(value, list):
        return f"a list of {len(value):,}"
    return "nothing" if value is None else type(value).__name__
