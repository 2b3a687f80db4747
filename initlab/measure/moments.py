"""First and second moments of arrays, without cancellation, over the whole range of float32."""

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

SAFE_LOW, SAFE_HIGH = 1e-15, 1e15
LARGEST_SHARE_OF_MEAN = 0.5
LARGEST_SCALE = 2.0**125


def moments(*arrays: Float[Array, "..."]) -> Float[Array, "array 3"]:
    r"""Returns mean, standard deviation and root mean square of all entries of each array.

    .. math::
        m = \tfrac1n \sum_i x_i, \quad
        s = \sqrt{\tfrac1n \sum_i (x_i - m)^2}, \quad
        r = \sqrt{\tfrac1n \sum_i x_i^2}

    One pass that sums :math:`x` and :math:`x^2` is enough where :math:`m^2 \le r^2 / 2`: then
    :math:`r^2 - m^2` has at most four times the rounding of the sums, and `s` twice. Where the
    mean is larger, deviations from it are summed in a second pass. Squares of values below 1e-19
    or above 1e19 leave float32: near there the array is divided by its largest magnitude first,
    so that the results are right from 1e-38 to 1e38; the host squares them in double precision.

    Args:
        arrays: of any shapes with at least one entry, and of one type. The array that needs most
            care decides for all.

    Returns:
        A row an array; not finite where an entry of the array is not.
    """
    # Sums, not means, cross into the branches: a division here would be a small kernel each.
    sums = [(jnp.sum(x), jnp.sum(x * x)) for x in arrays]

    def means() -> list[tuple[Array, Array]]:
        return [(a / x.size, b / x.size) for x, (a, b) in zip(arrays, sums, strict=True)]

    def one_pass() -> Array:
        rows = [(m, jnp.sqrt(square - m * m), jnp.sqrt(square)) for m, square in means()]
        return jnp.stack([jnp.stack(row) for row in rows])

    def two_passes() -> Array:
        return jnp.stack([jnp.stack(_two_passes(x)) for x in arrays])

    def rescaled() -> Array:
        return jnp.stack([jnp.stack(_rescaled(x)) for x in arrays])

    care = jnp.stack([_care(mean, square) for mean, square in means()]).max()
    found: Array = jax.lax.switch(care, (one_pass, two_passes, rescaled))
    return found


def in_range(square: Array) -> Array:
    """Tells whether squares whose mean is `square` stay well inside float32."""
    return (square > SAFE_LOW**2) & (square < SAFE_HIGH**2)


def _care(mean: Array, square: Array) -> Array:
    """Returns 0 where one pass is enough, 1 where two are, 2 where squares leave the type."""
    small_mean = mean * mean <= LARGEST_SHARE_OF_MEAN * square
    return jnp.where(in_range(square), jnp.where(small_mean, 0, 1), 2)


def _rescaled(x: Array) -> tuple[Array, Array, Array]:
    """Returns the `moments` of `x`, computed on `x` divided by its largest magnitude."""
    scale = usable_scale(jnp.max(jnp.abs(x)))
    mean, deviation, rms = _two_passes(x, 1.0 / scale)
    return mean * scale, deviation * scale, rms * scale


def root_mean_square(x: Float[Array, "..."]) -> Array:
    """Returns the root mean square of all entries of `x`, right over the range of float32."""
    square = jnp.mean(x * x)

    def rescaled() -> Array:
        scale = usable_scale(jnp.max(jnp.abs(x)))
        scaled = x * (1.0 / scale)
        return jnp.sqrt(jnp.mean(scaled * scaled)) * scale

    found: Array = jax.lax.cond(in_range(square), lambda: jnp.sqrt(square), rescaled)
    return found


def usable_scale(size: Array) -> Array:
    """Returns `size` where an array can be divided by it, and 1 where it is 0 or not finite.

    At most 2^125, an eighth of the largest number: the reciprocal of a larger one is subnormal,
    which compiled code takes for 0.
    """
    return jnp.where((size > 0) & jnp.isfinite(size), jnp.minimum(size, LARGEST_SCALE), 1.0)


def _two_passes(x: Array, factor: Array | float = 1.0) -> tuple[Array, Array, Array]:
    """Returns the moments of `x * factor` by the textbook's two passes, without storing that."""
    mean = jnp.mean(x * factor)
    # The barrier keeps the two products apart: one that both passes use would be stored.
    again = x * jax.lax.optimization_barrier(factor)
    variance = jnp.mean((again - mean) ** 2)
    return mean, jnp.sqrt(variance), jnp.sqrt(variance + mean * mean)
