"""What is measured of a weight layer: its kernel, its gradient and its update, as one vector."""

import jax.numpy as jnp
from jax import Array

from initlab.measure.moments import moments, usable_scale
from initlab.measure.only_if import only_if
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


def weight_statistics(kernel: Array, gradient: Array, update: Array, spectral: Array) -> Array:
    """Returns the statistics named in `KERNEL` and, where spectral, `SYMMETRY` of one layer.

    `update_to_weight_ratio` is the root mean square of the update over that of the kernel; for a
    kernel of zeros it is not a number.

    Args:
        kernel: `(*window, in, out)`.
        gradient: of the mean loss with respect to it.
        update: what the optimizer adds to it.
        spectral: whether the costly ones are wanted; they are NaN otherwise.
    """
    low, high = jnp.min(kernel), jnp.max(kernel)
    of_kernel, of_gradient, of_update = moments(kernel, gradient, update)
    mean, deviation, rms = of_kernel
    ratio = jnp.where(rms > 0, of_update[2] / jnp.where(rms > 0, rms, 1.0), jnp.nan)

    def symmetry() -> Array:
        largest = usable_scale(jnp.maximum(jnp.abs(low), jnp.abs(high)))
        scaled = kernel.reshape(-1, kernel.shape[-1]) / largest
        rank = effective_rank(gradient / usable_scale(of_gradient[2]))
        return jnp.stack([duplicate_unit_fraction(scaled), unit_cosine(scaled), rank])

    first = jnp.stack([mean, deviation, low, high, of_gradient[1], ratio])
    return jnp.concatenate([first, only_if(spectral, symmetry, SYMMETRY, first.dtype)])
