"""The gradient tap: backward statistics as the cotangent of a tiny slot, without buffers."""

import jax
import jax.numpy as jnp
from jax import Array

from initlab.measure.moments import moments

BACKWARD = ("preactivation_gradient_deviation", "preactivation_gradient_rms")


def gradient_tap(x: Array, slot: Array | None) -> Array:
    """Returns `x`; the gradient with respect to `slot` is the statistics of the gradient at `x`.

    Differentiate a loss with respect to the slots of all taps together with the parameters: the
    cotangent of `x` passes on unchanged, and that of `slot` is the standard deviation and the
    root mean square of the cotangent of `x`, in the order of `BACKWARD`. No array of the size of
    `x` outlives the backward pass.

    Args:
        x: any array.
        slot: zeros `(len(BACKWARD),)`, or None for no tap at all.
    """
    return x if slot is None else _tap(x, slot)


@jax.custom_vjp
def _tap(x: Array, slot: Array) -> Array:
    """Returns `x`."""
    del slot
    return x


def _forward(x: Array, slot: Array) -> tuple[Array, None]:
    """Returns `x` and nothing to remember."""
    del slot
    return x, None


def _backward(residual: None, cotangent: Array) -> tuple[Array, Array]:
    """Returns the cotangent itself, and its statistics for the slot."""
    del residual
    _, deviation, rms = moments(cotangent)
    return cotangent, jnp.stack([deviation, rms])


_tap.defvjp(_forward, _backward)
