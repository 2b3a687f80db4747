"""Kept arrays as one npz whose bytes depend on the arrays alone."""

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from initlab.errors import StoreError
from initlab.store.names import is_name

ARRAYS = "arrays.npz"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def encode_arrays(arrays: Mapping[str, npt.ArrayLike]) -> bytes:
    """Returns the bytes of an npz of `arrays`, which are named `<name>/<run_id>`.

    Raises:
        StoreError: if a name or a dtype cannot be stored.
    """
    return encode_npz({_checked(name): arrays[name] for name in sorted(arrays)}, compressed=True)


def encode_npz(arrays: Mapping[str, npt.ArrayLike], *, compressed: bool) -> bytes:
    """Returns the bytes of an npz of `arrays` in their order, which no clock changes.

    Raises:
        StoreError: if a dtype cannot be stored.
    """
    buffer = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", kind, compresslevel=1) as archive:
        for name in arrays:
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_EARLIEST)
            entry.compress_type = kind
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, _plain(name, arrays[name]), allow_pickle=False)
    return buffer.getvalue()


def decode_arrays(path: Path, run_ids: Collection[str]) -> dict[str, dict[str, npt.NDArray[Any]]]:
    """Returns the arrays of some runs in an npz: by run, then by their names without the run."""
    found: dict[str, dict[str, npt.NDArray[Any]]] = {run_id: {} for run_id in run_ids}
    with np.load(path, allow_pickle=False) as archive:
        for entry in archive.files:
            name, _, owner = entry.rpartition("/")
            if owner in found:
                found[owner][name] = archive[entry]
    return found


def _checked(name: str) -> str:
    parts = name.split("/")
    if len(parts) < 2 or not all(map(is_name, parts)):
        raise StoreError(f"array {name!r} must be named '<name>/<run_id>' in lower case.")
    return name


def _plain(name: str, array: npt.ArrayLike) -> npt.NDArray[Any]:
    plain = np.asarray(array, order="C")
    if plain.dtype.kind not in "biufcSU":
        raise StoreError(
            f"array {name!r} has dtype {plain.dtype}, which npz cannot hold: "
            "convert it, bfloat16 to float32."
        )
    return plain
