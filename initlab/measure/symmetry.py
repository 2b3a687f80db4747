"""How alike the units of a layer are: duplicates, and the cosine between their weights."""

import jax
import jax.numpy as jnp
from jax import Array

TOLERANCE = 1e-5


def duplicate_unit_fraction(kernel: Array) -> Array:
    r"""Returns the fraction of units whose incoming weights another unit of the layer has too.

    Two units are duplicates where no weight differs by more than 1e-5 of the largest weight of
    the layer. Units are sorted by one random projection of their weights and compared with their
    neighbours, so that the cost is that of a sort; a unit whose projection lies between those of
    two duplicates by chance would hide them, which needs a coincidence of one in 1e5 per pair.

    Args:
        kernel: `(*window, in, out)`; a unit is an index of the last axis.
    """
    weights = kernel.reshape(-1, kernel.shape[-1]).astype(jnp.float32)
    largest = jnp.max(jnp.abs(weights))
    scaled = weights / jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1.0)
    direction = jax.random.normal(jax.random.key(0), (len(scaled),))
    ordered = scaled[:, jnp.argsort(direction @ scaled)]
    distance = jnp.max(jnp.abs(ordered[:, 1:] - ordered[:, :-1]), axis=0)
    alike = distance <= TOLERANCE
    padded = jnp.pad(alike, 1)
    return jnp.mean(padded[1:] | padded[:-1], dtype=kernel.dtype)


def unit_cosine(kernel: Array) -> Array:
    r"""Returns the mean cosine between the incoming weights of two different units.

    .. math:: \frac{1}{n (n - 1)} \sum_{i \ne j} \frac{w_i \cdot w_j}{|w_i| |w_j|}

    1 where all units point the same way, about 0 for independent ones. A unit without weights
    counts as zero; for a layer of one unit the cosine is not a number.

    Args:
        kernel: `(*window, in, out)`; a unit is an index of the last axis.
    """
    weights = kernel.reshape(-1, kernel.shape[-1])
    largest = jnp.max(jnp.abs(weights), axis=0)
    scaled = weights / jnp.where(largest > 0, largest, 1.0)
    norm = jnp.sqrt(jnp.sum(scaled * scaled, axis=0))
    direction = scaled / jnp.where(norm > 0, norm, 1.0)
    units = weights.shape[-1]
    total = jnp.sum(jnp.sum(direction, axis=1) ** 2) - jnp.sum(direction * direction)
    return total / (units * (units - 1)) if units > 1 else jnp.full((), jnp.nan, kernel.dtype)
