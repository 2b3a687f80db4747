"""The square window that a filter is made for, and the places in it."""

import numpy as np
from jaxtyping import Float


def require_window(size: int) -> None:
    """Raises `ValueError` unless `size` is odd and at least 3."""
    if size < 3 or size % 2 == 0:
        raise ValueError(f"`size` must be odd and at least 3, got {size}.")


def places(size: int) -> tuple[Float[np.ndarray, "size size"], Float[np.ndarray, "size size"]]:
    """Returns how far right of, and how far above, the centre each entry of a window lies."""
    offsets = np.arange(size) - (size - 1) / 2
    right, below = np.meshgrid(offsets, offsets)
    return right, -below


def unit_norm(bank: Float[np.ndarray, "filter size size"]) -> Float[np.ndarray, "filter size size"]:
    """Returns filters divided each by the root of the sum of its squares."""
    result: np.ndarray = bank / np.sqrt((bank**2).sum(axis=(1, 2), keepdims=True))
    return result
