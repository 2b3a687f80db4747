"""The uniform law: of fixed bounds, and of bounds that depend on the fans."""

from collections.abc import Callable

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_finite
from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_uniform
from initlab.initializers.fans import Fan, fans


def uniform(low: float, high: float) -> Initializer:
    r"""Uniform weights between two bounds: :math:`W_{ij} \sim \mathcal{U}(a, b)`.

    The mean is :math:`(a + b) / 2` and the variance :math:`(b - a)^2 / 12`. Both bounds are
    given, because `jax.nn.initializers.uniform(scale)` means 0 to `scale` where other libraries
    mean plus or minus it.

    Args:
        low: :math:`a`, finite.
        high: :math:`b`, finite and above `low`.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    Raises:
        ValueError: if a bound is not finite, or `low` is not below `high`.
    """
    require_finite("low", low)
    require_finite("high", high)
    if not low < high:
        raise ValueError(f"`low` must be below `high`, got {low} and {high}.")

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        return draw_uniform(key, shape, dtype, low=low, high=high)

    return init


def uniform_within(bound: Callable[[Fan, Fan], float]) -> Initializer:
    """Uniform weights between plus and minus a bound, of variance a third of its square.

    Args:
        bound: a function of the fan-in and the fan-out.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.
    """

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        limit = bound(*fans(shape))
        return draw_uniform(key, shape, dtype, low=-limit, high=limit)

    return init
