"""The moments that mean-field theory needs, as functions of the variance q, kept on a grid."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from initlab.theory.gaussian import expectation, expectations
from initlab.theory.table import GrowsTooFastError, Table

LOWEST, HIGHEST, PER_DECADE = 1e-14, 1e6, 16
INFINITE = 2.0**40  # where a function that grows like a line has become one


class MomentsAt(NamedTuple):
    """Of phi at variance q: E[phi^2], E[phi'^2] and dE[phi^2]/dq."""

    second: float
    slope_second: float
    growth: float


class Profile(NamedTuple):
    """A function's moments on a logarithmic grid of q, up to where they can be integrated.

    Attributes:
        grid: the values of q.
        second, slope_second, growth: see `MomentsAt`.
        unknown: why nothing is known of larger q; empty where the grid is whole, or where it ends
            because the moments grow too fast.
    """

    grid: Float[np.ndarray, " point"]
    second: Float[np.ndarray, " point"]
    slope_second: Float[np.ndarray, " point"]
    growth: Float[np.ndarray, " point"]
    unknown: str

    def require_known(self) -> None:
        """Raises if something other than growth hides what larger q have.

        Raises:
            ValueError: with what hides it.
        """
        if self.unknown:
            raise ValueError(self.unknown)


@lru_cache(maxsize=4096)
def moments_at(table: Table, q: float) -> MomentsAt:
    """Returns the moments at `q`, which is positive and finite."""
    return MomentsAt(*expectations(table, q, ("second", "slope_second", "second_growth")))


@lru_cache(maxsize=64)
def profile_of(table: Table) -> Profile:
    """Returns the moments on the grid from 1e-14 to 1e6, or to where the function allows it.

    Raises:
        ValueError: if the function cannot be integrated at q = 1e-14 even.
    """
    grid = np.geomspace(LOWEST, HIGHEST, 1 + round(PER_DECADE * np.log10(HIGHEST / LOWEST)))
    rows, unknown = [moments_at(table, LOWEST)], ""
    for q in grid[1:]:
        try:
            rows.append(moments_at(table, float(q)))
        except GrowsTooFastError:
            break
        except ValueError as error:
            unknown = str(error)
            break
    second, slope_second, growth = np.array(rows).T
    return Profile(grid[: len(rows)], second, slope_second, growth, unknown)


@lru_cache(maxsize=64)
def slope_at_zero(table: Table) -> float:
    """Returns the limit of E[phi'^2] at q = 0: the mean square of both sides' slopes."""
    return expectation(table, 0.0, "slope_second")


@lru_cache(maxsize=64)
def slope_at_infinity(table: Table) -> float:
    """Returns the limit of E[phi'^2] as q grows, for a function that ends in lines.

    Raises:
        ValueError: if the slopes do not settle.
    """
    far = INFINITE * np.array([[-1.0, 1.0], [-1 / 16, 1 / 16]])
    _, slopes = table.function(far)
    squares = (slopes**2).mean(axis=1)
    if not abs(squares[0] - squares[1]) <= 1e-9 * max(1.0, squares[0]):
        raise ValueError(
            f"q grows without bound, and the slope of `{table.name}` does not settle far from "
            "zero: there is no fixed point to take chi at."
        )
    return float(squares[0])
