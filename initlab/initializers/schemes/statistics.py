"""Mean and deviation of preactivations, right for every size that their type can hold."""

import jax.numpy as jnp
from jax import Array


def deviation(x: Array) -> Array:
    """Returns the standard deviation of all entries, in single precision.

    Squares of entries below 1e-19 or above 1e19 leave that type, so the largest is divided out.
    """
    return mean_and_deviation(x.reshape(-1, 1))[1][0]


def mean_and_deviation(x: Array) -> tuple[Array, Array]:
    """Returns mean and standard deviation along all axes but the last, in single precision."""
    flat = x.reshape(-1, x.shape[-1]).astype(jnp.float32)
    largest = jnp.max(jnp.abs(flat))
    scale = jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1.0)
    scaled = flat / scale
    return scale * jnp.mean(scaled, axis=0), scale * jnp.std(scaled, axis=0)
