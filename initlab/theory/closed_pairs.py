"""Pair moments in closed form: where a function is two lines, and where two inputs nearly agree."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from initlab.theory.nodes import nodes_met
from initlab.theory.profile import moments_at
from initlab.theory.table import Table

STRAIGHT = 1e-10  # of a moment's root, for what a function may differ from two lines by
FAR = 9.0  # standard deviations, up to where that is looked at
NEXT_TO_ONE = 1e-12  # of 1 - c; below it the inputs differ by less than a quadrature resolves
NEGLIGIBLE = 1e-10  # of what the first order in 1 - c leaves out
ASIDE = 1e-9  # how far from a kink the slopes on its two sides are taken
SMALL_ANGLE = 1e-2


class PairMoments(NamedTuple):
    """Moments of phi and of its slope at two Gaussian variables of one variance.

    Attributes:
        product: E[phi(u1) phi(u2)].
        deficit: E[phi(u)^2] - E[phi(u1) phi(u2)], right in its own digits as c nears 1.
        slope_product: E[phi'(u1) phi'(u2)].
    """

    product: float
    deficit: float
    slope_product: float


def closed_moments(table: Table, q: float, c: float) -> PairMoments | None:
    """Returns the moments of a pair of variance `q` and correlation `c`, or None without a form."""
    second, slope_second, _ = moments_at(table, q)
    if c == 1:
        return PairMoments(second, 0.0, slope_second)
    slopes = _two_lines(table, q)
    if slopes is not None:
        return _of_lines(*slopes, q, c)
    if 1 - c < NEXT_TO_ONE and (1 - c) * q * table.rate**2 < NEGLIGIBLE:
        return _near_one(table, q, c, second, slope_second)
    return None


@lru_cache(maxsize=4096)
def _two_lines(table: Table, q: float) -> tuple[float, float] | None:
    """Returns the slopes below and above zero of a function that is two lines at this scale.

    It may differ from them next to zero or far out, as long as a Gaussian of variance `q` meets
    too little of that to matter.
    """
    second, slope_second, _ = moments_at(table, q)
    x, values, slopes, z, mass, *_ = nodes_met(table, q, FAR)
    one = np.searchsorted(z, [-1.0, 1.0])
    below, above = values[one] / x[one]
    line = np.where(z < 0, below, above)
    mean_square = (below**2 + above**2) / 2
    straight = (
        mass @ np.abs(values - line * x) <= STRAIGHT * math.sqrt(second)
        and mass @ np.abs(slopes - line) <= STRAIGHT * math.sqrt(slope_second)
        and abs(mean_square * q - second) <= STRAIGHT * second
        and abs(mean_square - slope_second) <= STRAIGHT * slope_second
    )
    return (float(below), float(above)) if straight else None


def _of_lines(below: float, above: float, q: float, c: float) -> PairMoments:
    r"""Returns the moments of two lines that meet at zero, by the arc-cosine kernel.

    The function is :math:`m x + h |x|` with :math:`m, h` half the sum and the difference of the
    slopes; with :math:`\cos\theta = c` its deficit is :math:`q (m^2 + h^2) (1 - c) -
    \frac{2}{\pi} q h^2 (\sin\theta - \theta \cos\theta)`.

    References:
        Cho and Saul, Kernel Methods for Deep Learning, 2009, section 2.1.
    """
    odd, even = ((above + below) / 2) ** 2, ((above - below) / 2) ** 2
    angle = 2 * math.asin(math.sqrt((1 - c) / 2))
    if angle < SMALL_ANGLE:
        rest = angle**3 / 3 * (1 - angle**2 / 10 + angle**4 / 280)
    else:
        rest = math.sin(angle) - angle * c
    deficit = q * ((odd + even) * (1 - c) - 2 / math.pi * even * rest)
    slope_product = odd + even * (1 - 2 / math.pi * angle)
    return PairMoments(q * (odd + even) - deficit, deficit, slope_product)


def _near_one(table: Table, q: float, c: float, second: float, slope_second: float) -> PairMoments:
    r"""Returns the moments to first order in 1 - c, with what kinks add.

    With :math:`\delta = 1 - c` the deficit is :math:`\delta q E[\phi'^2]`, less
    :math:`\frac{2}{3 \sqrt\pi} (\delta q)^{3/2} \sum_k \Delta_k^2 p(k)` for kinks at k where the
    slope jumps by :math:`\Delta_k`, p being the density of the variable; the slopes' product is
    :math:`E[\phi'^2] - \sqrt{\delta q / \pi} \sum_k \Delta_k^2 p(k)`.
    """
    own = math.sqrt((1 - c) * q)
    aside = ASIDE * (1 + np.abs(table.kinks))
    jumps = table.function(table.kinks + aside)[1] - table.function(table.kinks - aside)[1]
    density = np.exp(-(table.kinks**2) / (2 * q)) / math.sqrt(2 * math.pi * q)
    kinks = float(jumps**2 @ density)
    deficit = own**2 * slope_second - 2 / (3 * math.sqrt(math.pi)) * own**3 * kinks
    return PairMoments(second - deficit, deficit, slope_second - own / math.sqrt(math.pi) * kinks)
