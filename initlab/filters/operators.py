"""The derivative filters of image processing, for windows of any odd size."""

import math

import numpy as np
from jaxtyping import Float

from initlab.filters.window import require_window

SQRT_HALF = math.sqrt(0.5)
# Of eight directions, exactly: those that floating point computes of right angles are not 0.
COSINES = np.array([1.0, SQRT_HALF, 0.0, -SQRT_HALF, -1.0, -SQRT_HALF, 0.0, SQRT_HALF])


def sobel(size: int) -> Float[np.ndarray, "filter size size"]:
    r"""Returns Sobel's filter in eight directions, 45 degrees apart.

    .. math:: G_\theta(x, y) = \cos\theta\; d(x)\, b_{k-1}(y) + \sin\theta\; d(y)\, b_{k-1}(x),
              \qquad d = b_{k-2} * (-1, 1)

    with :math:`b_n` the binomial coefficients of :math:`n`, :math:`x` to the right and :math:`y`
    up. Direction :math:`\theta` is that in which an image has to brighten, anticlockwise from the
    right: filter 0 answers to what is brighter on its right, filter 2 above, filter 4 is filter 0
    negated. For a window of 3 these are Sobel's numbers, for larger ones those of OpenCV.

    Args:
        size: :math:`k`, side of the window, odd, at least 3.

    Raises:
        ValueError: if `size` is even or below 3.

    References:
        Sobel and Feldman 1968, in Duda and Hart, Pattern Classification and Scene Analysis, 1973;
        `getDerivKernels` of OpenCV; Freeman and Adelson, The Design and Use of Steerable Filters,
        1991.

    Example:
        >>> sobel(3)[0].astype(int)
        array([[-1,  0,  1],
               [-2,  0,  2],
               [-1,  0,  1]])
    """
    require_window(size)
    return _steered(_binomial(size - 1), np.convolve(_binomial(size - 2), [-1.0, 1.0]))


def prewitt(size: int) -> Float[np.ndarray, "filter size size"]:
    """Returns Prewitt's filter in eight directions: the slope of the plane that fits the window.

    Directions as in `sobel`. Along its direction it is a ramp, across it is constant.

    Args:
        size: side of the window, odd, at least 3.

    Raises:
        ValueError: if `size` is even or below 3.

    References:
        Prewitt, Object Enhancement and Extraction, 1970.

    Example:
        >>> prewitt(3)[0].astype(int)
        array([[-1,  0,  1],
               [-1,  0,  1],
               [-1,  0,  1]])
    """
    require_window(size)
    return _steered(np.ones(size), np.arange(size) - (size - 1) / 2)


def laplacian(size: int) -> Float[np.ndarray, "filter size size"]:
    """Returns the Laplacian and its negative: dark centre, bright centre.

    In a window of 3 it is the difference from four neighbours; in larger ones the same of an image
    smoothed by binomials.

    Args:
        size: side of the window, odd, at least 3.

    Raises:
        ValueError: if `size` is even or below 3.

    References:
        Marr and Hildreth, Theory of Edge Detection, 1980.

    Example:
        >>> laplacian(3)[0].astype(int)
        array([[ 0,  1,  0],
               [ 1, -4,  1],
               [ 0,  1,  0]])
    """
    require_window(size)
    smooth = _binomial(size - 3)
    twice = np.convolve(smooth, [1.0, -2.0, 1.0])
    padded = np.pad(smooth, 1)
    filters = np.outer(padded, twice) + np.outer(twice, padded)
    return np.stack([filters, -filters])


def _binomial(order: int) -> Float[np.ndarray, " tap"]:
    """Returns the binomial coefficients of an order."""
    return np.array([math.comb(order, tap) for tap in range(order + 1)], np.float64)


def _steered(
    smooth: Float[np.ndarray, " size"], slope: Float[np.ndarray, " size"]
) -> Float[np.ndarray, "filter size size"]:
    """Returns a derivative in all directions, from its factors across and along."""
    right, up = np.outer(smooth, slope), np.outer(-slope, smooth)
    sines = np.roll(COSINES, 2)
    filters: np.ndarray = COSINES[:, None, None] * right + sines[:, None, None] * up
    return filters
