"""What is measured at a site: statistics of a preactivation and its activation, as one vector."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array

from initlab.measure.moments import moments, usable_scale
from initlab.measure.only_if import only_if
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


def site_moments(preactivation: Array, activation: Array | None) -> Array:
    """Returns the statistics named in `MOMENTS`; those of an absent activation are NaN."""
    if activation is None:
        missing = jnp.full((3,), jnp.nan, preactivation.dtype)
        return jnp.concatenate([moments(preactivation)[0], missing])
    return moments(preactivation, activation).reshape(-1)


def site_statistics(
    preactivation: Array,
    activation: Array | None,
    function: Callable[[Array], Array],
    steepest: float,
    spectral: Array,
) -> Array:
    """Returns the statistics named in `MOMENTS`, `SHAPE` and, where spectral, `COSTLY`.

    Args:
        preactivation: `(batch, *positions, unit)`.
        activation: the same after the nonlinearity, None at the readout.
        function: the nonlinearity.
        steepest: `steepest_slope(function)`.
        spectral: whether the costly ones are wanted; they are NaN otherwise.
    """
    first = site_moments(preactivation, activation)
    scaled = preactivation * (1.0 / usable_scale(first[MOMENTS.index("preactivation_rms")]))
    if activation is not None:
        activation = activation * (1.0 / usable_scale(first[MOMENTS.index("activation_rms")]))
    shape = site_shape(preactivation, scaled, activation, function, steepest)
    costly = only_if(spectral, lambda: site_costly(scaled, activation), COSTLY, first.dtype)
    return jnp.concatenate([first, shape, costly])


def steepest_slope(function: Callable[[Array], Array]) -> float:
    """Returns the largest magnitude of the nonlinearity's derivative between -10 and 10.

    Looked for on a grid that is dense about 0, where kinks are.
    """
    with jax.ensure_compile_time_eval():
        half = jnp.logspace(-6.0, 1.0, 1000)
        slopes = jax.vmap(jax.grad(function))(jnp.concatenate([-half, half]))
        return float(jnp.max(jnp.abs(slopes)))


def site_shape(
    preactivation: Array,
    scaled: Array,
    activation: Array | None,
    function: Callable[[Array], Array],
    steepest: float,
) -> Array:
    r"""Returns the statistics named in `SHAPE`.

    An entry is saturated where :math:`|\phi'(h)| \le 0.05 \max|\phi'|`; a unit is dead where it
    is saturated for every input of the batch. At the readout both are NaN.
    """
    units = preactivation.shape[-1]
    positive = jnp.mean(scaled > 0, dtype=scaled.dtype)
    head = [batch_correlation(scaled), positive]
    if activation is None:
        missing = jnp.full((), jnp.nan, scaled.dtype)
        return jnp.stack([*head, missing, missing])
    flat = preactivation.reshape(-1, units)
    (slope,) = jax.vjp(function, flat)[1](jnp.ones_like(flat))
    saturated = jnp.abs(slope) <= FLAT_SLOPE * steepest
    by_unit = jnp.mean(saturated, axis=0, dtype=scaled.dtype)
    return jnp.stack([*head, jnp.mean(by_unit == 1, dtype=scaled.dtype), jnp.mean(by_unit)])


def batch_correlation(preactivation: Array) -> Array:
    r"""Returns the mean cosine between the preactivations of two different inputs.

    .. math:: \frac{1}{B (B - 1)} \sum_{a \ne b} \frac{h_a \cdot h_b}{|h_a| |h_b|}

    Not centred, as in mean-field theory. An input whose preactivations are all zero counts as
    zero.

    Args:
        preactivation: `(batch, ...)`, of a size whose squares do not leave its type.
    """
    flat = preactivation.reshape(len(preactivation), -1)
    norm = jnp.sqrt(jnp.sum(flat * flat, axis=1))
    inverse = jnp.where(norm > 0, 1.0 / jnp.where(norm > 0, norm, 1.0), 0.0)
    batch = len(flat)
    total = jnp.sum((inverse @ flat) ** 2)
    return (total - jnp.sum(norm > 0, dtype=flat.dtype)) / (batch * (batch - 1))


def site_costly(scaled: Array, activation: Array | None) -> Array:
    """Returns the statistics named in `COSTLY`: spreads over units, and the effective rank.

    The spreads are the standard deviation over units of a unit's mean, of its variance and of
    its fraction of positive preactivations.

    Args:
        scaled: preactivations `(batch, *positions, unit)` over their root mean square.
        activation: activations over their root mean square, None at the readout.
    """
    flat = scaled.reshape(-1, scaled.shape[-1])
    means = jnp.mean(flat, axis=0)
    variances = jnp.mean((flat - means) ** 2, axis=0)
    positive = jnp.mean(flat > 0, axis=0, dtype=flat.dtype)
    by_unit = jnp.stack([means, variances, positive])
    spreads = jnp.sqrt(jnp.mean((by_unit - jnp.mean(by_unit, axis=1, keepdims=True)) ** 2, axis=1))
    missing = jnp.full((), jnp.nan, flat.dtype)
    rank = missing if activation is None else effective_rank(activation)
    return jnp.concatenate([spreads, rank[None]])
