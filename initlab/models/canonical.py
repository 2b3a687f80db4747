"""Convolution in XLA's canonical layout, forward and backward, a part of the batch at a time."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

CANONICAL = ("NHWC", "HWIO", "NHWC")


class Window(NamedTuple):
    """How a kernel is laid over an image, axis by axis.

    Attributes:
        strides: steps between two places.
        padding: zeros before and after the image.
        dilation: steps between two taps of the kernel.
        groups: groups of channels that do not see each other.
    """

    strides: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    dilation: tuple[int, int]
    groups: int


def native(window: Window, x: Array, kernel: Array) -> Array:
    """Returns the convolution, with the native gradient."""
    return lax.conv_general_dilated(
        x,
        kernel,
        window.strides,
        window.padding,
        rhs_dilation=window.dilation,
        dimension_numbers=CANONICAL,
        feature_group_count=window.groups,
    )


def canonical(window: Window, parts: int, x: Array, kernel: Array) -> Array:
    """Returns the convolution, of whose gradients both are convolutions in the canonical layout.

    Args:
        window: how the kernel is laid.
        parts: in how many parts of equal size images are taken, one after the other.
        x: `(batch, height, width, in)`.
        kernel: `(height, width, in / groups, out)`.
    """
    found: Array = _canonical(window, parts, x, kernel)
    return found


def _by_parts(window: Window, parts: int, x: Array, kernel: Array) -> Array:
    """Returns the convolution of one part of the images after the other."""
    if parts == 1:
        return native(window, x, kernel)
    return _joined(lax.map(lambda part: native(window, part, kernel), _split(x, parts)))


_canonical = jax.custom_vjp(_by_parts, nondiff_argnums=(0, 1))


def _remembered(
    window: Window, parts: int, x: Array, kernel: Array
) -> tuple[Array, tuple[Array, Array]]:
    """Returns the convolution, and both factors."""
    return _by_parts(window, parts, x, kernel), (x, kernel)


def _pulled_back(
    window: Window, parts: int, kept: tuple[Array, Array], slope: Array
) -> tuple[Array, Array]:
    """Returns the cotangents of the images and of the kernel."""
    x, kernel = kept
    if parts == 1:
        of_kernel = _of_kernel(window, x, kernel.shape, slope)
        return _of_images(window, x.shape, kernel, slope), of_kernel

    def add(total: Array, part: tuple[Array, Array]) -> tuple[Array, Array]:
        images, own = part
        of_images = _of_images(window, images.shape, kernel, own)
        return total + _of_kernel(window, images, kernel.shape, own), of_images

    of_kernel, of_images = lax.scan(
        add, jnp.zeros_like(kernel), (_split(x, parts), _split(slope, parts))
    )
    return _joined(of_images), of_kernel


_canonical.defvjp(_remembered, _pulled_back)


def _split(images: Array, parts: int) -> Array:
    """Returns `(part, image, ...)` of `(image, ...)`."""
    return images.reshape(parts, -1, *images.shape[1:])


def _joined(images: Array) -> Array:
    """Returns `(image, ...)` of `(part, image, ...)`."""
    return images.reshape(-1, *images.shape[2:])


def _of_images(window: Window, shape: tuple[int, ...], kernel: Array, slope: Array) -> Array:
    """Returns the cotangent of images: the slope, spread out, under the mirrored kernel."""
    pads = []
    for axis in (0, 1):
        taps = (kernel.shape[axis] - 1) * window.dilation[axis] + 1
        spread = (slope.shape[1 + axis] - 1) * window.strides[axis] + 1
        low = taps - 1 - window.padding[axis][0]
        pads.append((low, shape[1 + axis] - spread - low + taps - 1))
    height, width, own, outputs = kernel.shape
    grouped = kernel[::-1, ::-1].reshape(
        height, width, own, window.groups, outputs // window.groups
    )
    mirrored = grouped.transpose(0, 1, 4, 3, 2).reshape(height, width, -1, shape[-1])
    return lax.conv_general_dilated(
        slope,
        mirrored,
        (1, 1),
        pads,
        lhs_dilation=window.strides,
        rhs_dilation=window.dilation,
        dimension_numbers=CANONICAL,
        feature_group_count=window.groups,
    )


def _of_kernel(window: Window, x: Array, shape: tuple[int, ...], slope: Array) -> Array:
    """Returns the cotangent of a kernel: images under the slope, the batch as their channels."""
    pads = []
    for axis in (0, 1):
        spread = (slope.shape[1 + axis] - 1) * window.strides[axis] + 1
        reach = (shape[axis] - 1) * window.dilation[axis] + spread
        low = window.padding[axis][0]
        pads.append((low, reach - x.shape[1 + axis] - low))
    correlated = lax.conv_general_dilated(
        x.transpose(3, 1, 2, 0),
        slope.transpose(1, 2, 0, 3),
        window.dilation,
        pads,
        rhs_dilation=window.strides,
        dimension_numbers=CANONICAL,
        batch_group_count=window.groups,
    )
    return jnp.asarray(correlated.transpose(1, 2, 0, 3))
