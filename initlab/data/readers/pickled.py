"""Reading a pickle that holds arrays of numbers, and executing nothing that it names."""

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from initlab.errors import DataError


def _encode(text: str, encoding: str) -> bytes:
    """Returns bytes that Python 3 wrote as text, for readers of older pickles."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"bytes encoded as {encoding[:20]!r}")
    return text.encode("latin1")


_reconstruct = np.zeros(0).__reduce__()[0]  # NumPy's own, under whatever name it goes now

ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): _encode,
}
"""Everything that a pickle may call: what arrays are made of, under the names of old and new NumPy.

A dtype of Python objects can be made of these, and holds nothing but what they make.
"""


class _Unpickler(pickle.Unpickler):
    """An unpickler that knows the names in `ALLOWED` and no other."""

    def find_class(self, module: str, name: str) -> Any:
        """Returns what a pickle may call; any other name is refused before it is looked up."""
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"it calls {module}.{name}")
        return ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> Any:
        """Refuses references to what lies outside of the file."""
        raise pickle.UnpicklingError("it refers to something outside of the file")


def read_pickled_dict(content: bytes, path: Path) -> dict[str, Any]:
    """Returns the dictionary in a pickle of text, numbers, lists and arrays of numbers.

    Args:
        content: the pickle, of Python 2 or 3.
        path: how messages name the file.

    Raises:
        DataError: if it names anything else, is damaged, or is no dictionary with text as keys.
    """
    try:
        # Python 2's text is bytes of latin1: the names of keys, and the pixels themselves.
        found = _Unpickler(io.BytesIO(content), encoding="latin1").load()
    except Exception as error:  # a damaged pickle may raise anything
        raise DataError(
            f"{path} is refused: {error}. A data set's pickle holds arrays, lists and text alone; "
            "fetch the file again."
        ) from error
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise DataError(f"{path} holds no dictionary with text as keys. Fetch the file again.")
    return found
