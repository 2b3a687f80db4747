"""Panels on which a function is a polynomial to the last digits, split at its kinks."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)  # exact for polynomials of degree 63
KEPT_DEGREE = 15  # a resolved function has no more than this degree, its square half of the 63
# Maps the values at the nodes to the coefficients of the Legendre polynomials.
TO_LEGENDRE = (
    (np.arange(32)[:, None] + 0.5) * WEIGHTS * np.polynomial.legendre.legvander(NODES, 31).T
)
TOLERANCE = 1e-13  # some ulps of a function's own rounding, raised to what 32 nodes can tell
NARROWEST = 2.0**-70  # panels at zero are halved no further
MOST_NODES = 3 * 2**17

type Pair = Callable[[Float[np.ndarray, "..."]], Float[np.ndarray, "kind ..."]]
type Which = slice | Bool[np.ndarray, " panel"] | Int[np.ndarray, " some"]


class Sizes(NamedTuple):
    """Sizes of value and slope near zero, below which they do not matter, and slope by value."""

    value: float
    slope: float
    rate: float


class Panels(NamedTuple):
    """Panels in their order, with the function at the nodes of each.

    `loose` tells which are as narrow as can be and still not resolved.
    """

    left: Float[np.ndarray, " panel"]
    right: Float[np.ndarray, " panel"]
    loose: Bool[np.ndarray, " panel"]
    values: Float[np.ndarray, "kind panel node"]

    def part(self, which: Which) -> "Panels":
        """Returns some of the panels."""
        return Panels(self.left[which], self.right[which], self.loose[which], self.values[:, which])


def joined(parts: Sequence[Panels]) -> Panels:
    """Returns the panels of all parts, one part after the other."""
    left, right, loose, values = zip(*parts, strict=True)
    return Panels(
        np.concatenate(left),
        np.concatenate(right),
        np.concatenate(loose),
        np.concatenate(values, axis=1),
    )


class NotResolvedError(ValueError):
    """A function oscillates too fast, or is too noisy, for as many nodes as are allowed."""


def nodes_of(
    left: Float[np.ndarray, " panel"], right: Float[np.ndarray, " panel"]
) -> Float[np.ndarray, "panel node"]:
    """Returns the Gauss-Legendre nodes of each panel."""
    middle, half = (left + right) / 2, (right - left) / 2
    return np.asarray(middle[:, None] + half[:, None] * NODES)


def resolve(function: Pair, edges: Float[np.ndarray, " edge"], sizes: Sizes) -> Panels:
    """Halves the panels between `edges` until value and slope are polynomials on each of them.

    A kink or a jump that lies at no edge ends in a panel a few ulps wide, which is loose.

    Args:
        function: maps points to values and slopes, stacked.
        edges: where panels begin and end, ascending.
        sizes: what the function's rounding is judged by.

    Raises:
        NotResolvedError: if that takes more than 400,000 nodes.
    """
    left, right = edges[:-1], edges[1:]
    done: list[Panels] = []
    spent, rate = 0, sizes.rate
    while left.size:
        spent += left.size * NODES.size
        if spent > MOST_NODES:
            raise NotResolvedError(
                f"between {left[0]:.6g} and {right[0]:.6g} it oscillates too fast, or is too "
                f"noisy, for {MOST_NODES:,d} points between {edges[0]:.6g} and {edges[-1]:.6g}"
            )
        x = nodes_of(left, right)
        values = function(x)
        most = np.abs(values).max(axis=(1, 2))
        rate = max(rate, most[1] / most[0]) if most[0] else rate
        ulp = np.finfo(float).eps * np.abs(x).max(axis=-1)
        rough = _is_rough(values, x, ulp, sizes._replace(rate=rate))
        kept = ~rough | (right - left <= np.maximum(8 * ulp, NARROWEST))
        done.append(Panels(left, right, rough, values).part(kept))
        left, right = left[~kept], right[~kept]
        middle = (left + right) / 2
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
    found = joined(done)
    return found.part(np.argsort(found.left))


def _is_rough(
    values: Float[np.ndarray, "kind panel node"],
    x: Float[np.ndarray, "panel node"],
    ulp: Float[np.ndarray, " panel"],
    sizes: Sizes,
) -> Bool[np.ndarray, " panel"]:
    """Tells on which panels value or slope is no polynomial of the degree that is kept."""
    tail = np.abs(values @ TO_LEGENDRE[KEPT_DEGREE + 1 :].T).max(axis=-1)
    of_values, of_slopes = np.abs(values).max(axis=-1)
    # A slope is rounded like what it is computed from: 1 - tanh^2 is so by the value's own size.
    of_slopes = np.maximum(of_slopes, np.maximum(sizes.slope, sizes.rate * of_values))
    allowed = TOLERANCE * np.stack([np.maximum(of_values, sizes.value), of_slopes])
    rough = (tail > allowed).any(axis=0)
    values, x, ulp = values[:, rough], x[rough], ulp[rough]
    # The rounding of x moves a value by the slope; a jump makes one slope of many large.
    steepness = np.median(np.abs(np.diff(values)) / np.maximum(np.diff(x), ulp[:, None]), axis=-1)
    rough[rough] = (tail[:, rough] > allowed[:, rough] + 4 * ulp * steepness).any(axis=0)
    return np.asarray(rough)


def resolve_at_kinks(function: Pair, edges: Float[np.ndarray, " edge"], sizes: Sizes) -> Panels:
    """Resolves again with the kinks that were found as edges, which takes far fewer panels."""
    first = resolve(function, edges, sizes)
    if not first.loose.any():
        return first
    kinks = np.concatenate([first.left[first.loose], first.right[first.loose]])
    return resolve(function, np.union1d(edges, kinks), sizes)
