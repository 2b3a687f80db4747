"""Broyden's method: steps towards a zero of many functions, corrected by what steps changed."""

import jax.numpy as jnp
from jax import Array

REACH = 3.0  # by default, times the largest correction that is wanted


def corrected(inverse: Array, step: Array, change: Array) -> Array:
    r"""Returns the estimate of a negative inverse slope, after a step that changed the functions.

    .. math:: A \leftarrow A - \frac{(s + A y)\, s^T A}{s^T A y}, \qquad
              \text{so that} \quad A y = -s,

    with the step :math:`s` and the change :math:`y`. Where nothing was changed, or the step says
    nothing of it, the estimate stays.

    Args:
        inverse: :math:`A`, `(function, function)`, the identity to begin with where a full step
            of each function alone is a good one.
        step: `(function,)`.
        change: of the functions by the step, `(function,)`.

    References:
        Broyden, A class of methods for solving nonlinear simultaneous equations, Mathematics of
        Computation 19 (1965), the first of his methods.
    """
    turned = inverse @ change
    correction = jnp.outer(step + turned, step @ inverse) / (step @ turned)
    return jnp.where(jnp.isfinite(correction).all(), inverse - correction, inverse)


def limited(step: Array, wanted: Array, reach: float = REACH) -> Array:
    """Returns a step shortened to at most `reach` times the largest of `wanted`, `(function,)`."""
    largest = jnp.max(jnp.abs(step))
    bound = reach * jnp.max(jnp.abs(wanted))
    return jnp.where(largest > bound, step * (bound / largest), step)
