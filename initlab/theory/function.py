"""A scalar JAX function, evaluated in double precision together with its derivative."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float

from initlab.activations import ACTIVATIONS, Nonlinearity
from initlab.spec.problems import unknown_name

type Phi = str | Nonlinearity

SMALL, BLOCK = 1024, 8192  # points that one compiled call takes; one shape is one compilation


class ScalarFunction:
    """A nonlinearity and its derivative at many points, in float64 whatever JAX's own default.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.

    Raises:
        ValueError: if the name is unknown, or the function cannot be traced with a scalar, or does
            not return a real scalar of the type it was given.
    """

    def __init__(self, phi: Phi) -> None:
        self.name = phi if isinstance(phi, str) else getattr(phi, "__name__", repr(phi))
        function = named(phi) if isinstance(phi, str) else phi
        if not callable(function):
            raise ValueError(
                "`phi` must be an activation's name or a scalar JAX function, "
                f"got {type(phi).__name__}."
            )
        self._cpu = jax.local_devices(backend="cpu")[0]
        with jax.enable_x64(True), jax.default_device(self._cpu):
            _require_scalar(function, self.name)
        self._compiled = jax.jit(jax.vmap(jax.value_and_grad(function)))

    def __call__(
        self, x: Float[np.ndarray, "*node"]
    ) -> tuple[Float[np.ndarray, "*node"], Float[np.ndarray, "*node"]]:
        """Returns the function's values and its derivative's at `x`, finite or not."""
        flat = np.ravel(x)
        size = SMALL if flat.size <= SMALL else BLOCK
        padded = np.zeros(max(1, -(-flat.size // size)) * size)
        padded[: flat.size] = flat
        values, slopes = np.empty_like(padded), np.empty_like(padded)
        with jax.enable_x64(True), jax.default_device(self._cpu):
            for start in range(0, padded.size, size):
                block = slice(start, start + size)
                values[block], slopes[block] = self._compiled(padded[block])
        return values[: flat.size].reshape(x.shape), slopes[: flat.size].reshape(x.shape)


def named(name: str) -> Nonlinearity:
    """Returns the activation of that name.

    Raises:
        ValueError: if there is none.
    """
    if name not in ACTIVATIONS:
        raise ValueError(unknown_name("phi", name, tuple(ACTIVATIONS)))
    return ACTIVATIONS[name].function


def _require_scalar(function: Callable[[Array], Array], name: str) -> None:
    """Raises unless the function maps a scalar to a real scalar of the same type."""
    asked = jax.ShapeDtypeStruct((), jnp.float64)
    try:
        given = jax.eval_shape(function, asked)
    except Exception as error:
        first = str(error).partition("\n")[0]
        raise ValueError(
            f"`{name}` must be a scalar function written in JAX (jax.numpy, not numpy or math; "
            f"jnp.where, not if): with a scalar it raised {type(error).__name__}: {first}"
        ) from error
    shape, dtype = getattr(given, "shape", None), getattr(given, "dtype", None)
    if shape != ():
        what = f"an array of shape {shape}" if shape is not None else type(given).__name__
        raise ValueError(f"`{name}` must return a scalar for a scalar, got {what}.")
    if dtype != jnp.float64:
        raise ValueError(
            f"`{name}` must return the type it is given, float64 here, got {dtype}: "
            "a cast inside it would leave the theory its precision only."
        )
