"""Pair moments by a Hermite series, of functions so smooth that it ends in double precision."""

import math
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from initlab.theory.closed_pairs import PairMoments
from initlab.theory.gaussian import USUAL
from initlab.theory.panels import WEIGHTS, nodes_of
from initlab.theory.profile import moments_at
from initlab.theory.table import Table

TERMS = 256
PANELS = 56  # half a standard deviation each: there no term turns more than twice
COMPLETE = 1e-12  # of E[phi^2] and of E[phi'^2], by which a series may miss them

type Terms = Float[np.ndarray, " term"]


class Basis(NamedTuple):
    """Nodes in standard deviations, and each normalized Hermite polynomial's weights there."""

    z: Float[np.ndarray, " node"]
    weights: Float[np.ndarray, "term node"]


def smooth_moments(table: Table, q: float, c: float) -> PairMoments | None:
    r"""Returns the moments of a pair of variance `q` and correlation `c`, or None where phi is not
    smooth enough.

    With :math:`a_n = E[\phi(\sqrt{q} z) h_n(z)]`, h_n the normalized Hermite polynomials, the
    product is :math:`\sum_n a_n^2 c^n`, the deficit :math:`\sum_n a_n^2 (1 - c^n)` and the slopes'
    product :math:`\frac{1}{q} \sum_n n a_n^2 c^{n - 1}`. All terms of the last two are positive at
    c = 1, where their sums are known: that they agree bounds what is left out at every c.

    References:
        Daniely, Frostig and Singer, Toward Deeper Understanding of Neural Networks, 2016,
        arXiv:1602.05897, section 4.
    """
    squares = _squares(table, q)
    if squares is None:
        return None
    order = np.arange(squares.size)
    powers = c ** order.astype(float) if c > 0 else np.power(c, order)
    short = -np.expm1(order * math.log(c)) if c > 0 else 1 - powers
    slopes = order[1:] * squares[1:] * powers[:-1]
    return PairMoments(
        float((squares * powers).sum()), float((squares * short).sum()), float(slopes.sum() / q)
    )


@lru_cache(maxsize=4096)
def _squares(table: Table, q: float) -> Terms | None:
    """Returns the squares of the coefficients, or None where more than those are needed."""
    second, slope_second, _ = moments_at(table, q)
    basis = _basis()
    values, _ = table.function(math.sqrt(q) * basis.z)
    squares = np.asarray((basis.weights @ values) ** 2)
    slopes = float(np.arange(squares.size) @ squares / q)
    misses = abs(squares.sum() - second), abs(slopes - slope_second)
    complete = misses[0] <= COMPLETE * second and misses[1] <= COMPLETE * slope_second
    return squares if complete else None


@cache
def _basis() -> Basis:
    """Returns the polynomials up to the last term, times the Gaussian's weight of each node."""
    edges = np.linspace(-USUAL, USUAL, PANELS + 1)
    z = nodes_of(edges[:-1], edges[1:]).ravel()
    mass = np.tile(WEIGHTS * USUAL / PANELS, PANELS) * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    rows, before = [np.ones_like(z)], np.zeros_like(z)
    for n in range(TERMS):
        rows.append((z * rows[-1] - math.sqrt(n) * before) / math.sqrt(n + 1))
        before = rows[-2]
    return Basis(z, np.stack(rows) * mass)
