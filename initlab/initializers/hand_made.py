"""Laws that begin with filters made by hand: edges, waves, a curve, an X."""

import math
from collections.abc import Callable
from typing import get_args

import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab import filters
from initlab.filters.window import unit_norm
from initlab.initializers.arguments import require_positive
from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_dtype, draw_normal
from initlab.initializers.fans import fans
from initlab.spec.filter_banks import Form, Spare, window_fault

type Bank = Callable[[int], Float[np.ndarray, "filter size size"]]


def sobel(gain: float = 1.0, spare: Spare = "random") -> Initializer:
    """Sobel's filter in eight directions, of norm `gain`: see `initlab.filters.sobel`.

    Args:
        gain: as in `from_bank`.
        spare: as in `from_bank`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, as of `from_bank`.

    Raises:
        ValueError: if `gain` is not positive and finite, or `spare` is unknown.
    """
    return from_bank("sobel", filters.sobel, gain=gain, spare=spare)


def prewitt(gain: float = 1.0, spare: Spare = "random") -> Initializer:
    """Prewitt's filter in eight directions, of norm `gain`: see `initlab.filters.prewitt`.

    Args:
        gain: as in `from_bank`.
        spare: as in `from_bank`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, as of `from_bank`.

    Raises:
        ValueError: if `gain` is not positive and finite, or `spare` is unknown.
    """
    return from_bank("prewitt", filters.prewitt, gain=gain, spare=spare)


def laplacian(gain: float = 1.0, spare: Spare = "random") -> Initializer:
    """The Laplacian and its negative, of norm `gain`: see `initlab.filters.laplacian`.

    Args:
        gain: as in `from_bank`.
        spare: as in `from_bank`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, as of `from_bank`.

    Raises:
        ValueError: if `gain` is not positive and finite, or `spare` is unknown.
    """
    return from_bank("laplacian", filters.laplacian, gain=gain, spare=spare)


def gabor(
    gain: float = 1.0, spare: Spare = "random", cycles: float = 1.25, orientations: int = 8
) -> Initializer:
    """Gabor filters in four phases and so many orientations: see `initlab.filters.gabor_bank`.

    Args:
        gain: as in `from_bank`.
        spare: as in `from_bank`.
        cycles: of the wave in a window, positive; at most half of the window's size.
        orientations: at least 1.

    Returns:
        A function `(key, shape, dtype) -> kernel`, as of `from_bank`. It raises `ValueError` if the
        window is too small for `cycles`.

    Raises:
        ValueError: if a number is out of its range, or `spare` is unknown.
    """
    require_positive("cycles", cycles)
    if orientations < 1:
        raise ValueError(f"`orientations` must be at least 1, got {orientations}.")
    return from_bank(
        "gabor",
        lambda size: filters.gabor_bank(size, cycles=cycles, orientations=orientations),
        gain=gain,
        spare=spare,
    )


def curve_detector(
    gain: float = 1.0, spare: Spare = "random", form: Form = "mean_removed"
) -> Initializer:
    """A quarter of a circle in four turns, of norm `gain`: see `initlab.filters.curve`.

    Args:
        gain: as in `from_bank`.
        spare: as in `from_bank`.
        form: `binary` is zero off the curve, `mean_removed` has weights of mean zero.

    Returns:
        A function `(key, shape, dtype) -> kernel`, as of `from_bank`.

    Raises:
        ValueError: if `gain` is not positive and finite, or `spare` or `form` is unknown.
    """
    return from_bank("curve_detector", _formed(filters.curve, form), gain=gain, spare=spare)


def x_detector(
    gain: float = 1.0, spare: Spare = "random", form: Form = "mean_removed"
) -> Initializer:
    """Both diagonals of the window, of norm `gain`: see `initlab.filters.cross`.

    Args:
        gain: as in `from_bank`.
        spare: as in `from_bank`.
        form: `binary` is zero off the X, `mean_removed` has weights of mean zero.

    Returns:
        A function `(key, shape, dtype) -> kernel`, as of `from_bank`.

    Raises:
        ValueError: if `gain` is not positive and finite, or `spare` or `form` is unknown.
    """
    return from_bank("x_detector", _formed(filters.cross, form), gain=gain, spare=spare)


def from_bank(name: str, bank: Bank, *, gain: float, spare: str) -> Initializer:
    r"""Filters of a bank as the kernel of a convolution, the same in every input channel.

    .. math:: W_{\cdot\cdot c j} = \frac{g}{\sqrt{\text{in}}} \, \frac{B_j}{\lVert B_j \rVert}

    so that every filter has norm :math:`g` over its window and channels, and answers to white
    input of variance 1 with variance :math:`g^2`, as a random filter of weight variance
    :math:`g^2` does. It sees the mean of the channels, and no colour. A layer with fewer filters
    than the bank takes the first of them. Of one with more, the others are
    :math:`\mathcal{N}(0, g^2 / \text{fan\_in})`, or the bank over again.

    Args:
        name: what the law is called.
        bank: from the side of a window to filters of it.
        gain: :math:`g`, positive.
        spare: `random` or `repeat`: filters beyond those of the bank.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(size, size, in, out)`. It raises
        `ValueError` unless the window is square, of odd size, and 3 by 3 or more. The key is used
        by random spare filters alone.

    Raises:
        ValueError: if `gain` is not positive and finite, or `spare` is unknown.
    """
    require_positive("gain", gain)
    if spare not in get_args(Spare):
        raise ValueError(f"`spare` must be one of {', '.join(get_args(Spare))}, got {spare!r}.")

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        if fault := window_fault(name, shape):
            raise ValueError(f"{fault}.")
        fan_in, _ = fans(shape)
        size, _, num_inputs, num_outputs = shape
        made = unit_norm(bank(size))
        order = np.arange(num_outputs) % len(made)
        scaled = gain / math.sqrt(num_inputs) * np.moveaxis(made[order], 0, -1)
        kernel = jnp.broadcast_to(scaled[:, :, None, :], shape).astype(draw_dtype(dtype))
        if spare == "random" and num_outputs > len(made):
            drawn = draw_normal(key, shape, draw_dtype(dtype), stddev=gain / math.sqrt(fan_in))
            kernel = jnp.where(jnp.arange(num_outputs) < len(made), kernel, drawn)
        return kernel.astype(dtype)

    return init


def _formed(bank: Bank, form: str) -> Bank:
    """Returns a bank of shapes in a form."""
    if form not in get_args(Form):
        raise ValueError(f"`form` must be one of {', '.join(get_args(Form))}, got {form!r}.")

    def centred(size: int) -> Float[np.ndarray, "filter size size"]:
        made = bank(size)
        return made - made.mean(axis=(1, 2), keepdims=True)

    return bank if form == "binary" else centred
