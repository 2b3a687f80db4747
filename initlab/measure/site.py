"""What is measured at a site: statistics of a preactivation and its activation, as one vector."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array

from initlab.measure.moments import moments
from initlab.measure.spectrum import effective_rank

MOMENTS = (
    "preactivation_mean",
    "preactivation_deviation",
    "preactivation_rms",
    "activation_mean",
    "activation_deviation",
    "activation_rms",
)
SHAPE = ("batch_correlation", "positive_fraction", "dead_fraction", "saturated_fraction")
COSTLY = (
    "preactivation_unit_mean_spread",
    "preactivation_unit_variance_spread",
    "positive_fraction_spread",
    "effective_rank",
)
FLAT_SLOPE = 0.05
GRID = 10.0


def site_moments(preactivation: Array, activation: Array | None) -> Array:
    """Returns the statistics named in `MOMENTS`; those of an absent activation are NaN."""
    missing = jnp.full((3,), jnp.nan, preactivation.dtype)
    after = missing if activation is None else jnp.stack(moments(activation))
    return jnp.concatenate([jnp.stack(moments(preactivation)), after])


def steepest_slope(function: Callable[[Array], Array]) -> float:
    """Returns the largest magnitude of the nonlinearity's derivative between -10 and 10."""
    with jax.ensure_compile_time_eval():
        grid = jnp.linspace(-GRID, GRID, 2001)
        return float(jnp.max(jnp.abs(jax.vmap(jax.grad(function))(grid))))


def site_shape(
    preactivation: Array,
    activation: Array | None,
    function: Callable[[Array], Array],
    steepest: float,
) -> Array:
    r"""Returns the statistics named in `SHAPE`.

    An entry is saturated where :math:`|\phi'(h)| \le 0.05 \max|\phi'|`; a unit is dead where it
    is saturated for every input of the batch. At the readout both are NaN.

    Args:
        preactivation: `(batch, *positions, unit)`.
        activation: the same after the nonlinearity, None at the readout.
        function: the nonlinearity.
        steepest: `steepest_slope(function)`.
    """
    flat = preactivation.reshape(-1, preactivation.shape[-1])
    correlation = batch_correlation(preactivation)
    positive = jnp.mean(flat > 0, dtype=jnp.float32).astype(flat.dtype)
    if activation is None:
        return jnp.stack([correlation, positive, jnp.nan, jnp.nan]).astype(flat.dtype)
    _, slope = jax.jvp(function, (flat,), (jnp.ones_like(flat),))
    saturated = jnp.abs(slope) <= FLAT_SLOPE * steepest
    dead = jnp.mean(jnp.all(saturated, axis=0), dtype=jnp.float32)
    fraction = jnp.mean(saturated, dtype=jnp.float32)
    return jnp.stack([correlation, positive, dead, fraction]).astype(flat.dtype)


def batch_correlation(preactivation: Array) -> Array:
    r"""Returns the mean cosine between the preactivations of two different inputs.

    .. math:: \frac{1}{B (B - 1)} \sum_{a \ne b} \frac{h_a \cdot h_b}{|h_a| |h_b|}

    Not centred, as in mean-field theory. An input whose preactivations are all zero counts as
    zero.
    """
    flat = preactivation.reshape(len(preactivation), -1)
    largest = jnp.max(jnp.abs(flat), axis=1, keepdims=True)
    scaled = flat / jnp.where(largest > 0, largest, 1.0)
    norm = jnp.sqrt(jnp.sum(scaled * scaled, axis=1, keepdims=True))
    direction = scaled / jnp.where(norm > 0, norm, 1.0)
    batch = len(flat)
    total = jnp.sum(jnp.sum(direction, axis=0) ** 2)
    return (total - jnp.sum(direction * direction)) / (batch * (batch - 1))


def site_costly(preactivation: Array, activation: Array | None) -> Array:
    """Returns the statistics named in `COSTLY`: spreads over units, and the effective rank.

    The spreads are the standard deviation over units of a unit's mean, of its variance (both in
    units of the layer's root mean square and its square) and of its fraction of positive
    preactivations.
    """
    flat = preactivation.reshape(-1, preactivation.shape[-1])
    largest = jnp.max(jnp.abs(flat))
    scaled = flat / jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1.0)
    square = jnp.mean(scaled * scaled)
    square = jnp.where(square > 0, square, 1.0)
    mean_spread = jnp.std(jnp.mean(scaled, axis=0)) / jnp.sqrt(square)
    variance_spread = jnp.std(jnp.var(scaled, axis=0)) / square
    positive_spread = jnp.std(jnp.mean(flat > 0, axis=0, dtype=jnp.float32))
    rank = jnp.nan if activation is None else effective_rank(activation)
    return jnp.stack([mean_spread, variance_spread, positive_spread, rank]).astype(flat.dtype)
