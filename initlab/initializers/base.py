"""What an initializer is: the one shape that every law of the lab has."""

from typing import Protocol, runtime_checkable

import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike
from jaxtyping import PRNGKeyArray


@runtime_checkable
class Initializer(Protocol):
    """Draws one parameter array; every function of `jax.nn.initializers` and of Flax fits.

    `key` is a JAX key, `shape` is `(*window, in, out)` for a kernel and `(out,)` for a bias, and
    `dtype` is a floating-point type. The result has that shape and that type, is a function of
    the three alone, and can be compiled and mapped over keys.
    """

    def __call__(
        self, key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32, /
    ) -> Array:
        """Returns the drawn array."""
        ...
