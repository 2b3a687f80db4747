"""What is asked of a whole gradient: whether it is finite, and how long it is."""

from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from initlab.measure.moments import root_mean_square, usable_scale


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
    sizes = jnp.sqrt(jnp.array([leaf.size for leaf in leaves], jnp.float32))
    norms = sizes * jnp.stack([root_mean_square(leaf) for leaf in leaves])
    scale = usable_scale(jnp.max(norms))
    return jnp.sqrt(jnp.sum((norms / scale) ** 2)) * scale
