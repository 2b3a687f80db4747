"""The quadrature nodes of a function's table that a Gaussian about zero meets."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from initlab.theory.table import Table

type Column = Float[np.ndarray, " node"]

USUAL = 14.0  # standard deviations: what a function grows like a power leaves 1e-40 beyond
NEAR = 2.0**-54  # in standard deviations: nearer to zero nothing is left to integrate
INNERMOST = 2.0**-50  # what lies between NEAR and here is nothing unless there is a singularity
ABOUT_ZERO = 0.25  # standard deviations, over which the Gaussian is a polynomial of low degree
TAIL = 2.0  # standard deviations at either end, which tell whether more lies beyond


class Nodes(NamedTuple):
    """Nodes of a table, in their order.

    Attributes:
        x: where they are.
        values: the function there.
        slopes: its derivative there.
        z: where they are, in standard deviations.
        mass: what each stands for of the Gaussian.
        loose: the indices of those where the function is not resolved.
        inner: how many come before those that are not next to either end.
        outer: how many come before the ones at the upper end.
    """

    x: Column
    values: Column
    slopes: Column
    z: Column
    mass: Column
    loose: Int[np.ndarray, " loose"]
    inner: int
    outer: int


@lru_cache(maxsize=2)  # what one variance asks for; of a fast function a hundred megabytes
def nodes_met(table: Table, q: float, far: float = USUAL) -> Nodes:
    """Returns the nodes within `far` standard deviations of zero, but for those next to it.

    About zero one panel stands for the table's many, as wide as a quarter of the deviation and as
    the polynomial that the function is there.
    """
    deviation = math.sqrt(q)
    table.extend(far * deviation)
    end, *columns = table.about_zero(ABOUT_ZERO * deviation)
    if end <= NEAR * deviation:
        end, columns = NEAR * deviation, [column[:0] for column in columns]
    cut = np.searchsorted(table.x, [-far * deviation, -end, end, far * deviation])
    below, above = slice(cut[0], cut[1]), slice(cut[2], cut[3])
    x, weights, values, slopes = (
        np.concatenate([whole[below], about, whole[above]])
        for whole, about in zip(
            (table.x, table.weights, table.values, table.slopes), columns, strict=True
        )
    )
    z = x / deviation
    mass = weights * np.exp(-(z**2) / 2) / (deviation * math.sqrt(2 * math.pi))
    met = np.searchsorted(table.loose, cut)
    shift = cut[1] - cut[0] + len(columns[0]) - cut[2]
    next_to_zero = np.arange(*np.searchsorted(z, [-INNERMOST, INNERMOST]))
    loose = (table.loose[met[0] : met[1]] - cut[0], table.loose[met[2] : met[3]] + shift)
    inner, outer = np.searchsorted(z, [TAIL - far, far - TAIL], side="right")
    return Nodes(
        x, values, slopes, z, mass, np.unique(np.r_[*loose, next_to_zero]), int(inner), int(outer)
    )
