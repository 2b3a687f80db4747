"""Quotients that have no number where there is nothing to divide by."""

import numpy as np
from jaxtyping import Float, Inexact


def ratio(
    part: Inexact[np.ndarray, "..."], whole: Float[np.ndarray, "..."]
) -> Inexact[np.ndarray, "..."]:
    """Returns the quotient of two arrays, NaN where the divisor is not above 0."""
    missing = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan, part.dtype)
    found: np.ndarray = np.divide(part, whole, out=missing, where=whole > 0)
    return found
