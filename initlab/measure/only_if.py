"""Statistics that are skipped where nobody wants them."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike


def only_if(
    wanted: Array,
    make: Callable[[], Array],
    names: Sequence[str],
    dtype: DTypeLike,
    *leading: int,
) -> Array:
    """Returns `make()` where it is wanted, and as many NaN, at no cost, where it is not.

    Args:
        wanted: a truth value.
        make: returns `(*leading, len(names))` numbers of type `dtype`.
        names: the statistics along the last axis.
        dtype: type of the numbers.
        leading: the axes before the last.
    """
    found: Array = jax.lax.cond(
        wanted, make, lambda: jnp.full((*leading, len(names)), jnp.nan, dtype)
    )
    return found
