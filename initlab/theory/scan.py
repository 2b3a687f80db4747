"""Every zero of a function of the variance q, over many orders of magnitude, with its kind."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq, minimize_scalar

NOISE = 1e-12  # of a relative difference of two moments, which rounding leaves undecided
TOUCH = 1e-10  # how near to zero an extremum counts as a double zero, its place being known less
NEAR_ENOUGH = 0.2  # an extremum further from zero than this is not looked at closer

type Function = Callable[[float], float]


class Zero(NamedTuple):
    """A zero: where it is, and the function's signs (-1, 0 or 1) below and above it."""

    q: float
    below: int
    above: int


def zeros(
    function: Function, grid: Float[np.ndarray, " point"], values: Float[np.ndarray, " point"]
) -> list[Zero]:
    """Returns the zeros between the ends of `grid`, in their order.

    A stretch of zeros at either end of the grid is no zero of the kind that is looked for.

    Args:
        function: a relative difference, of order one; what is below 1e-12 counts as zero.
        grid: ascending values of q, all positive.
        values: the function there.
    """
    signs = np.where(np.abs(values) <= NOISE, 0, np.sign(values)).astype(int)
    decided = np.flatnonzero(signs)
    found: list[Zero] = []
    for i, j in pairwise(decided):
        if signs[i] != signs[j]:
            found.append(_crossing(function, grid[i], grid[j], int(signs[i])))
        elif j - i > 1:
            found.append(Zero(float(grid[(i + j) // 2]), int(signs[i]), int(signs[i])))
    sizes = np.abs(values)
    for k in range(1, len(grid) - 1):
        dips = sizes[k] < min(sizes[k - 1], NEAR_ENOUGH) and sizes[k] <= sizes[k + 1]
        if dips and signs[k - 1] == signs[k] == signs[k + 1] != 0:
            found += _at_extremum(function, grid[k - 1 : k + 2], int(signs[k]))
    return sorted(found)


def _crossing(function: Function, low: float, high: float, sign: int) -> Zero:
    """Returns the zero between two places of opposite sign, by Brent's method in log q."""
    u = brentq(lambda u: function(math.exp(u)), math.log(low), math.log(high), xtol=1e-15)
    return Zero(math.exp(u), sign, -sign)


def _at_extremum(function: Function, around: Float[np.ndarray, " point"], sign: int) -> list[Zero]:
    """Returns the two zeros, or the double one, about an extremum that reaches for zero."""
    low, high = float(around[0]), float(around[-1])
    found = minimize_scalar(
        lambda u: sign * function(math.exp(u)),
        bounds=(math.log(low), math.log(high)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    q, least = math.exp(float(found.x)), float(found.fun)
    if least < -TOUCH:
        return [_crossing(function, low, q, sign), _crossing(function, q, high, -sign)]
    return [Zero(q, sign, sign)] if least <= TOUCH else []
