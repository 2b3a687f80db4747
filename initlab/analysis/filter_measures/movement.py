"""How far training moved each filter."""

import numpy as np
from jaxtyping import Float

from initlab.analysis.filter_measures.ratio import ratio


def relative_movement(
    before: Float[np.ndarray, "height width in out"],
    after: Float[np.ndarray, "height width in out"],
) -> Float[np.ndarray, " out"]:
    r"""Returns :math:`\lVert W' - W \rVert / \lVert W \rVert` of each filter: 0 or more.

    0 is a filter that stayed where it began, 1 one that moved by its own length, as a random one
    would that shrank to zero. NaN for a filter that began with zeros.
    """
    start, end = _flat(before), _flat(after)
    length = np.linalg.norm(start, axis=0)
    moved = np.linalg.norm(end - start, axis=0)
    return ratio(moved, length)


def cosine_to_start(
    before: Float[np.ndarray, "height width in out"],
    after: Float[np.ndarray, "height width in out"],
) -> Float[np.ndarray, " out"]:
    """Returns the cosine between each filter before and after: -1 to 1.

    1 is a filter whose size alone changed. NaN for a filter that is or was zeros.
    """
    start, end = _flat(before), _flat(after)
    lengths = np.linalg.norm(start, axis=0) * np.linalg.norm(end, axis=0)
    product = (start * end).sum(axis=0)
    return ratio(product, lengths)


def _flat(kernel: Float[np.ndarray, "height width in out"]) -> Float[np.ndarray, "tap out"]:
    """Returns the filters as columns."""
    return kernel.astype(np.float64).reshape(-1, kernel.shape[-1])
