"""A function's values, tabulated once at quadrature nodes that serve Gaussians of every width."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from initlab.theory.function import Phi, ScalarFunction
from initlab.theory.panels import (
    TO_LEGENDRE,
    WEIGHTS,
    NotResolvedError,
    Panels,
    Sizes,
    joined,
    nodes_of,
    resolve_at_kinks,
)

SMALLEST_OCTAVE = -560  # the square of its numbers still has a size in float64
# From zero outwards panels grow with what they are away from it, so that each Gaussian about zero,
# however narrow or wide, meets panels that resolve it.
_OCTAVES = 2.0 ** np.arange(SMALLEST_OCTAVE, 0)
_INNER = np.concatenate([[0.0], np.union1d(_OCTAVES, 1.5 * _OCTAVES), [1.0]])
NEARER = 2.0 ** -np.arange(60.0)  # where something steep may lie that the first nodes overlook
FURTHER = 3  # octaves that a panel may reach away from zero
JUMP = 1e-9  # of the function's size


class GrowsTooFastError(ValueError):
    """A function's moments are infinite, or of numbers that float64 does not hold."""


class AboutZero(NamedTuple):
    """Two panels that meet at zero: how wide they are, their nodes, weights, values and slopes."""

    end: float
    x: Float[np.ndarray, " node"]
    weights: Float[np.ndarray, " node"]
    values: Float[np.ndarray, " node"]
    slopes: Float[np.ndarray, " node"]


class Table:
    """Nodes, quadrature weights, values and slopes of a function, in the order of the nodes.

    Attributes:
        name: the function's name.
        reach: the table holds -reach to reach, a power of two, and grows on demand.
        x: the nodes.
        weights: their weights in an integral over x.
        values: the function there.
        slopes: its derivative there.
        loose: the indices of nodes in panels that are not resolved: at kinks, a few ulps wide.
        edges: ends of the few panels on which the function is a polynomial.
        jumps: where the function jumps, or rises with an infinite slope.
        kinks: where the slope jumps; and zero, where a function may have a weaker break.
        at_zero: value and slope at zero, the mean of both sides'.
    """

    def __init__(self, phi: Phi) -> None:
        self.function = ScalarFunction(phi)
        self.name = self.function.name
        self._sizes = self._sizes_near_zero(np.array([-1.0, 0.0, 1.0]))
        self.x = self.weights = self.values = self.slopes = np.empty(0)
        self.loose = np.empty(0, int)
        self.edges = self.jumps = self.kinks = np.empty(0)
        self._outermost: list[Panels] = []  # the first and the last resolved panel
        self._about_zero = {-math.inf: AboutZero(0.0, *[np.empty(0)] * 4)}
        self.reach = 1.0
        core = self._resolve(np.array([-1.0, 0.0, 1.0]))
        if self._is_steep_at_zero(core):
            edges = np.concatenate([-NEARER, [0.0], NEARER[::-1]])
            self._sizes = self._sizes_near_zero(edges)
            core = self._resolve(edges)
        at = (core.left == 0) | (core.right == 0)
        narrower = float((core.right - core.left)[at].min())
        self._simple = 0.0 if core.loose[at].any() else narrower  # how far it is a polynomial
        self._append([(core, np.concatenate([-_INNER[:0:-1], _INNER]))])
        sides = self.sides_of_zero
        self.at_zero = float(self.values[sides].mean()), float(self.slopes[sides].mean())

    @property
    def rate(self) -> float:
        """The largest slope within 8 of zero over the largest value: one over a length."""
        return self._sizes.rate

    @property
    def sides_of_zero(self) -> slice:
        """Where the last node below zero and the first above it stand."""
        right = int(np.searchsorted(self.x, 0.0))
        return slice(right - 1, right + 1)

    def extend(self, reach: float) -> None:
        """Lets the table reach to `reach` on both sides.

        Raises:
            GrowsTooFastError: if the function overflows there.
            ValueError: if it is not finite there, or too fast or noisy to be resolved.
        """
        if reach <= self.reach:
            return
        wanted = 2.0 ** int(np.ceil(np.log2(reach)))
        grid = self.reach * 2.0 ** (np.arange(1 + 2 * round(np.log2(wanted / self.reach))) / 2)
        # A panel that reaches too far at once has no node next to its inner end.
        steps = np.union1d(grid[:: 2 * FURTHER], wanted)
        left, right = self._resolve(-steps[::-1]), self._resolve(steps)
        self.reach = wanted
        self._append([(left, -grid[::-1]), (right, grid)])

    def about_zero(self, most: float) -> AboutZero:
        """Returns the nodes of two panels that meet at zero, on which the function is polynomial.

        They are as wide as a power of two, at most `most` and what the function allows; of none
        where it is not resolved next to zero.
        """
        with np.errstate(divide="ignore"):
            octave = float(np.floor(np.log2(min(most, self._simple))))
        if octave not in self._about_zero:
            end = 2.0**octave
            x = nodes_of(np.array([-end, 0.0]), np.array([0.0, end])).ravel()
            weights = np.tile(end / 2 * WEIGHTS, 2)
            self._about_zero[octave] = AboutZero(end, x, weights, *self._evaluate(x))
        return self._about_zero[octave]

    def _evaluate(self, x: Float[np.ndarray, "..."]) -> Float[np.ndarray, "kind ..."]:
        """Returns values and slopes, all of them finite."""
        both = np.stack(self.function(x))
        for what, numbers in zip(("", "the derivative of "), both, strict=True):
            bad = ~np.isfinite(numbers)
            if bad.any():
                at = np.abs(x[bad]).argmin()
                grows = np.isinf(numbers[bad][at]) and not np.isnan(both[:, bad][:, at]).any()
                raise (GrowsTooFastError if grows else ValueError)(
                    f"{what}`{self.name}` must be finite, got {numbers[bad][at]} at "
                    f"x = {x[bad][at]:.6g}. It is not defined there, or grows too fast."
                )
        return both

    def _resolve(self, edges: Float[np.ndarray, " edge"]) -> Panels:
        """Returns the few panels between `edges` on which the function is a polynomial."""
        try:
            return resolve_at_kinks(self._evaluate, edges, self._sizes)
        except NotResolvedError as error:
            raise ValueError(f"`{self.name}` cannot be integrated: {error}.") from None

    def _sizes_near_zero(self, edges: Float[np.ndarray, " edge"]) -> Sizes:
        """Returns the sizes of value and slope between `edges`, and their ratio further out."""
        value, slope = np.abs(self._evaluate(nodes_of(edges[:-1], edges[1:]))).max(axis=(1, 2))
        wide = np.abs(np.stack(self.function(np.linspace(-8.0, 8.0, 4095))))
        most = np.max(wide, axis=1, where=np.isfinite(wide), initial=0.0)
        return Sizes(value, slope, most[1] / most[0] if most[0] else 0.0)

    def _is_steep_at_zero(self, panels: Panels) -> bool:
        """Tells whether the panels at zero overlook what lies nearer to it than a node."""
        for at, end in ((panels.left == 0, panels.right), (panels.right == 0, panels.left)):
            values = self._evaluate(nodes_of(panels.left[at], panels.right[at]))[:, 0]
            inside = NEARER[1:]  # at the far end itself there may be a kink
            place = np.sign(end[at]) * (2 * inside - 1)
            told = np.polynomial.legendre.legval(place, TO_LEGENDRE @ values.T)
            misses = np.abs(told - self._evaluate(inside * end[at])).max(axis=1)
            value, slope, rate = self._sizes
            if misses[0] > JUMP * value or misses[1] > JUMP * max(slope, rate * value):
                return True
        return False

    def _append(self, parts: list[tuple[Panels, Float[np.ndarray, " edge"]]]) -> None:
        """Adds the nodes of all panels, or of those below and those above, cut at a grid too."""
        fresh: list[tuple[np.ndarray, ...]] = []
        for panels, grid in parts:
            edges = np.union1d(np.append(panels.left, panels.right[-1:]), grid)
            x = nodes_of(edges[:-1], edges[1:])
            values, slopes = self._values_between(edges, x, panels)
            weights = (edges[1:] - edges[:-1])[:, None] / 2 * WEIGHTS
            loose = np.isin(edges[:-1], panels.left[panels.loose])
            columns = (x, weights, values, slopes, np.broadcast_to(loose[:, None], x.shape))
            fresh.append(tuple(column.ravel() for column in columns))
            self.edges = np.union1d(self.edges, np.append(panels.left, panels.right[-1:]))
        old = (self.x, self.weights, self.values, self.slopes, self._loose_flags())
        columns_of_all = zip(fresh[0], old, *fresh[1:], strict=True)
        self.x, self.weights, self.values, self.slopes, flags = map(np.concatenate, columns_of_all)
        self.loose = np.flatnonzero(flags)
        self._note_breaks([panels for panels, _ in parts])

    def _loose_flags(self) -> np.ndarray:
        flags = np.zeros(self.x.size, bool)
        flags[self.loose] = True
        return flags

    def _values_between(
        self, edges: Float[np.ndarray, " edge"], x: Float[np.ndarray, "panel node"], known: Panels
    ) -> Float[np.ndarray, "kind panel node"]:
        """Returns values and slopes at the nodes `x` of panels that `known` ones were cut to."""
        of = np.searchsorted(known.left, edges[:-1], side="right") - 1
        both = known.values[:, of]
        cut = (known.left[of] != edges[:-1]) | (known.right[of] != edges[1:])
        both[:, cut] = self._evaluate(x[cut])
        return both

    def _note_breaks(self, fresh: list[Panels]) -> None:
        """Notes where the polynomials of neighbouring panels do not meet.

        Fresh panels are all there are, or those below the others and those above.
        """
        rows = [panels.part(~panels.loose) for panels in fresh]
        if self._outermost:
            (below, above), (first, last) = rows, self._outermost
            rows = [joined([below, first]), joined([last, above])]
        self._outermost = [rows[0].part(slice(1)), rows[-1].part(slice(-1, None))]
        for panels in rows:
            jumps, kinks = self._breaks(panels)
            inner = panels.left[1:]
            self.jumps = np.union1d(self.jumps, inner[jumps])
            self.kinks = np.union1d(self.kinks, np.append(inner[kinks], 0.0))

    def _breaks(self, panels: Panels) -> Bool[np.ndarray, "kind inner"]:
        """Tells whether value and slope jump between each of these panels and the next."""
        both = panels.values
        coefficients = both @ TO_LEGENDRE.T
        begins = (coefficients * (-1.0) ** np.arange(WEIGHTS.size)).sum(axis=2)
        ends = coefficients.sum(axis=2)
        largest = np.abs(both).max(axis=2)
        of_values, of_slopes = np.maximum(largest[:, 1:], largest[:, :-1])
        value, slope, rate = self._sizes
        sizes = np.stack(
            [np.maximum(of_values, value), np.maximum(of_slopes, slope) + rate * of_values]
        )
        return np.asarray(np.abs(begins[:, 1:] - ends[:, :-1]) > JUMP * sizes)


@lru_cache(maxsize=64)
def _table(phi: Phi) -> Table:
    return Table(phi)


def table_of(phi: Phi) -> Table:
    """Returns the function's table, which is made once for each function.

    Raises:
        ValueError: if `phi` names no activation or is no scalar JAX function.
    """
    try:
        hash(phi)
    except TypeError:
        return Table(phi)
    return _table(phi)
