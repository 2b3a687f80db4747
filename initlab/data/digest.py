"""Digests that tell whether data are the data that were meant."""

import hashlib
from pathlib import Path
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


def check_content(file: Path | str, content: bytes, expected: str) -> None:
    """Raises `DataError` unless `content` has the digest expected.

    Args:
        file: how the message names what was read.
        content: its bytes, decompressed where the digest is that of the payload.
        expected: a SHA-256, or the MD5 under which some files are published, in hexadecimal.
    """
    kind = "MD5" if len(expected) == 32 else "SHA-256"
    algorithm = "md5" if kind == "MD5" else "sha256"
    found = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    if found != expected:
        raise DataError(
            f"{file} was altered or is another version: its {len(content):,} bytes have {kind} "
            f"{found}, expected {expected}. Fetch the file again, or take it away."
        )


def read_shipped(path: Path, *, sha256: str) -> bytes:
    """Returns the content of a file that comes with the lab.

    Raises:
        DataError: if the file is missing, or is not the one that was shipped.
    """
    if not path.is_file():
        raise DataError(f"{path} is missing: install initlab again.")
    content = path.read_bytes()
    check_sha256(str(path), expected=sha256, found=hashlib.sha256(content).hexdigest())
    return content
