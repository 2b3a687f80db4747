"""Measured variance over stated variance, and how far chance may move it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from scripts.conformance.laws import Law
from scripts.conformance.layers import Layer

ENTRIES = 2**19
ERRORS = 5  # standard errors: once in two million cells by chance
ROUNDING = 1e-4  # of float32, in the sum of squares of a matrix that a factorization made


@dataclass(frozen=True)
class Cell:
    """What was found for one initializer and layer.

    Attributes:
        factor: measured over stated variance.
        tolerance: how far from 1 the factor may lie by chance.
    """

    factor: float
    tolerance: float

    @property
    def departs(self) -> bool:
        """Whether chance does not explain the factor."""
        return not abs(self.factor - 1.0) <= self.tolerance


def measure(draw: Callable[[int], Any], law: Law, layer: Layer) -> Cell | None:
    r"""Returns the mean square about the stated mean, over the stated variance.

    Of :math:`N` independent weights it has relative standard error
    :math:`\sqrt{(\kappa - 1) / N}`, with the kurtosis :math:`\kappa` of the stated law.

    Args:
        draw: seed to one kernel; as many are drawn as make 2^19 weights.
        law: what is stated.
        layer: what for; a layer that the law says nothing of has no cell.
    """
    stated = law.variance(layer)
    if stated is None:
        return None
    squares, count, seed = 0.0, 0, 0
    while count < ENTRIES:
        kernel = np.asarray(draw(seed))
        wide = np.complex128 if np.iscomplexobj(kernel) else np.float64
        squares += float(np.sum(np.abs(kernel.astype(wide) - law.mean) ** 2))
        count, seed = count + kernel.size, seed + 1
    error = math.sqrt((law.kurtosis - 1.0) / count)
    return Cell(squares / count / stated, max(ERRORS * error, ROUNDING))
