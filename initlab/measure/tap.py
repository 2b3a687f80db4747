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
        slot: `(len(BACKWARD),)`, of ones where the statistics are wanted and of zeros where they
            are not, which costs nothing then; None for no tap at all.
    """
    return x if slot is None else _tap(x, slot)


@jax.custom_vjp
def _tap(x: Array, slot: Array) -> Array:
    """Returns `x`."""
    del slot
    return x


def _forward(x: Array, slot: Array) -> tuple[Array, Array]:
    """Returns `x`, and remembers whether statistics are wanted."""
    return x, slot


def _backward(slot: Array, cotangent: Array) -> tuple[Array, Array]:
    """Returns the cotangent itself, and its statistics for the slot."""
    statistics = jax.lax.cond(
        slot[0] > 0,
        lambda: moments(cotangent)[0, 1:],
        lambda: jnp.zeros_like(slot),
    )
    return cotangent, statistics


_tap.defvjp(_forward, _backward)
