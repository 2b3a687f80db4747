"""Normalization over a batch, over channels or over groups of them, and local response."""

import jax.numpy as jnp
from flax import nnx
from jax import Array, lax
from jax.typing import DTypeLike

from initlab.models.parts import Through
from initlab.models.passing import Pass

EPSILON = 1e-5


class BatchNorm(Through):
    """Batch normalization: each channel less its mean, over its deviation, then scale and shift.

    A pass in training divides by the batch's own statistics and notes them down; their running
    average is the training loop's matter. A pass that is given statistics divides by these; with
    `held` it trains, and divides by those that are held.

    Args:
        channels: number of channels.
        dtype: type of the parameters.

    References:
        Ioffe and Szegedy, Batch normalization, 2015, arXiv:1502.03167.
    """

    def __init__(self, channels: int, dtype: DTypeLike) -> None:
        self.scale = nnx.Param(jnp.ones(channels, dtype))
        self.bias = nnx.Param(jnp.zeros(channels, dtype))

    def __call__(self, x: Array, passing: Pass) -> Array:
        """Returns `(batch, ..., channel)` normalized."""
        given, held = passing.next_statistics(), passing.next_held()
        if given is None or held is not None:
            axes = tuple(range(x.ndim - 1))
            mean = jnp.mean(x, axes)
            variance = jnp.mean((x - mean) ** 2, axes)
            if held is not None:
                known_mean, known_variance = given.astype(x.dtype)
                mean = jnp.where(held, known_mean, mean)
                variance = jnp.where(held, known_variance, variance)
        else:
            mean, variance = given.astype(x.dtype)
        passing.found.append(lax.stop_gradient(jnp.stack([mean, variance])))
        return (x - mean) * (lax.rsqrt(variance + EPSILON) * self.scale[...]) + self.bias[...]


class GroupNorm(nnx.Module):
    """Normalization of each input by itself, over all places of a group of channels.

    Args:
        channels: number of channels.
        groups: number of groups, a divisor of it.
        dtype: type of the parameters.

    References:
        Wu and He, Group normalization, 2018, arXiv:1803.08494.
    """

    def __init__(self, channels: int, groups: int, dtype: DTypeLike) -> None:
        self.scale = nnx.Param(jnp.ones(channels, dtype))
        self.bias = nnx.Param(jnp.zeros(channels, dtype))
        self.groups = groups

    def __call__(self, x: Array) -> Array:
        """Returns `(batch, ..., channel)` normalized."""
        grouped = x.reshape(len(x), -1, self.groups, x.shape[-1] // self.groups)
        normal = _standardized(grouped, (1, 3)).reshape(x.shape)
        return normal * self.scale[...] + self.bias[...]


class LayerNorm(nnx.Module):
    """Normalization of each place of each input by itself, over its channels.

    Args:
        channels: number of channels.
        dtype: type of the parameters.

    References:
        Ba, Kiros and Hinton, Layer normalization, 2016, arXiv:1607.06450.
    """

    def __init__(self, channels: int, dtype: DTypeLike) -> None:
        self.scale = nnx.Param(jnp.ones(channels, dtype))
        self.bias = nnx.Param(jnp.zeros(channels, dtype))

    def __call__(self, x: Array) -> Array:
        """Returns `(batch, ..., channel)` normalized."""
        return _standardized(x, (-1,)) * self.scale[...] + self.bias[...]


def _standardized(x: Array, axes: tuple[int, ...]) -> Array:
    """Returns `x` less its mean over its deviation, both over `axes`."""
    centred = x - jnp.mean(x, axes, keepdims=True)
    variance = jnp.mean(centred**2, axes, keepdims=True)
    return centred * lax.rsqrt(variance + EPSILON)
