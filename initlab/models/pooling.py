"""Pooling that is as fast inside compiled loops on a CPU as outside, overlapping or not."""

from collections.abc import Sequence
from functools import partial, reduce
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

type Padding = str | Sequence[tuple[int, int]]


class Places(NamedTuple):
    """Where a window lies on an image, axis by axis.

    Attributes:
        window: height and width of the window.
        strides: steps between two places.
        padding: rows and columns before and after the image.
        number: how many places there are.
        size: height and width of the image with its padding.
    """

    window: tuple[int, int]
    strides: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    number: tuple[int, int]
    size: tuple[int, int]


def max_pool(
    x: Array, window: tuple[int, int], strides: tuple[int, int], padding: Padding = "VALID"
) -> Array:
    """Returns the largest value of each window.

    Of equal values the first in a window has the gradient, as in `jax.lax.reduce_window`.

    Args:
        x: `(batch, height, width, channel)`.
        window: height and width.
        strides: of both axes.
        padding: `"SAME"`, `"VALID"`, or the rows and columns before and after; they never win.

    Raises:
        ValueError: if no window fits into the image.
    """
    return _largest(_places(x.shape, window, strides, padding), x)


def mean_pool(
    x: Array, window: tuple[int, int], strides: tuple[int, int], padding: Padding = "VALID"
) -> Array:
    """Returns the mean of each window, padding counted as zeros; arguments as for `max_pool`."""
    return _summed(_places(x.shape, window, strides, padding), x) / (window[0] * window[1])


def norm_pool(
    x: Array, window: tuple[int, int], strides: tuple[int, int], padding: Padding = "VALID"
) -> Array:
    """Returns the Euclidean norm of each window; arguments as for `max_pool`.

    The gradient of a window of zeros is zero.
    """
    square = _summed(_places(x.shape, window, strides, padding), x * x)
    return jnp.where(square > 0, jnp.sqrt(jnp.where(square > 0, square, 1.0)), 0.0)


def global_mean_pool(x: Array) -> Array:
    """Returns the mean over all positions, `(batch, channel)`."""
    return jnp.mean(x, axis=(1, 2))


def _places(
    shape: tuple[int, ...], window: tuple[int, int], strides: tuple[int, int], padding: Padding
) -> Places:
    """Returns where a window lies on images of a shape."""
    if isinstance(padding, str):
        padding = lax.padtype_to_pads(shape[1:3], window, strides, padding)
    (top, bottom), (left, right) = ((int(low), int(high)) for low, high in padding)
    size = (shape[1] + top + bottom, shape[2] + left + right)
    number = tuple((n - w) // s + 1 for n, w, s in zip(size, window, strides, strict=True))
    if min(number) < 1:
        raise ValueError(
            f"A pooling window of {window[0]} x {window[1]} does not fit into an image of "
            f"{size[0]} x {size[1]}, padding included: pool less before, or take a larger image."
        )
    pads = ((top, bottom), (left, right))
    return Places(window, strides, pads, (number[0], number[1]), size)


def _summed(places: Places, x: Array) -> Array:
    """Returns the sum of each window, padding counted as zeros."""
    pads = ((0, 0), *places.padding, (0, 0))
    nothing = np.zeros((), x.dtype)
    found: Array = lax.reduce_window(
        x, nothing, lax.add, (1, *places.window, 1), (1, *places.strides, 1), pads
    )
    return found


def _taps(places: Places, x: Array) -> list[Array]:
    """Returns, for each tap of the window, the value under it at every place; padding is least."""
    padded = jnp.pad(x, ((0, 0), *places.padding, (0, 0)), constant_values=-jnp.inf)
    ends = [(n - 1) * s + 1 for n, s in zip(places.number, places.strides, strict=True)]
    return [
        padded[
            :,
            row : row + ends[0] : places.strides[0],
            column : column + ends[1] : places.strides[1],
        ]
        for row in range(places.window[0])
        for column in range(places.window[1])
    ]


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _largest(places: Places, x: Array) -> Array:
    """Returns the largest value of each window."""
    return reduce(jnp.maximum, _taps(places, x))


def _largest_forward(places: Places, x: Array) -> tuple[Array, Array]:
    """Returns the largest values, and the number of the tap that each was under."""
    first, *others = _taps(places, x)
    best, which = first, jnp.zeros(first.shape, jnp.int8 if len(others) < 127 else jnp.int32)
    for index, tap in enumerate(others, start=1):
        which = jnp.where(tap > best, jnp.asarray(index, which.dtype), which)
        best = jnp.maximum(best, tap)
    return best, which


def _largest_backward(places: Places, which: Array, slope: Array) -> tuple[Array]:
    """Returns the cotangent of the images: each slope where its value came from."""
    total = jnp.zeros((len(slope), *places.size, slope.shape[-1]), slope.dtype)
    columns = places.window[1]
    for index in range(places.window[0] * columns):
        own = jnp.where(which == index, slope, jnp.zeros((), slope.dtype))
        pads = [(0, 0, 0)]
        for axis, start in enumerate(divmod(index, columns)):
            reach = (places.number[axis] - 1) * places.strides[axis] + 1
            pads.append((start, places.size[axis] - start - reach, places.strides[axis] - 1))
        total += lax.pad(own, jnp.zeros((), slope.dtype), [*pads, (0, 0, 0)])
    (top, bottom), (left, right) = places.padding
    height, width = places.size
    return (total[:, top : height - bottom, left : width - right],)


_largest.defvjp(_largest_forward, _largest_backward)
