"""First and second moments of arrays, two-pass, over the whole range of float32."""

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

SAFE_LOW, SAFE_HIGH = 1e-15, 1e15


def moments(x: Float[Array, "..."]) -> tuple[Array, Array, Array]:
    r"""Returns mean, standard deviation and root mean square of all entries of `x`.

    .. math::
        m = \tfrac1n \sum_i x_i, \quad
        s = \sqrt{\tfrac1n \sum_i (x_i - m)^2}, \quad
        r = \sqrt{s^2 + m^2}

    Squares of values below 1e-19 or above 1e19 leave float32. Where the plain result is not well
    inside that range it is computed again on `x` divided by its largest magnitude, so that
    `s` and `r` are right from 1e-38 to 1e38; the host squares them in double precision.

    Args:
        x: any shape, at least one entry.

    Returns:
        Three scalars of `x`'s type, not finite where an entry of `x` is not.
    """
    plain = _two_pass(x)
    safe = (plain[2] > SAFE_LOW) & (plain[2] < SAFE_HIGH)
    found: tuple[Array, Array, Array] = jax.lax.cond(
        safe, lambda: plain, lambda: rescaled_moments(x, jnp.max(jnp.abs(x)))
    )
    return found


def rescaled_moments(x: Float[Array, "..."], largest: Array) -> tuple[Array, Array, Array]:
    """Returns the `moments` of `x`, computed on `x` divided by its largest magnitude."""
    scale = usable_scale(largest)
    mean, deviation, rms = _two_pass(x * (1.0 / scale))
    return mean * scale, deviation * scale, rms * scale


def root_mean_square(x: Float[Array, "..."]) -> Array:
    """Returns the root mean square of all entries of `x`, right over the range of float32."""
    scale = usable_scale(jnp.max(jnp.abs(x)))
    scaled = x * (1.0 / scale)
    return jnp.sqrt(jnp.mean(scaled * scaled)) * scale


def usable_scale(size: Array) -> Array:
    """Returns `size` where an array can be divided by it, and 1 where it is 0 or not finite."""
    return jnp.where((size > 0) & jnp.isfinite(size), size, 1.0)


def _two_pass(x: Array) -> tuple[Array, Array, Array]:
    """Returns mean, deviation and root mean square by the textbook's two passes."""
    mean = jnp.mean(x)
    variance = jnp.mean((x - mean) ** 2)
    return mean, jnp.sqrt(variance), jnp.sqrt(variance + mean * mean)
