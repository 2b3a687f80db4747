"""What is asked of a whole gradient: whether it is finite, and how long it is."""

from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from initlab.measure.moments import in_range, usable_scale


def all_finite(tree: Any) -> Array:
    """Tells whether every entry of every array is finite.

    Sums are cheap and tell it, unless finite entries add up to infinity: then each is asked.
    """
    leaves = jax.tree.leaves(tree)
    finite: Array = jax.lax.cond(
        jnp.isfinite(jnp.stack([jnp.sum(leaf) for leaf in leaves])).all(),
        lambda: jnp.bool_(True),
        lambda: jnp.stack([jnp.isfinite(leaf).all() for leaf in leaves]).all(),
    )
    return finite


def global_norm(tree: Any) -> Array:
    """Returns the Euclidean norm over all arrays together, right over the range of float32."""
    leaves = [leaf.astype(jnp.float32) for leaf in jax.tree.leaves(tree)]
    number = sum(leaf.size for leaf in leaves)

    def sum_of_squares(factor: Array | float) -> Array:
        return jnp.stack([jnp.sum((leaf * factor) ** 2) for leaf in leaves]).sum()

    def rescaled() -> Array:
        scale = usable_scale(jnp.stack([jnp.max(jnp.abs(leaf)) for leaf in leaves]).max())
        return jnp.sqrt(sum_of_squares(1.0 / scale)) * scale

    total = sum_of_squares(1.0)
    norm: Array = jax.lax.cond(in_range(total / number), lambda: jnp.sqrt(total), rescaled)
    return norm
