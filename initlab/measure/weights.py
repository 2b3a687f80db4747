"""What is measured of a weight layer: its kernel, its gradient and its update, as one vector."""

import jax.numpy as jnp
from jax import Array

from initlab.measure.moments import moments, root_mean_square
from initlab.measure.spectrum import effective_rank
from initlab.measure.symmetry import duplicate_unit_fraction, unit_cosine

KERNEL = (
    "kernel_mean",
    "kernel_deviation",
    "kernel_min",
    "kernel_max",
    "kernel_gradient_deviation",
    "update_to_weight_ratio",
)
SYMMETRY = ("duplicate_unit_fraction", "unit_cosine", "kernel_gradient_rank")


def kernel_statistics(kernel: Array, gradient: Array, update: Array) -> Array:
    """Returns the statistics named in `KERNEL` of one weight layer.

    `update_to_weight_ratio` is the root mean square of the update over that of the kernel, zero
    for an update of zero and not a number for a kernel of zeros.
    """
    mean, deviation, rms = moments(kernel)
    _, gradient_deviation, _ = moments(gradient)
    moved = root_mean_square(update)
    ratio = jnp.where(rms > 0, moved / jnp.where(rms > 0, rms, 1.0), jnp.nan)
    return jnp.stack([mean, deviation, jnp.min(kernel), jnp.max(kernel), gradient_deviation, ratio])


def symmetry_statistics(kernel: Array, gradient: Array) -> Array:
    """Returns the statistics named in `SYMMETRY` of one weight layer."""
    return jnp.stack(
        [duplicate_unit_fraction(kernel), unit_cosine(kernel), effective_rank(gradient)]
    )
