"""The maps of q and c from layer to layer of a wide random network, and their fixed points.

Preactivations have mean square q, those of two inputs correlation c. Weights have variance
weight_variance / fan_in, biases bias_variance.
"""

import math
from functools import lru_cache
from typing import Literal

from initlab.initializers.arguments import require_not_negative, require_positive
from initlab.theory.dynamics import FixedPoint, dynamics, settled
from initlab.theory.function import Phi
from initlab.theory.gaussian import expectation
from initlab.theory.pairs import pair_moments
from initlab.theory.profile import moments_at, slope_at_infinity, slope_at_zero
from initlab.theory.scan import NOISE
from initlab.theory.table import Table, table_of

MOST_STEPS = 60
SETTLED = 1e-9  # relative: the slope was taken where the last step began
ROUNDING = 1e-9  # near c = 1, where a difference of correlations has few digits left


def q_map(phi: Phi, q: float, weight_variance: float, bias_variance: float) -> float:
    r"""Returns the next layer's q, :math:`\sigma_w^2 E[\phi(\sqrt{q} z)^2] + \sigma_b^2`.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        q: mean square of this layer's preactivations, finite and not negative.
        weight_variance: variance of the weights times their fan-in, positive.
        bias_variance: variance of the biases, not negative.

    Raises:
        ValueError: if a number is out of its range, or the function cannot be integrated.

    References:
        Poole et al., Exponential expressivity in deep neural networks through transient chaos,
        2016, arXiv:1606.05340, equation 3.
    """
    _require_variances(weight_variance, bias_variance)
    return weight_variance * expectation(table_of(phi), q, "second") + bias_variance


def c_map(phi: Phi, c: float, q: float, weight_variance: float, bias_variance: float) -> float:
    r"""Returns the next layer's c of two inputs that both have this layer's q.

    :math:`(\sigma_w^2 E[\phi(u_1) \phi(u_2)] + \sigma_b^2) / q'`, where u has variance q and
    correlation c, and q' is the next layer's q. Its slope at c = 1 is `chi_1` where q is `q_star`.

    Args:
        phi, weight_variance, bias_variance: as for `q_map`.
        c: correlation of the two inputs' preactivations, between -1 and 1.
        q: mean square of either's, positive.

    Raises:
        ValueError: as for `q_map`, and if the next layer has no signal, or phi jumps.

    References:
        Poole et al., 2016, arXiv:1606.05340, equation 5.
    """
    _require_variances(weight_variance, bias_variance)
    require_positive("q", q)
    if not -1 <= c <= 1:
        raise ValueError(f"`c` must lie between -1 and 1, got {c}.")
    after = q_map(phi, q, weight_variance, bias_variance)
    if after == 0:
        raise ValueError(f"the layer after q = {q:g} has no signal, and so no correlation.")
    return 1 - weight_variance * pair_moments(table_of(phi), q, c).deficit / after


def fixed_points(phi: Phi, weight_variance: float, bias_variance: float) -> list[FixedPoint]:
    """Returns the fixed points of the q map in their order, each with its stability.

    Zero is one of them where phi(0) and the bias variance are zero. They are looked for from
    q = 1e-14 to 1e6, and beyond as long as q grows there by less than its own slope explains.
    Arguments as for `q_map`.

    Returns:
        None, one or several, by ascending q; none where q grows without bound from everywhere.

    Raises:
        ValueError: as for `q_map`, and if q leaves what is known of the function before it settles:
            where that is not finite, jumps, or oscillates too fast.
    """
    _require_variances(weight_variance, bias_variance)
    return list(dynamics(table_of(phi), weight_variance, bias_variance).points)


def q_star(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    """Returns the q that layers settle at: the stable positive fixed point.

    Of several the smallest. 0 where only 0 is stable; infinity where q grows without bound. Where
    all that there is is half-stable from below, that point: any q above it leaves. Where every q is
    a fixed point (ReLU at weight variance 2, without biases) it is 1, which stands for them:
    `fixed_points` calls it marginal. Arguments as for `q_map`, errors as for `fixed_points`.

    >>> round(q_star("relu", 1.0, 0.05), 12)
    0.1
    """
    _require_variances(weight_variance, bias_variance)
    return settled(table_of(phi), weight_variance, bias_variance)


def chi_1(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    r"""Returns :math:`\sigma_w^2 E[\phi'(\sqrt{q^*} z)^2]`, the gradient's factor a layer.

    It is the slope of the c map at c = 1: above 1 two inputs part (chaos), below they meet (order).
    At q* = 0 the limit from above, at infinity that of functions which end in lines.
    Arguments and errors as for `q_map`.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232, equation 5.
    """
    q, table = q_star(phi, weight_variance, bias_variance), table_of(phi)
    return weight_variance * _at(q, table, "slope_second")


def chi_q(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    """Returns the slope of the q map at `q_star`: below 1 layers settle there.

    Arguments and errors as for `q_map`.
    """
    q, table = q_star(phi, weight_variance, bias_variance), table_of(phi)
    return weight_variance * _at(q, table, "growth")


def c_star(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    """Returns the correlation that two inputs settle at, at `q_star`: the c map's stable point.

    1 where chi_1 is at most 1. At q* = 0 or infinity the c map is that of the function's tangents
    or asymptotes, of which every fixed point but 1 leaves nothing: 1 is returned.
    Arguments and errors as for `q_map`.

    References:
        Poole et al., 2016, arXiv:1606.05340, section 3.
    """
    _require_variances(weight_variance, bias_variance)
    return _c_star(table_of(phi), weight_variance, bias_variance)[0]


def chi_c(phi: Phi, weight_variance: float, bias_variance: float) -> float:
    r"""Returns :math:`\sigma_w^2 E[\phi'(u_1) \phi'(u_2)]` at `c_star`, the slope of the c map.

    Arguments and errors as for `q_map`.
    """
    _require_variances(weight_variance, bias_variance)
    return _c_star(table_of(phi), weight_variance, bias_variance)[1]


@lru_cache(maxsize=4096)
def _c_star(table: Table, weight_variance: float, bias_variance: float) -> tuple[float, float]:
    """Returns the stable fixed point of the c map and the slope there."""
    q = settled(table, weight_variance, bias_variance)
    slope = weight_variance * _at(q, table, "slope_second")
    if not 0 < q < math.inf or slope <= 1 + NOISE:
        return 1.0, slope
    # With e = 1 - c, the deficit over e is convex, falls from chi_1 and is at most 1 at e = 1, so
    # that Newton's method from there crosses the solution once at most and then rises to it.
    e = 1.0
    for _ in range(MOST_STEPS):
        c = 1 - e
        e = 1 - c  # as far as c holds it: else its rounding is that of the ratio
        pair = pair_moments(table, q, c)
        slope = weight_variance * pair.slope_product
        ratio = weight_variance * pair.deficit / (q * e)
        after = max(e + (ratio - 1) * e / (ratio - slope), e / 16)
        after, step = min(after, 1.0), abs(min(after, 1.0) - e)
        e = after
        if step <= max(SETTLED * e, ROUNDING):
            return 1 - e, slope
        if e < NOISE:
            return 1.0, weight_variance * moments_at(table, q).slope_second
    raise ValueError(f"the c map of `{table.name}` at q = {q:g} has no fixed point that is found.")


def _at(q: float, table: Table, moment: Literal["slope_second", "growth"]) -> float:
    """Returns a moment at a fixed point, zero and infinity among them, where both are one."""
    if q == 0:
        return slope_at_zero(table)
    if q == math.inf:
        return slope_at_infinity(table)
    found = moments_at(table, q)
    return found.growth if moment == "growth" else found.slope_second


def _require_variances(weight_variance: float, bias_variance: float) -> None:
    """Raises unless the weights' variance is positive and the biases' not negative."""
    require_positive("weight_variance", weight_variance)
    require_not_negative("bias_variance", bias_variance)
