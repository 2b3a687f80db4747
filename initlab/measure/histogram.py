"""Histograms of activations, in units of their root mean square."""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from initlab.measure.moments import root_mean_square

NUM_BINS = 80
LOW_DIGITS = 8
LIMIT = 4.0
BINS = tuple(f"bin_{index}" for index in range(NUM_BINS))
NUM_INPUTS = 32


def activation_histogram(x: Array) -> Float[Array, " bin"]:
    """Returns the share of entries of `x` in each of 80 equal bins between -4 and 4.

    Values are divided by the root mean square of `x`; those beyond the limits count in the
    outermost bins, and what is not a number in none. The first 32 inputs of the batch are counted.

    Args:
        x: `(batch, ..., unit)`.
    """
    part = x[:NUM_INPUTS].reshape(-1)
    rms = root_mean_square(x)
    scaled = part / jnp.where(rms > 0, rms, 1.0)
    place = jnp.clip(jnp.floor((scaled + LIMIT) * (NUM_BINS / (2 * LIMIT))), 0, NUM_BINS - 1)
    # Two digits of a bin's number, counted by one small product: a comparison with every edge,
    # or a scatter, would cost ten times as much.
    high = jnp.arange(NUM_BINS // LOW_DIGITS)[:, None] == place // LOW_DIGITS
    low = (place % LOW_DIGITS)[:, None] == jnp.arange(LOW_DIGITS)
    counts = high.astype(jnp.float32) @ low.astype(jnp.float32)
    return counts.reshape(-1) / len(part)
