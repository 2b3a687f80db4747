"""Layers without weights that work on channels or on single values."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.typing import DTypeLike

from initlab.models.parts import Through
from initlab.models.passing import Pass


def local_response(x: Array, size: int, alpha: float, beta: float, k: float) -> Array:
    r"""Returns local response normalization, :math:`x_i / (k + \alpha \sum_j x_j^2)^\beta`.

    The sum is over `size` neighbouring channels about i, fewer at the ends.

    Args:
        x: `(batch, height, width, channel)`.
        size: number of channels.
        alpha: the factor of the sum.
        beta: the exponent.
        k: what is added.

    References:
        Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012.
    """
    before = size // 2
    squares = jnp.pad(x * x, ((0, 0),) * (x.ndim - 1) + ((before, size - 1 - before),))
    channels = x.shape[-1]
    total = sum(squares[..., start : start + channels] for start in range(size))
    return x * (k + alpha * total) ** -beta


def zero_channels(x: Array, channels: int) -> Array:
    """Returns `x` with channels of zeros after its own, `channels` in all."""
    return jnp.pad(x, ((0, 0),) * (x.ndim - 1) + ((0, channels - x.shape[-1]),))


def patches(x: Array, window: tuple[int, int]) -> Array:
    """Returns what a window of odd sizes meets at each place, as channels of a single one.

    Args:
        x: `(batch, height, width, channel)`; beyond its border there are zeros.
        window: taps along both axes.

    Returns:
        `(batch, 1, 1, height * width * taps * channel)`: place by place, tap by tap.
    """
    height, width = x.shape[1:3]
    down, across = window
    around = ((0, 0), (down // 2, down // 2), (across // 2, across // 2), (0, 0))
    padded = jnp.pad(x, around)
    taps = [padded[:, i : i + height, j : j + width] for i in range(down) for j in range(across)]
    return jnp.stack(taps, axis=3).reshape(len(x), 1, 1, -1)


class Dropping(Through):
    """Dropout: in training each value is kept with probability 1 - rate and divided by that.

    References:
        Srivastava et al., Dropout, 2014.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def __call__(self, x: Array, passing: Pass) -> Array:
        """Returns what is kept of `x`; all of it where the pass has no key."""
        key = passing.next_key()
        if key is None or self.rate == 0:
            return x
        keep = 1 - self.rate
        mask = jax.random.bernoulli(key, keep, x.shape)
        return jnp.where(mask, x / keep, jnp.zeros((), x.dtype))


class Multiplied(nnx.Module):
    """One trained number that every value is multiplied by."""

    def __init__(self, dtype: DTypeLike) -> None:
        self.scale = nnx.Param(jnp.ones((), dtype))

    def __call__(self, x: Array) -> Array:
        """Returns the product."""
        return x * self.scale[...]


class Shifted(nnx.Module):
    """One trained number that is added to every value."""

    def __init__(self, dtype: DTypeLike) -> None:
        self.bias = nnx.Param(jnp.zeros((), dtype))

    def __call__(self, x: Array) -> Array:
        """Returns the sum."""
        return x + self.bias[...]
