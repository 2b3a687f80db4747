"""Expectations of a function of two correlated Gaussian variables."""

import math

import numpy as np
from jaxtyping import Float

from initlab.theory.closed_pairs import PairMoments, closed_moments
from initlab.theory.hermite_pairs import hermite_moments
from initlab.theory.profile import moments_at
from initlab.theory.table import Table

NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
TO_TAIL = (
    (np.arange(14, 20)[:, None] + 0.5)
    * WEIGHTS
    * np.polynomial.legendre.legvander(NODES, 19)[:, 14:].T
)
FAR = 9.0  # standard deviations; a Gaussian holds 1e-18 beyond
STEPS = np.array([-FAR, -6.0, -3.0, -1.0, 1.0, 3.0, 6.0, FAR])
TOLERANCE = 1e-12  # of an integral, for what a panel may be wrong by
SMALL = 1e-6
AGREEMENT = 1e-9  # of the moments that are known from one dimension
MOST_ROUNDS = 60
MOST_NODES = 2**23  # in two dimensions, at a time


def pair_moments(table: Table, q: float, c: float) -> PairMoments:
    r"""Returns the moments of a pair of variance `q`, which is positive, and correlation `c`.

    Both variables share a part of variance |c| q and have one of (1 - |c|) q each. Given the shared
    part y they are independent, so that with psi(y) the mean of phi over the own part the product
    is E[psi(y) psi(+-y)], and for positive c the deficit is the mean variance over the own part.

    Raises:
        ValueError: if the quadrature does not agree with what one dimension gives, or the
            function jumps.
    """
    if (closed := closed_moments(table, q, c)) is not None:
        return closed
    if (found := hermite_moments(table, q, c)) is not None:
        return found
    second, slope_second, _ = moments_at(table, q)
    shared, own = math.sqrt(abs(c) * q), math.sqrt((1 - abs(c)) * q)
    # A product of means may be any fraction of the mean square, and is rounded as part of that.
    floors = SMALL * np.array([second, 0.0, slope_second, second, slope_second])
    totals = _integrate_shared(table, shared, own, math.copysign(1, c), floors)
    product, spread, slope_product, all_second, all_slope_second = map(float, totals)
    for got, known in ((all_second, second), (all_slope_second, slope_second)):
        if abs(got - known) > AGREEMENT * known:
            raise ValueError(
                f"`{table.name}` cannot be integrated at q = {q:g} and c = {c:g}: two dimensions "
                f"give {got:.12g} for a moment that is {known:.12g} in one."
            )
    if c > 0.5:
        return PairMoments(second - spread, spread, slope_product)
    return PairMoments(product, second - product, slope_product)


def _integrate_shared(
    table: Table, shared: float, own: float, sign: float, floors: Float[np.ndarray, " moment"]
) -> Float[np.ndarray, " moment"]:
    """Integrates over the shared part, halving panels until each moment is right."""
    if shared == 0:
        return _moments_given(table, np.zeros(1), own, sign)[:, 0]
    far = FAR * shared
    table.extend(far + FAR * own)
    edges = shared * STEPS
    if own < shared / 4:  # else the function is smoothed by more than the nodes are apart
        # About a kink the own part makes a transition as wide as itself, which no node might meet.
        marks = np.r_[table.edges, np.add.outer(table.kinks, own * STEPS).ravel()]
        edges = np.unique(np.clip(np.r_[edges, marks, sign * marks], -far, far))
    left, right = edges[:-1], edges[1:]
    # A point is rounded by an ulp of the shared part, which the own part is measured in.
    ulps = np.finfo(float).eps * shared / own if own else 0.0
    tolerance = TOLERANCE + 16 * ulps
    total, size = np.zeros(5), floors
    for _ in range(MOST_ROUNDS):
        half = (right - left) / 2
        y = (left + right)[:, None] / 2 + half[:, None] * NODES
        density = np.exp(-((y / shared) ** 2) / 2) / (shared * math.sqrt(2 * math.pi))
        values = _moments_given(table, y.ravel(), own, sign).reshape(-1, *y.shape) * density
        integrals = half * (values @ WEIGHTS)
        size = np.maximum(size, np.abs(total) + np.abs(integrals).sum(axis=1))
        tail = half * np.abs(values @ TO_TAIL.T).max(axis=2)
        rough = (tail > tolerance * size[:, None]).any(axis=0)
        total = total + integrals[:, ~rough].sum(axis=1)
        if not rough.any():
            return np.asarray(total)
        middle = ((left + right) / 2)[rough]
        left, right = np.r_[left[rough], middle], np.r_[middle, right[rough]]
    raise ValueError(
        f"`{table.name}` cannot be integrated over two variables: it does not converge between "
        f"{left[0]:.6g} and {right[0]:.6g}."
    )


def _moments_given(
    table: Table, y: Float[np.ndarray, " shared"], own: float, sign: float
) -> Float[np.ndarray, "moment shared"]:
    """Returns, given the shared part, what `_integrate_shared` integrates.

    The product of the values' means, their variance, the product of the slopes' means, and the
    mean squares of both.
    """
    (mean, slope), (variance, slope_variance) = _smoothed(table, y, own)
    other, other_slope = (mean, slope) if sign > 0 else _smoothed(table, -y, own)[0]
    return np.stack(
        [
            mean * other,
            variance,
            slope * other_slope,
            mean**2 + variance,
            slope**2 + slope_variance,
        ]
    )


def _smoothed(
    table: Table, y: Float[np.ndarray, " shared"], own: float
) -> tuple[Float[np.ndarray, "kind shared"], Float[np.ndarray, "kind shared"]]:
    """Returns means and variances of value and slope over Gaussians of deviation `own` about y."""
    if own == 0:
        both = np.stack(table.function(y))
        return both, np.zeros_like(both)
    table.extend(float(np.abs(y).max()) + FAR * own)
    # An edge out of a row's reach makes a panel of no width, which is left out.
    inside = table.edges[np.abs(table.edges) < np.abs(y).max() + FAR * own]
    marks = np.clip(inside, (y - FAR * own)[:, None], (y + FAR * own)[:, None])
    edges = np.sort(np.concatenate([y[:, None] + own * STEPS, marks], axis=1), axis=1)
    rows, columns = np.nonzero(np.diff(edges) > 0)
    if rows.size * NODES.size > MOST_NODES:
        raise ValueError(
            f"`{table.name}` cannot be integrated over two variables of deviation up to "
            f"{float(np.abs(y).max()) / FAR:.3g}: it oscillates too fast. Ask for a smaller q."
        )
    left, right = edges[rows, columns], edges[rows, columns + 1]
    half = (right - left) / 2
    x = ((left + right) / 2)[:, None] + half[:, None] * NODES
    z = (x - y[rows, None]) / own
    weights = half[:, None] / own * WEIGHTS * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    both = np.stack(table.function(x))

    def over_rows(terms: Float[np.ndarray, "kind panel node"]) -> Float[np.ndarray, "kind shared"]:
        sums = terms.sum(axis=2)
        return np.stack([np.bincount(rows, one, minlength=y.size) for one in sums])

    means = over_rows(both * weights)
    return means, over_rows((both - means[:, rows, None]) ** 2 * weights)
