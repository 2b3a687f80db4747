"""How alike the units of a layer are: duplicates, and the cosine between their weights."""

import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

TOLERANCE = 1e-5


def duplicate_unit_fraction(weights: Float[Array, "in unit"]) -> Array:
    r"""Returns the fraction of units whose incoming weights another unit of the layer has too.

    Two units are duplicates where no weight differs by more than 1e-5. Units are sorted by one
    fixed random projection of their weights and compared with their neighbours, so that the cost
    is that of a sort. Exact duplicates always meet; two that differ a little are missed where
    the projection of a third unit falls between theirs, an interval of the size of 1e-5.

    Args:
        weights: incoming weights, divided by the layer's largest magnitude.
    """
    direction = np.random.default_rng(0).standard_normal(len(weights)).astype(weights.dtype)
    ordered = weights.T[jnp.argsort(direction @ weights)]
    alike = jnp.max(jnp.abs(ordered[1:] - ordered[:-1]), axis=1) <= TOLERANCE
    padded = jnp.pad(alike, 1)
    return jnp.mean(padded[1:] | padded[:-1], dtype=weights.dtype)


def unit_cosine(weights: Float[Array, "in unit"]) -> Array:
    r"""Returns the mean cosine between the incoming weights of two different units.

    .. math:: \frac{1}{n (n - 1)} \sum_{i \ne j} \frac{w_i \cdot w_j}{|w_i| |w_j|}

    1 where all units point the same way, about 0 for independent ones. A unit without weights
    counts as zero; for a layer of one unit the cosine is not a number.

    Args:
        weights: incoming weights, divided by the layer's largest magnitude.
    """
    norm = jnp.sqrt(jnp.sum(weights * weights, axis=0))
    inverse = jnp.where(norm > 0, 1.0 / jnp.where(norm > 0, norm, 1.0), 0.0)
    total = jnp.sum((weights @ inverse) ** 2) - jnp.sum(norm > 0, dtype=weights.dtype)
    units = weights.shape[-1]
    return total / (units * (units - 1)) if units > 1 else jnp.full((), jnp.nan, weights.dtype)
