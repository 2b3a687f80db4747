"""Laws without randomness: every unit of a layer starts the same."""

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_finite
from initlab.initializers.base import Initializer


def constant(value: float) -> Initializer:
    r"""Every weight is `value`: :math:`W_{ij} = v`.

    All units of a layer then compute the same function and, with a constant readout too, receive
    the same gradient, so that training never tells them apart.

    Args:
        value: the weight, finite.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape. The key is not used.

    Raises:
        ValueError: if `value` is not finite.

    References:
        Goodfellow, Bengio and Courville, Deep Learning (MIT Press, 2016), section 8.4.
    """
    require_finite("value", value)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        del key
        return jnp.full(shape, value, dtype)

    return init


def zeros() -> Initializer:
    r"""Every weight is zero: :math:`W_{ij} = 0`.

    The usual law of biases. As a kernel it passes neither signal nor gradient.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape. The key is not used.
    """
    return constant(0.0)


def ones() -> Initializer:
    r"""Every weight is one: :math:`W_{ij} = 1`.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape. The key is not used.
    """
    return constant(1.0)
