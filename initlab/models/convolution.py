"""Convolution whose backward pass stays fast inside compiled loops on a CPU."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from initlab.models.layers import matrix_product

CANONICAL = ("NHWC", "HWIO", "NHWC")
MATRIX = (((3,), (0,)), ((), ()))
MOST_APART = 8  # groups that are computed one by one: each is a part of the program


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


def convolution(
    inputs: Array,
    kernel: Array,
    strides: Sequence[int],
    padding: str | Sequence[tuple[int, int]],
    *,
    lhs_dilation: Sequence[int] = (1, 1),
    rhs_dilation: Sequence[int] = (1, 1),
    dimension_numbers: Any = None,
    feature_group_count: int = 1,
    precision: Any = None,
    out_sharding: Any = None,
) -> Array:
    """Returns the convolution of images, for the `conv_general_dilated` of `flax.nnx.Conv`.

    In the body of a loop XLA's CPU backend takes the transposed layouts of the native backward pass
    by a path that is up to sixty times slower (jax-ml/jax#12868), and groups of channels by one of
    its own that is fourteen times slower than they are apart. There both gradients are written as
    convolutions in the canonical layout, those of few groups one by one, and a kernel of one tap as
    a matrix product; elsewhere the native pass is taken. The numbers are the same.

    Args:
        inputs: `(batch, height, width, in)`.
        kernel: `(height, width, in / groups, out)`.
        strides: of both axes.
        padding: `"SAME"`, `"VALID"`, or zeros before and after, for both axes.
        lhs_dilation: ones: dilated images are not taken.
        rhs_dilation: of the kernel.
        dimension_numbers: those of the layouts above.
        feature_group_count: groups of channels.
        precision: None; `jax.default_matmul_precision` sets it.
        out_sharding: None.

    Raises:
        ValueError: if an image is dilated, or a layout, a precision or a sharding is asked for.
    """
    layout = lax.conv_dimension_numbers(inputs.shape, kernel.shape, CANONICAL)
    numbers = lax.conv_dimension_numbers(inputs.shape, kernel.shape, dimension_numbers or layout)
    asked = (numbers, tuple(lhs_dilation), precision, out_sharding)
    if asked != (layout, (1, 1), None, None):
        raise ValueError(
            "`convolution` takes images (batch, height, width, channel) that are not dilated, and "
            f"neither precision nor sharding, got {asked}: use `jax.lax.conv_general_dilated`."
        )
    dilation = tuple(rhs_dilation)
    if isinstance(padding, str):
        taps = [(k - 1) * d + 1 for k, d in zip(kernel.shape[:2], dilation, strict=True)]
        padding = lax.padtype_to_pads(inputs.shape[1:3], taps, tuple(strides), padding)
    pads = tuple((int(low), int(high)) for low, high in padding)
    window = Window(tuple(strides), pads, dilation, feature_group_count)  # type: ignore[arg-type]
    if kernel.shape[:2] == (1, 1) and window.groups == 1 and not any(map(any, pads)):
        seen = inputs[:, :: window.strides[0], :: window.strides[1]]
        return matrix_product(seen, kernel[0, 0], MATRIX)
    found: Array = lax.platform_dependent(
        inputs,
        kernel,
        cpu=lambda x, w: _group_by_group(window, x, w),
        default=lambda x, w: _forward_pass(window, x, w),
    )
    return found


def _forward_pass(window: Window, x: Array, kernel: Array) -> Array:
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


def _group_by_group(window: Window, x: Array, kernel: Array) -> Array:
    """Returns the convolution; XLA's CPU backend takes groups together only by a slow path."""
    if not 1 < window.groups <= MOST_APART:
        return _canonical(window, x, kernel)
    alone = window._replace(groups=1)
    of_groups = zip(
        jnp.split(x, window.groups, axis=-1), jnp.split(kernel, window.groups, axis=-1), strict=True
    )
    return jnp.concatenate([_canonical(alone, images, own) for images, own in of_groups], axis=-1)


_canonical = jax.custom_vjp(_forward_pass, nondiff_argnums=(0,))


def _remembered(window: Window, x: Array, kernel: Array) -> tuple[Array, tuple[Array, Array]]:
    """Returns the convolution, and both factors."""
    return _forward_pass(window, x, kernel), (x, kernel)


def _pulled_back(window: Window, kept: tuple[Array, Array], slope: Array) -> tuple[Array, Array]:
    """Returns the cotangents of the images and of the kernel."""
    x, kernel = kept
    return _of_images(window, x.shape, kernel, slope), _of_kernel(window, x, kernel.shape, slope)


_canonical.defvjp(_remembered, _pulled_back)


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
