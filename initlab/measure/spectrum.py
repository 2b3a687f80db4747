"""Effective ranks: how many directions an array really uses, without an eigenvalue problem."""

import jax.numpy as jnp
from jax import Array


def effective_rank(x: Array) -> Array:
    r"""Returns the participation ratio of the squared singular values of `x`.

    .. math:: \frac{(\sum_i s_i^2)^2}{\sum_i s_i^4} = \frac{\|X\|_F^4}{\|X^\top X\|_F^2}

    1 for an array of rank one, n for n equal singular values, 0 for an array of zeros. One
    matrix product computes it, where singular values would cost several training steps.

    Args:
        x: `(..., columns)`, the leading axes flattened into rows, of a size whose fourth powers
            do not leave its type.
    """
    flat = x.reshape(-1, x.shape[-1])
    rows, columns = flat.shape
    gram = flat.T @ flat if columns < rows else flat @ flat.T
    total = jnp.trace(gram)
    fourth = jnp.sum(gram * gram)
    return jnp.where(fourth > 0, total * total / jnp.where(fourth > 0, fourth, 1.0), fourth)
