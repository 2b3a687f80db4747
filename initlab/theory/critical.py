"""The critical line: where the gradient keeps its size, chi_1 = 1, and whether q stays there."""

from collections.abc import Sequence
from typing import NamedTuple

from initlab.initializers.arguments import require_not_negative
from initlab.theory.dynamics import Stability, dynamics
from initlab.theory.function import Phi
from initlab.theory.gaussian import expectation
from initlab.theory.profile import moments_at, profile_of, slope_at_zero
from initlab.theory.scan import zeros
from initlab.theory.table import Table, table_of

UNDECIDED = 1e-4  # near a half-stable point chi_q is flat in the bias variance, and known no better


class CriticalPoint(NamedTuple):
    """A point where chi_1 = 1 at a fixed point of the q map.

    Attributes:
        weight_variance: variance of the weights times their fan-in.
        bias_variance: variance of the biases.
        q_star: the fixed point; 1 where every q is one.
        chi_q: slope of the q map there.
        stability: of the fixed point, as `fixed_points` has it.
    """

    weight_variance: float
    bias_variance: float
    q_star: float
    chi_q: float
    stability: Stability


def critical_points(phi: Phi, bias_variance: float) -> list[CriticalPoint]:
    """Returns every critical point at this bias variance, in the order of q.

    They are looked for at q = 0, and from 1e-14 to 1e6 or to where the function can be integrated.
    Where it is not growth that ends that, none found is no answer, and an error says what ends it.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        bias_variance: variance of the biases, not negative.

    Returns:
        None, one or several, by ascending q; without biases q = 0 is one of them where phi(0) is 0,
        or 1, which stands for every q, where all of them are.

    Raises:
        ValueError: if the variance is out of range, or the function cannot be integrated or jumps.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232, section 3.
    """
    require_not_negative("bias_variance", bias_variance)
    table = table_of(phi)
    profile = profile_of(table)
    usable = profile.slope_second > 0
    grid = profile.grid[usable]
    ratio = profile.second[usable] / (grid * profile.slope_second[usable])
    found = zeros(
        lambda q: _shortfall(table, q, bias_variance), grid, 1 - ratio - bias_variance / grid
    )
    points = [_point(table, zero.q, bias_variance) for zero in found]
    vanishes = expectation(table, 0.0, "second") == bias_variance == 0
    if vanishes and slope_at_zero(table) > 0:
        points = _at_zero(table) + points
    if not points:
        profile.require_known()
    return points


def critical_weight_variance(phi: Phi, bias_variance: float) -> float:
    """Returns the weight variance at which the gradient keeps its size and q stays.

    Of several such points that of the smallest q. Arguments as for `critical_points`.

    >>> round(critical_weight_variance("tanh", 0.05), 8)
    1.76095464

    Raises:
        ValueError: as for `critical_points`, and where there is no stable one; the message says
            why.
    """
    points = critical_points(phi, bias_variance)
    found = stable_point(points)
    if found is not None:
        return found.weight_variance
    table = table_of(phi)
    profile_of(table).require_known()
    name = table.name
    if not points:
        raise ValueError(
            f"`{name}` has no critical point at bias variance {bias_variance:g}: at no fixed point "
            "of q, up to where it was looked for, does the gradient keep its size."
        )
    told = "; ".join(
        f"weight variance {point.weight_variance:.9g} with q = {point.q_star:.9g}, which is "
        f"{point.stability} (chi_q = {point.chi_q:.6g})"
        for point in points
    )
    begins = " `half_stable_points` tells from which bias variance on one is."
    raise ValueError(
        f"`{name}` has no stable critical point at bias variance {bias_variance:g}, only {told}: "
        f"q drifts away from it.{begins if half_stable_points(phi) else ''}"
    )


def stable_point(points: Sequence[CriticalPoint]) -> CriticalPoint | None:
    """Returns the first of critical points at which q stays, or None."""
    return next((point for point in points if point.stability in ("stable", "marginal")), None)


def half_stable_points(phi: Phi) -> list[CriticalPoint]:
    """Returns the critical points with chi_q = 1 at a positive q, where stability begins or ends.

    Looked for where `critical_points` does; arguments and errors as there.

    Returns:
        None, one or several, by ascending q, of which the bias variances are not negative.

    References:
        Roberts, Yaida and Hanin, The Principles of Deep Learning Theory, 2021, arXiv:2106.10165,
        section 5.3.3, for GELU and SiLU (there called SWISH).
    """
    table = table_of(phi)
    profile = profile_of(table)
    usable = profile.slope_second > 0
    values = 1 - profile.growth[usable] / profile.slope_second[usable]

    def difference(q: float) -> float:
        return 1 - moments_at(table, q).growth / moments_at(table, q).slope_second

    points = []
    for zero in zeros(difference, profile.grid[usable], values):
        second, slope_second, _ = moments_at(table, zero.q)
        bias_variance = zero.q - second / slope_second
        if bias_variance >= 0:
            points.append(_point(table, zero.q, bias_variance))
    if not points:
        profile.require_known()
    return points


def _shortfall(table: Table, q: float, bias_variance: float) -> float:
    """Returns by how much q is above what the q map makes of it where chi_1 = 1, over q."""
    second, slope_second, _ = moments_at(table, q)
    return 1 - second / (slope_second * q) - bias_variance / q


def _point(table: Table, q: float, bias_variance: float) -> CriticalPoint:
    """Returns the critical point at a positive q."""
    _, slope_second, growth = moments_at(table, q)
    chi_q = growth / slope_second
    stability: Stability = "stable" if chi_q < 1 else "unstable"
    if abs(chi_q - 1) <= UNDECIDED:
        stability = "half-stable"
    return CriticalPoint(1 / slope_second, bias_variance, q, chi_q, stability)


def _at_zero(table: Table) -> list[CriticalPoint]:
    """Returns the critical point without biases at q = 0, or the one that holds at every q."""
    weight_variance = 1 / slope_at_zero(table)
    last = max(
        (point for point in dynamics(table, weight_variance, 0.0).points if point.q in (0.0, 1.0)),
        key=lambda point: (point.stability == "marginal", -point.q),
    )
    q = 1.0 if last.stability == "marginal" else 0.0
    return [CriticalPoint(weight_variance, 0.0, q, 1.0, last.stability)]
