"""Pair moments by a Hermite series, where what it leaves out is below the last digits."""

import math
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from initlab.theory.closed_pairs import PairMoments
from initlab.theory.panels import WEIGHTS, nodes_of
from initlab.theory.profile import moments_at
from initlab.theory.table import Table

FAR = 12.0  # standard deviations; what lies beyond shows in integrals whose value is known
FEW, MANY = 256, 1024  # terms: of a smooth function, and of one with a kink
PANELS = {FEW: 12, MANY: 24}  # to either side: on none of them a term turns more than three times
COMPLETE = 1e-12  # of E[phi^2] and of E[phi'^2], by which nodes and a whole series may miss them
LEFT_OUT = 1e-13  # of both, by what a series leaves out at one correlation

type Terms = Float[np.ndarray, " term"]
type Node = Float[np.ndarray, " node"]


class Basis(NamedTuple):
    """Positive nodes in standard deviations, and the Gaussian's weight at each.

    And of the normalized Hermite polynomials of even and of odd order the weights there.
    """

    z: Node
    mass: Node
    even: Float[np.ndarray, "half node"]
    odd: Float[np.ndarray, "half node"]


class Series(NamedTuple):
    """The squares of the coefficients, and what further ones add to E[phi^2] and E[phi'^2]."""

    squares: Terms
    left: float
    left_slopes: float


def hermite_moments(table: Table, q: float, c: float) -> PairMoments | None:
    r"""Returns the moments of a pair of variance `q` and correlation `c`, or None where the series
    leaves out too much.

    With :math:`a_n = E[\phi(\sqrt{q} z) h_n(z)]`, h_n the normalized Hermite polynomials, the
    product is :math:`\sum_n a_n^2 c^n`, the deficit :math:`\sum_n a_n^2 (1 - c^n)` and the slopes'
    product :math:`\frac{1}{q} \sum_n n a_n^2 c^{n - 1}`. The sums of :math:`a_n^2` and
    :math:`n a_n^2` over all n are known, and with them what the terms from N on add at c = 1; at
    another c that is at least :math:`|c|^{N-1}` times smaller. A function with a kink at zero takes
    many terms, and has none as c nears 1.

    References:
        Daniely, Frostig and Singer, Toward Deeper Understanding of Neural Networks, 2016,
        arXiv:1602.05897, section 4.
    """
    slope_second = moments_at(table, q).slope_second
    for terms in (FEW, MANY):
        series = _series(table, q, terms)
        if series is None:
            continue
        # Of E[phi^2] a series leaves out a smaller share than of the slopes.
        if series.left_slopes <= COMPLETE * slope_second:
            return _moments(series._replace(left=0.0), q, c)
        if abs(c) ** (terms - 1) * series.left_slopes <= LEFT_OUT * slope_second:
            return _moments(series, q, c)
        if abs(c) ** (MANY - 1) > LEFT_OUT:
            return None
    return None


def _moments(series: Series, q: float, c: float) -> PairMoments:
    """Returns the moments at one correlation."""
    squares = series.squares
    order = np.arange(squares.size)
    powers = c ** order.astype(float) if c > 0 else np.power(c, order)
    short = -np.expm1(order * math.log(c)) if c > 0 else 1 - powers
    slopes = order[1:] * squares[1:] * powers[:-1]
    return PairMoments(
        float((squares * powers).sum()),
        series.left + float((squares * short).sum()),
        float(slopes.sum() / q),
    )


@lru_cache(maxsize=1024)
def _series(table: Table, q: float, terms: int) -> Series | None:
    """Returns the first terms of the series, or None where its nodes do not resolve phi."""
    parts = _parts(table, q, terms)
    if parts is None:
        return None
    second, slope_second, _ = moments_at(table, q)
    basis, squares = _basis(terms), np.empty(terms)
    squares[::2], squares[1::2] = (basis.even @ parts[0]) ** 2, (basis.odd @ parts[1]) ** 2
    slopes = float(np.arange(terms) @ squares / q)
    return Series(squares, abs(second - float(squares.sum())), abs(slope_second - slopes))


def _parts(table: Table, q: float, terms: int) -> tuple[Node, Node] | None:
    """Returns twice the even and the odd part of phi at the nodes, or None.

    A kink or another break that is not at zero shows in integrals whose value is known.
    """
    second, slope_second, _ = moments_at(table, q)
    basis = _basis(terms)
    values, slopes = table.function(math.sqrt(q) * np.stack([basis.z, -basis.z]))
    found = (values**2).sum(axis=0) @ basis.mass, (slopes**2).sum(axis=0) @ basis.mass
    if not (
        abs(found[0] - second) <= COMPLETE * second
        and abs(found[1] - slope_second) <= COMPLETE * slope_second
    ):
        return None
    return values[0] + values[1], values[0] - values[1]


@cache
def _basis(terms: int) -> Basis:
    """Returns the first polynomials, times the Gaussian's weight of each node."""
    edges = np.linspace(0.0, FAR, PANELS[terms] + 1)
    z = nodes_of(edges[:-1], edges[1:]).ravel()
    widths = np.tile(WEIGHTS * edges[1] / 2, PANELS[terms])
    mass = widths * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    rows, before = [np.ones_like(z)], np.zeros_like(z)
    for n in range(terms - 1):
        rows.append((z * rows[-1] - math.sqrt(n) * before) / math.sqrt(n + 1))
        before = rows[-2]
    weighted = np.stack(rows) * mass
    return Basis(z, mass, weighted[::2].copy(), weighted[1::2].copy())
