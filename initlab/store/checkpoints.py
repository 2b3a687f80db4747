"""Checkpoints: all arrays of one trained model as an npz that any NumPy reads, never a pickle."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from initlab.errors import StoreError
from initlab.store.arrays import encode_npz
from initlab.store.durable import read_bounded
from initlab.store.verify import reason

ORDER = "order"
LIMIT = 2**31  # bytes of a file
_SHOWN = 8
_UNREADABLE = (ValueError, OSError, EOFError, KeyError, MemoryError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Checkpoint:
    """The arrays of one model.

    Attributes:
        arrays: by name, in the order of the forward pass; a layer begins with its kernel.
        sha256: of the file that they were read from.
    """

    arrays: Mapping[str, npt.NDArray[Any]]
    sha256: str


def checkpoint_file(run_id: str) -> str:
    """Returns the name of a run's checkpoint in the folder of its group."""
    return f"checkpoint-{run_id}.npz"


def encode_checkpoint(arrays: Mapping[str, npt.ArrayLike]) -> bytes:
    """Returns the bytes of an npz of a model's arrays; they depend on the arrays alone.

    Args:
        arrays: in the order of the forward pass, which the array `order` of the file notes down.

    Raises:
        StoreError: if an array cannot be stored.
    """
    if ORDER in arrays:
        raise StoreError(f"{ORDER!r} is the list of a checkpoint's arrays, and none of them.")
    # Weights hardly compress; stored as they are, they do not depend on zlib's version.
    order = np.array(list(arrays), dtype=np.str_)
    return encode_npz({ORDER: order, **arrays}, compressed=False)


def read_checkpoint(path: Path, sha256: str = "") -> Checkpoint:
    """Returns the checkpoint in a file, read once and whole.

    Args:
        path: a regular file of at most 2 GB.
        sha256: what the digest of its bytes has to be; empty where none is known.

    Raises:
        StoreError: if it cannot be read, has another digest, is no npz of numbers, holds a pickle,
            or lists other arrays than it holds.
    """
    try:
        data = read_bounded(path, limit=LIMIT)
    except (OSError, ValueError) as error:
        raise StoreError(f"checkpoint {path} cannot be read: {reason(error)}.") from error
    found = hashlib.sha256(data).hexdigest()
    if sha256 and found != sha256:
        raise StoreError(
            f"checkpoint {path} was altered: expected SHA-256 {sha256}, found {found}. Restore it, "
            "or make it anew."
        )
    try:
        arrays = _decode(data)
    except _UNREADABLE as error:
        raise StoreError(f"checkpoint {path} is not an npz of arrays: {error}.") from error
    if faults := _disorder(arrays):
        raise StoreError(f"checkpoint {path}: {'; '.join(faults)}.")
    return Checkpoint({name: arrays[name] for name in arrays[ORDER].tolist()}, found)


def _decode(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """Returns the arrays of an npz."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ValueError("it is no zip archive")
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        found: dict[str, npt.NDArray[Any]] = {}
        for name in archive.files:
            array = archive[name]
            if not isinstance(array, np.ndarray):
                raise ValueError(f"{name!r} is no array")
            found[name] = array
        return found


def _disorder(arrays: Mapping[str, npt.NDArray[Any]]) -> list[str]:
    """Returns how the list of a checkpoint's arrays differs from what it holds."""
    order = arrays.get(ORDER)
    if order is None or order.ndim != 1 or order.dtype.kind != "U":
        return [f"it has no list {ORDER!r} of the names of its arrays"]
    names = order.tolist()
    held = [name for name in arrays if name != ORDER]
    faults = []
    if missing := [name for name in names if name not in held]:
        faults.append(f"it lacks {listed(missing)}")
    if extra := [name for name in held if name not in names]:
        faults.append(f"{listed(extra)} stands in no list {ORDER!r}")
    if len(set(names)) < len(names):
        faults.append(f"its list {ORDER!r} names an array twice")
    odd = [name for name in held if arrays[name].dtype.kind != "f"]
    if odd:
        faults.append(f"{listed(odd)} holds no floating-point numbers")
    infinite = [name for name in held if name not in odd and not np.isfinite(arrays[name]).all()]
    if infinite:
        faults.append(f"{listed(infinite)} holds numbers that are not finite")
    return faults


def listed(names: list[str]) -> str:
    """Returns the first of some names as text, and how many more there are."""
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
