"""Where the q map's iteration goes: its fixed points, each with its stability."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from initlab.theory.gaussian import expectation
from initlab.theory.profile import (
    HIGHEST,
    LOWEST,
    PER_DECADE,
    moments_at,
    profile_of,
    slope_at_zero,
)
from initlab.theory.scan import NOISE, Function, Zero, zeros
from initlab.theory.table import Table

FARTHEST = 1e30  # a fixed point beyond counts as none

type Stability = Literal["stable", "unstable", "half-stable", "marginal"]
type Grid = Float[np.ndarray, "..."]


class FixedPoint(NamedTuple):
    """A fixed point of the q map.

    `stable`: q comes back, at 0 from above. `unstable`: it leaves. `half-stable`: it comes back
    from one side and leaves on the other; at 0, where the slope is 1, it leaves. `marginal`: every
    q is a fixed point, and this one stands for them.
    """

    q: float
    stability: Stability


class Dynamics(NamedTuple):
    """The fixed points in their order, and whether q grows without bound from the largest q on."""

    points: tuple[FixedPoint, ...]
    grows: bool


@lru_cache(maxsize=1024)
def dynamics(table: Table, weight_variance: float, bias_variance: float) -> Dynamics:
    """Returns the fixed points of the q map with these variances.

    Raises:
        ValueError: if the function cannot be integrated, or jumps, before q has settled anywhere.
    """

    def excess(q: float) -> float:
        return (weight_variance * moments_at(table, q).second + bias_variance) / q - 1

    at_zero = weight_variance * expectation(table, 0.0, "second") + bias_variance
    profile = profile_of(table)
    grid = profile.grid
    values = (weight_variance * profile.second + bias_variance) / grid - 1
    if 0 < at_zero < LOWEST * 1e3:
        lower = _spaced(at_zero * 1e-3, LOWEST)[:-1]
        grid, values = np.r_[lower, grid], np.r_[[excess(q) for q in lower], values]
    if grid[-1] >= HIGHEST:
        grid, values = _extended(table, weight_variance, excess, grid, values)
    points = [FixedPoint(zero.q, _stability(zero)) for zero in zeros(excess, grid, values)]
    if at_zero == 0:
        slope = weight_variance * slope_at_zero(table)
        points = _points_from_zero(slope, values) + points
    told = [point for point in points if point.stability != "marginal"]
    if values[-1] >= -NOISE and _attractor(told) is None:
        profile.require_known()
    return Dynamics(tuple(points), bool(values[-1] > NOISE))


def settled(table: Table, weight_variance: float, bias_variance: float) -> float:
    """Returns the q that layers settle at, in the order that `q_star` tells."""
    points, grows = dynamics(table, weight_variance, bias_variance)
    attractor = _attractor(points)
    if attractor is not None:
        return attractor
    return math.inf if grows else 0.0


def _attractor(points: Sequence[FixedPoint]) -> float | None:
    """Returns the fixed point that layers settle at, or None where there is none."""
    for wanted in ("marginal", "stable"):
        positive = [point.q for point in points if point.stability == wanted and point.q > 0]
        if positive:
            return min(positive)
    if FixedPoint(0.0, "stable") in points:
        return 0.0
    halves = [point.q for point in points if point.stability == "half-stable" and point.q > 0]
    return min(halves, default=None)


def _extended(
    table: Table, weight_variance: float, excess: Function, grid: Grid, values: Grid
) -> tuple[Grid, Grid]:
    """Goes on upwards while q grows by less than in proportion, until it no longer does."""
    while values[-1] > NOISE and grid[-1] < FARTHEST:
        if weight_variance * moments_at(table, float(grid[-1])).growth >= 1 - NOISE:
            break
        more = _spaced(grid[-1], 10 * grid[-1])[1:]
        grid, values = np.r_[grid, more], np.r_[values, [excess(float(q)) for q in more]]
    return grid, values


def _spaced(low: float, high: float) -> Grid:
    """Returns a logarithmic grid as fine as the profile's."""
    return np.geomspace(low, high, 2 + math.ceil(PER_DECADE * math.log10(high / low)))


def _stability(zero: Zero) -> Stability:
    """Returns the stability of a fixed point from whether q grows below it and above."""
    if zero.below == zero.above:
        return "half-stable"
    return "stable" if zero.below > 0 else "unstable"


def _points_from_zero(slope: float, values: Grid) -> list[FixedPoint]:
    """Returns zero as a fixed point, and q = 1 beside it where every q is one."""
    decided = values[np.abs(values) > NOISE]
    if abs(slope - 1) > NOISE:
        return [FixedPoint(0.0, "stable" if slope < 1 else "unstable")]
    if not decided.size:
        return [FixedPoint(0.0, "marginal"), FixedPoint(1.0, "marginal")]
    return [FixedPoint(0.0, "stable" if decided[0] < 0 else "half-stable")]
