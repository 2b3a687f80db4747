"""Which places of an image each tap of a window meets."""

import math

import numpy as np
from jaxtyping import Float, Int

from initlab.architectures.sizes import Padding, Sizes
from initlab.architectures.windows import fit

type Taps = Int[np.ndarray, "*tap out"]


def taps(
    size: Sizes,
    window: Sizes,
    strides: Sizes = (),
    padding: Padding = "VALID",
    dilation: Sizes = (),
) -> tuple[Taps, Sizes]:
    """Returns the place that each tap meets at each place of the output, and the output's size.

    Args:
        size: places along each axis.
        window: taps along each axis.
        strides: steps along each axis; none means one.
        padding: as for `initlab.architectures.windows.fit`.
        dilation: steps between two taps along each axis; none means one.

    Returns:
        Places counted along the last axis first; one more than there are stands for padding.

    Raises:
        ValueError: if the window has another number of axes than the image, or is larger.
    """
    if len(window) != len(size):
        raise ValueError(
            f"`window` must have an axis for each of the image's {size}, got {window}."
        )
    met = np.zeros((1, 1), int)
    outside = np.zeros((1, 1), bool)
    sizes = []
    one = (1,) * len(window)
    for places, width, step, apart in zip(
        size, window, strides or one, dilation or one, strict=True
    ):
        fitted = fit(places, width, stride=step, padding=padding, dilation=apart)
        axis = np.arange(fitted.places) * step + np.arange(width)[:, None] * apart - fitted.before
        beyond = (axis < 0) | (axis >= places)
        if padding == "CIRCULAR":
            axis, beyond = axis % places, np.zeros_like(beyond)
        met = _crossed(met * places, axis)
        outside = _crossed(outside, beyond)
        sizes.append(fitted.places)
    return np.where(outside, math.prod(size), met), tuple(sizes)


def _crossed(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """Returns the sums over each tap and place of both axes, which are true where either is."""
    summed = outer[:, None, :, None] + inner[None, :, None, :]
    return np.asarray(summed.reshape(outer.shape[0] * inner.shape[0], -1))


def gathered(values: Float[np.ndarray, "place ..."], met: Taps) -> np.ndarray:
    """Returns, for each tap and place of the output, the value that is met, zero for padding."""
    padded = np.concatenate([values, np.zeros((1, *values.shape[1:]))])
    return np.asarray(padded[met])


def scattered(values: Float[np.ndarray, "*each out"], met: Taps, places: int) -> np.ndarray:
    """Returns, for each place, the sum of what the outputs that meet it hold: the transpose.

    Args:
        values: of each output, or of each tap of it.
        met: what `taps` returns.
        places: number of places.
    """
    spread = np.broadcast_to(values, met.shape)
    return np.bincount(met.ravel(), spread.ravel(), minlength=places + 1)[:places]
