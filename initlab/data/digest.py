"""Digests that tell whether data are the data that were meant."""

import hashlib
from typing import Any

import numpy as np

from initlab.errors import DataError


def payload_sha256(*arrays: np.ndarray[Any, np.dtype[Any]]) -> str:
    """Returns the SHA-256 of arrays, whatever file or compression they came in.

    Args:
        arrays: arrays of one-byte or little-endian type.

    Returns:
        64 hexadecimal digits, of each array's type, shape and C-ordered bytes in turn.

    Example:
        >>> payload_sha256(np.zeros(2, np.uint8)) == payload_sha256(np.zeros((2, 1), np.uint8))
        False
    """
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def check_sha256(file: str, *, expected: str, found: str) -> None:
    """Raises `DataError` naming `file` and both digests unless they are equal."""
    if found != expected:
        raise DataError(
            f"{file} is damaged or another version: expected SHA-256 {expected}, found {found}."
        )
