"""Shapes drawn in ones on zeros: the curve detector and the X."""

import numpy as np
from jaxtyping import Float

from initlab.filters.window import require_window


def curve(size: int) -> Float[np.ndarray, "filter size size"]:
    """Returns a quarter of a circle in its four turns, 1 on the curve and 0 elsewhere.

    The circle's radius is `size - 1` and its centre a corner of the window; the curve is what lies
    within half a pixel of it. In filter 0 it bends from the lower left to the upper right around
    the lower right corner, and each next one is turned by 90 degrees anticlockwise.

    Args:
        size: side of the window, odd, at least 3.

    Raises:
        ValueError: if `size` is even or below 3.

    References:
        Deshpande, A Beginner's Guide to Understanding Convolutional Neural Networks, 2016, whose
        curve detector is 7 by 7.

    Example:
        >>> curve(5)[0].astype(int)
        array([[0, 0, 1, 1, 1],
               [0, 1, 1, 0, 0],
               [1, 1, 0, 0, 0],
               [1, 0, 0, 0, 0],
               [1, 0, 0, 0, 0]])
    """
    require_window(size)
    from_corner = np.arange(size)[::-1]
    distance = np.hypot(*np.meshgrid(from_corner, from_corner))
    arc = (np.abs(distance - (size - 1)) < 0.5).astype(np.float64)
    return np.stack([np.rot90(arc, turns) for turns in range(4)])


def cross(size: int) -> Float[np.ndarray, "filter size size"]:
    """Returns the X: 1 on both diagonals of the window and 0 elsewhere.

    Args:
        size: side of the window, odd, at least 3.

    Raises:
        ValueError: if `size` is even or below 3.

    Example:
        >>> cross(3)[0].astype(int)
        array([[1, 0, 1],
               [0, 1, 0],
               [1, 0, 1]])
    """
    require_window(size)
    return np.maximum(np.eye(size), np.eye(size)[::-1])[None]
