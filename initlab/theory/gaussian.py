"""Expectations of a function of a Gaussian variable, and of its derivative."""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from initlab.initializers.arguments import require_not_negative, require_positive
from initlab.theory.function import Phi
from initlab.theory.nodes import USUAL, Column, nodes_met
from initlab.theory.table import GrowsTooFastError, Table, table_of

type Moment = Literal[
    "mean",
    "second",
    "fourth",
    "slope_second",
    "slope_fourth",
    "slope_spread",
    "mean_growth",
    "second_growth",
]

FARTHEST = 38.0  # beyond, the Gaussian density is no float64
NEGLIGIBLE = 1e-15
LOOSEST = (1e-10, 1e-14)  # relative and absolute: what unresolved panels may hold of an integral

# Each by the values, the slopes, the nodes, and value and slope at zero. Growths are d/dq, by
# Gaussian integration by parts; a constant of zero mean is taken off so that little cancels.
INTEGRANDS: dict[Moment, Callable[[Column, Column, Column, float, float], Column]] = {
    "mean": lambda v, d, x, v0, d0: v,
    "second": lambda v, d, x, v0, d0: v**2,
    "fourth": lambda v, d, x, v0, d0: (v**2) ** 2,
    "slope_second": lambda v, d, x, v0, d0: d**2,
    "slope_fourth": lambda v, d, x, v0, d0: (d**2) ** 2,
    "slope_spread": lambda v, d, x, v0, d0: (d * x) ** 2,
    "mean_growth": lambda v, d, x, v0, d0: (d - d0) * x / 2,
    "second_growth": lambda v, d, x, v0, d0: (v * d - v0 * d0) * x,
}
OF_SLOPES = ("slope_second", "slope_fourth", "slope_spread", "mean_growth", "second_growth")


def mean(phi: Phi, q: float) -> float:
    r"""Returns :math:`E[\phi(\sqrt{q}\,z)]` for a standard normal z.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        q: variance of the function's argument, finite and not negative.

    Raises:
        ValueError: if `phi` is no such function, is not finite where the Gaussian is, or the
            expectation does not converge.
    """
    return expectation(table_of(phi), q, "mean")


def second_moment(phi: Phi, q: float) -> float:
    r"""Returns :math:`E[\phi(\sqrt{q}\,z)^2]`; arguments and errors as for `mean`.

    >>> round(second_moment("relu", 3.0), 12)
    1.5
    """
    return expectation(table_of(phi), q, "second")


def slope_second_moment(phi: Phi, q: float) -> float:
    r"""Returns :math:`E[\phi'(\sqrt{q}\,z)^2]`; arguments and errors as for `mean`.

    At a kink in zero, q = 0 takes the mean over both sides.

    Raises:
        ValueError: also if the function jumps, for then it is infinite.
    """
    return expectation(table_of(phi), q, "slope_second")


def mean_growth(phi: Phi, q: float) -> float:
    r"""Returns :math:`\frac{d}{dq} E[\phi(\sqrt{q}\,z)]` at a positive q; else as for `mean`."""
    require_positive("q", q)
    return expectation(table_of(phi), q, "mean_growth")


def second_moment_growth(phi: Phi, q: float) -> float:
    r"""Returns :math:`\frac{d}{dq} E[\phi(\sqrt{q}\,z)^2]` at a positive q; else as for `mean`.

    By parts it is :math:`E[z \phi(\sqrt{q} z) \phi'(\sqrt{q} z)] / \sqrt{q}`.
    """
    require_positive("q", q)
    return expectation(table_of(phi), q, "second_growth")


def gain(phi: Phi) -> float:
    r"""Returns the standard deviation of weights, times the square root of the fan-in, that keeps
    preactivations of second moment 1: :math:`1 / \sqrt{E[\phi(z)^2]}`.

    The common tables of gains differ from it: 5/3 for tanh loses to 1.5925 by 9.5 % a layer, and
    one over the standard deviation of phi(z) is right for functions of zero mean alone. Whether a
    network stays at second moment 1 is told by `chi_q` there.

    >>> round(gain("tanh"), 6)
    1.592537

    Raises:
        ValueError: as for `mean`, and if the function is zero.

    References:
        He et al., Delving Deep into Rectifiers, 2015, arXiv:1502.01852, section 2.2.
    """
    second = second_moment(phi, 1.0)
    if second == 0:
        raise ValueError(f"`{table_of(phi).name}` is zero: no gain keeps its second moment.")
    return 1 / math.sqrt(second)


def expectation(table: Table, q: float, moment: Moment) -> float:
    """Returns one expectation, at q = 0 the mean of its limits from both sides of zero."""
    require_not_negative("q", q)
    if q > 0:
        return expectations(table, q, (moment,))[0]
    if moment in OF_SLOPES:
        _require_no_jump(table, math.ulp(0.0))
    sides = table.sides_of_zero
    v, d, x = table.values[sides], table.slopes[sides], table.x[sides]
    return float(INTEGRANDS[moment](v, d, x, 0.0, 0.0).mean())


def kurtosis(
    table: Table, q: float, moment: Literal["fourth", "slope_fourth"], second: float
) -> float:
    """Returns a fourth moment over the square of the second one, NaN where that is zero.

    Args:
        table: the function.
        q: variance of its argument, positive.
        moment: of its values, or of its slopes.
        second: the second moment of the same.

    Raises:
        ValueError: as for `expectations`.
    """
    return expectations(table, q, (moment,), math.sqrt(second))[0] if second else math.nan


def expectations(
    table: Table, q: float, moments: tuple[Moment, ...], unit: float = 1.0
) -> list[float]:
    """Returns expectations under a Gaussian of mean 0 and variance `q`; `q` is positive.

    Args:
        table: the function.
        q: variance of its argument.
        moments: which.
        unit: what values and slopes are divided by, so that powers of them stay in range.

    Raises:
        GrowsTooFastError: if the function grows too fast for the Gaussian.
        ValueError: if it is not finite where the Gaussian is, cannot be resolved, or jumps where
            its slope is asked for.
    """
    far = USUAL
    while True:
        found, beyond = _integrate(table, q, moments, far, unit)
        if not beyond:
            return found
        if far == FARTHEST:
            raise GrowsTooFastError(
                f"`{table.name}` grows too fast: its expectation at q = {q:g} does not converge, "
                f"{FARTHEST:g} standard deviations out. Ask for a smaller q."
            )
        far = FARTHEST


def _integrate(
    table: Table, q: float, moments: tuple[Moment, ...], far: float, unit: float
) -> tuple[list[float], bool]:
    """Integrates to `far` standard deviations, and tells whether more lies beyond."""
    nodes = nodes_met(table, q, far)
    x, v, d = nodes.x, nodes.values / unit, nodes.slopes / unit
    if set(moments) & set(OF_SLOPES):
        _require_no_jump(table, far * math.sqrt(q))
    v0, d0 = table.at_zero[0] / unit, table.at_zero[1] / unit
    found, beyond = [], False
    for moment in moments:
        with np.errstate(over="ignore"):
            terms = INTEGRANDS[moment](v, d, x, v0, d0) * nodes.mass
        sizes = np.abs(terms)
        total = sizes.sum()
        ends = sizes[: nodes.inner].sum() + sizes[nodes.outer :].sum()
        beyond |= not ends <= NEGLIGIBLE * total < math.inf
        _require_resolved(table.name, moment, q, sizes[nodes.loose].sum(), total)
        found.append(float(terms.sum()) / (q if moment.endswith("growth") else 1))
    return found, beyond


def _require_no_jump(table: Table, reach: float) -> None:
    """Raises if the function jumps within `reach` of zero."""
    met = table.jumps[np.abs(table.jumps) < reach]
    if met.size:
        raise ValueError(
            f"`{table.name}` jumps at x = {met[0]:.6g}: the mean square of its derivative is "
            "infinite. Only moments of its values can be asked for."
        )


def _require_resolved(name: str, moment: str, q: float, loose: float, total: float) -> None:
    """Raises if unresolved panels hold more of an integral than its last digits."""
    relative, absolute = LOOSEST
    if loose > max(relative * total, absolute):
        raise ValueError(
            f"`{name}` cannot be integrated: the expectation `{moment}` at q = {q:g} is infinite, "
            "or has a singularity that takes more than double precision."
        )
