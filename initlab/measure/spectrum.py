"""Effective ranks: how many directions an array really uses, without an eigenvalue problem."""

import jax.numpy as jnp
from jax import Array


def effective_rank(x: Array) -> Array:
    r"""Returns the participation ratio of the singular values of `x`.

    .. math:: \frac{(\sum_i s_i^2)^2}{\sum_i s_i^4}
              = \frac{\|X\|_F^4}{\|X^\top X\|_F^2}

    1 for an array of rank one, n for n equal singular values, 0 for an array of zeros. One
    matrix product computes it, where singular values would cost several training steps.

    Args:
        x: `(..., columns)`; the leading axes are flattened into rows.
    """
    flat = x.reshape(-1, x.shape[-1])
    largest = jnp.max(jnp.abs(flat))
    scaled = flat / jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1.0)
    rows, columns = scaled.shape
    gram = scaled.T @ scaled if columns < rows else scaled @ scaled.T
    total = jnp.sum(scaled * scaled)
    fourth = jnp.sum(gram * gram)
    return jnp.where(fourth > 0, total * total / jnp.where(fourth > 0, fourth, 1.0), total)
