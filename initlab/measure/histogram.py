"""Histograms of activations, in units of their root mean square."""

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from initlab.measure.moments import root_mean_square

NUM_BINS = 80
LIMIT = 4.0
BINS = tuple(f"bin_{index}" for index in range(NUM_BINS))
NUM_INPUTS = 32


def activation_histogram(x: Array) -> Float[Array, " bin"]:
    """Returns the share of entries of `x` in each of 80 equal bins between -4 and 4.

    Values are divided by the root mean square of `x`; those beyond the limits count in the
    outermost bins. The first 32 inputs of the batch are counted.

    Args:
        x: `(batch, ..., unit)`.
    """
    part = x[:NUM_INPUTS].reshape(-1)
    rms = root_mean_square(x)
    scaled = part / jnp.where(rms > 0, rms, 1.0)
    edges = jnp.linspace(-LIMIT, LIMIT, NUM_BINS + 1)[1:-1]
    below = jnp.mean(scaled[:, None] < edges, axis=0, dtype=jnp.float32)
    return jnp.diff(below, prepend=0.0, append=1.0)
