"""Moments of a function at many correlated Gaussian variables, by its Hermite coefficients."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from initlab.theory.gaussian import expectations, kurtosis
from initlab.theory.nodes import nodes_met
from initlab.theory.table import Table

type Places = Float[np.ndarray, " place"]
type Pairs = Float[np.ndarray, "place place"]

TERMS = 64  # an even number: coefficients 0 to 64
PER_OCTAVE = 4  # variances that coefficients are computed at; between them a polynomial in log q
DEGREE = 7
TAIL_NODES, TAIL_WEIGHTS = np.polynomial.laguerre.laggauss(12)
SLOWEST = 1.1  # power of a tail's fall: beyond, its sum hardly exists


class Coefficients(NamedTuple):
    r"""Of a function f at variances q: :math:`a_n = E[f(\sqrt{q} z) h_n(z)]`, h_n normalized.

    Attributes:
        terms: a_n, n from 0 to `TERMS`.
        even: the sum of the squares of all further even ones.
        odd: the same of the odd ones.
    """

    terms: Float[np.ndarray, "term ..."]
    even: Float[np.ndarray, " *place"]
    odd: Float[np.ndarray, " *place"]


class Moments(NamedTuple):
    """Of phi at variances q.

    Attributes:
        second: E[phi^2].
        growth: its derivative in q.
        slope_second: E[phi'^2].
        value: coefficients of phi.
        square: coefficients of phi^2 over `second`.
    """

    second: Float[np.ndarray, " *place"]
    growth: Float[np.ndarray, " *place"]
    slope_second: Float[np.ndarray, " *place"]
    value: Coefficients
    square: Coefficients


def moments_at_places(table: Table, q: Places) -> Moments:
    """Returns the moments at many variances, to about 1e-9, from those on a grid of log q.

    Raises:
        ValueError: if the function cannot be integrated there, or jumps.
    """
    position = PER_OCTAVE * np.log2(q)
    first = np.floor(position.min()).astype(int) - DEGREE // 2
    last = np.floor(position.max()).astype(int) + DEGREE // 2 + 1
    grid = np.arange(first, last + 1)
    rows = np.stack([_row(table, int(index)) for index in grid])
    start = np.floor(position).astype(int) - DEGREE // 2 - first
    within = position - first - start
    nodes = np.arange(DEGREE + 1)
    weights = np.ones((DEGREE + 1, q.size))
    for k in nodes:
        for other in nodes[nodes != k]:
            weights[k] *= (within - other) / (k - other)
    blended = sum(weights[k][:, None] * rows[start + k] for k in nodes)
    return _unpacked(np.asarray(blended).T)


def products(found: Coefficients, correlation: Pairs) -> Pairs:
    r"""Returns :math:`E[f(u_p) f(v_{p'})]` for Gaussian u and v of these correlations.

    The series :math:`\sum_n a_n(q_p) a_n(q_{p'}) c^n`, and beyond its last term what is known to be
    left at c = 1 and -1, spread over the powers as a law :math:`n^{-s}` that goes on from the last
    half of the terms.
    """
    total = np.zeros_like(correlation)
    for row in found.terms[::-1]:  # Horner's rule
        total = total * correlation + np.multiply.outer(row, row)
    size = np.abs(correlation)
    for left, parity in ((found.even, 0), (found.odd, 1)):
        block = (found.terms[TERMS // 2 + 2 - parity :: 2] ** 2).sum()
        if left.sum() <= 1e-15 * (found.terms**2).sum():
            continue
        fall = max(SLOWEST, 1 + math.log2(1 + block / left.sum()))
        shares = _spread(size, TERMS + 1 + parity / 2, fall) * np.sign(correlation) ** parity
        total += np.sqrt(np.multiply.outer(left, left)) * shares
    return total


def _spread(size: Pairs, first: float, fall: float) -> Pairs:
    """Returns the mean of size^n over n from `first` on, weighted by n^-fall."""
    with np.errstate(divide="ignore", over="ignore"):
        logs = np.log(size)
        powers = first * np.exp(TAIL_NODES / (fall - 1))
        terms = (w * np.exp(n * logs) for n, w in zip(powers, TAIL_WEIGHTS, strict=True))
        return np.asarray(sum(terms))


@lru_cache(maxsize=4096)
def _row(table: Table, index: int) -> Float[np.ndarray, " number"]:
    """Returns everything of `Moments` at q = 2^(index / PER_OCTAVE), one after the other."""
    q = 2.0 ** (index / PER_OCTAVE)
    second, slope_second, growth = expectations(
        table, q, ("second", "slope_second", "second_growth")
    )
    size = math.sqrt(second) or 1.0
    x, value, _, z, mass, *_ = nodes_met(table, q)
    mirrored = table.function(-x)[0]
    both = np.stack([value, (value / size) ** 2]) * mass
    terms = np.empty((2, TERMS + 1))
    before, now = np.zeros_like(z), np.ones_like(z)
    for n in range(TERMS + 1):
        terms[:, n] = both @ now
        before, now = now, (z * now - math.sqrt(n) * before) / math.sqrt(n + 1)
    parts = [np.array([second, growth, slope_second])]
    for a, all_of_it, crossed in (
        (terms[0], second, both[0] @ mirrored),
        (terms[1], kurtosis(table, q, "fourth", second), both[1] @ (mirrored / size) ** 2),
    ):
        even, odd = (a[::2] ** 2).sum(), (a[1::2] ** 2).sum()
        left = [(all_of_it + crossed) / 2 - even, (all_of_it - crossed) / 2 - odd]
        parts += [a, np.array(left)]
    return np.concatenate(parts)


def _unpacked(rows: Float[np.ndarray, "number place"]) -> Moments:
    """Returns what `_row` has put together, place by place."""
    second, growth, slope_second = rows[:3]
    each = []
    for start in (3, 3 + TERMS + 3):
        even, odd = np.maximum(rows[start + TERMS + 1 : start + TERMS + 3], 0.0)
        each.append(Coefficients(rows[start : start + TERMS + 1], even, odd))
    return Moments(second, growth, slope_second, *each)
