"""Convolution whose backward pass stays fast inside compiled loops on a CPU."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax

from initlab.models.canonical import CANONICAL, Window, canonical, native
from initlab.models.layers import matrix_product

MATRIX = (((3,), (0,)), ((), ()))
PART = 2**20  # bytes of images that are made at once
MOST_APART = 8  # groups that are computed one by one: each is a part of the program


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
    convolutions in the canonical layout, those of few groups one by one and of large images in
    parts that a core's cache holds, and a kernel of one tap as a matrix product; elsewhere the
    native pass is taken. The numbers are the same, to float32's rounding.

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
        default=lambda x, w: native(window, x, w),
    )
    return found


def _group_by_group(window: Window, x: Array, kernel: Array) -> Array:
    """Returns the convolution; XLA's CPU backend takes groups together only by a slow path."""
    if not 1 < window.groups <= MOST_APART:
        return canonical(window, parts_of(window, x, kernel), x, kernel)
    alone = window._replace(groups=1)
    of_groups = zip(
        jnp.split(x, window.groups, axis=-1), jnp.split(kernel, window.groups, axis=-1), strict=True
    )
    return jnp.concatenate([_group_by_group(alone, *both) for both in of_groups], axis=-1)


def parts_of(window: Window, x: Array, kernel: Array) -> int:
    """Returns in how many parts of equal size images are taken: what one makes fits a cache."""
    made = jax.eval_shape(partial(native, window), x, kernel)
    wanted = math.ceil(made.size * made.dtype.itemsize / PART)
    return next((parts for parts in range(wanted, 2 * wanted) if x.shape[0] % parts == 0), 1)
