"""What a nonlinearity makes of Gaussian preactivations, and of the gradient on its way back."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from initlab.architectures.layers import Activation
from initlab.theory.function import Phi
from initlab.theory.gaussian import expectations, kurtosis
from initlab.theory.pairs import pair_moments
from initlab.theory.profile import moments_at
from initlab.theory.scan import NOISE
from initlab.theory.series import moments_at_places, products
from initlab.theory.signal import (
    Gaussian,
    Gradient,
    Link,
    Pairs,
    Places,
    Signal,
    carried,
    noted,
    share,
)
from initlab.theory.table import Table, table_of

LARGEST = 1e76  # a second moment beyond it is of numbers that float32 does not hold
STEP = 1e-3  # of ln q, over which a slope is taken
SMALLEST = 1e-300  # and below it of numbers whose squares float64 does not


class Passed(NamedTuple):
    """What a function makes of Gaussian variables.

    Attributes:
        mean, same, other: see `Signal`.
        square_covariance: the same, over the mean squares at the two places.
        growth: derivative of the mean square in q.
        slope_second: mean square of the slope.
        notes: why something has no number.
    """

    mean: Places
    same: Pairs
    other: Pairs
    square_covariance: Pairs
    growth: Places
    slope_second: Places
    notes: tuple[str, ...] = ()


def through_activation(layer: Activation, signal: Signal) -> tuple[Signal, Link]:
    """Returns the activations, whose pairs are averaged over Gaussian preactivations.

    A rectifier of what it rectified already changes nothing, as after a branch of zeros.
    """
    if signal.phi is not None and signal.phi == layer.phi and _is_rectifier(layer.phi):
        return signal, partial(_once_more, signal.filled)
    if signal.gaussian is None or signal.phi is not None:
        return _lost(signal, "an activation of values that are not Gaussian")
    second = signal.second
    if not (second.min() >= SMALLEST and second.max() < LARGEST):
        return _lost(signal, f"preactivations of mean square {second.max():.3g}")
    table = table_of(layer.phi)
    one = float(second[0])
    try:
        passed = passed_through(table, signal.gaussian)
        if signal.kept and np.isfinite(passed.growth).all():
            passed = _of_a_direction(table, passed, one, signal.kept / signal.channels)
    except ValueError as error:
        return _lost(signal, str(error))
    slope = passed.slope_second
    kurtosis = _slope_kurtosis(table, one) if signal.places == 1 else math.nan
    elasticity = _slope_elasticity(table, one) if signal.places == 1 else 0.0
    kept = 2 * signal.kept * elasticity**2 if signal.kept else 0.0
    moved = elasticity * signal.modes[0] if elasticity else np.zeros(0)

    def back(gradient: Gradient) -> Gradient:
        met = slope if gradient.slope is None else gradient.slope
        return replace(
            gradient,
            second=gradient.second * met,
            slope=None,
            kurtosis=gradient.kurtosis * kurtosis,
            kept=gradient.kept + kept,
            modes=_joined(gradient.modes, moved),
        )

    after = replace(
        signal,
        mean=passed.mean,
        same=passed.same,
        other=passed.other,
        phi=layer.phi,
        notes=noted(signal.notes, *passed.notes),
    )
    grown = passed.growth * share(signal.level, after.level)
    size = np.multiply.outer(after.relative, after.relative)
    own = size * passed.square_covariance
    if signal.kept:  # of a mean square that is given nothing scatters that goes along with it
        own = np.maximum(own - 2 * signal.kept * np.multiply.outer(grown, grown), 0.0)
    spread = own * (1 + carried(signal.modes, signal.relative))
    modes = grown[:, None] * signal.modes
    return replace(after, square_covariance=spread, modes=modes, kept=0.0), back


def _of_a_direction(table: Table, passed: Passed, q: float, share: float) -> Passed:
    r"""Returns the mean squares of coordinates of a direction of given length in many dimensions.

    Their tails are lighter than a Gaussian's. A mean over a Gaussian is one over lengths too, whose
    squares have a relative variance of two over the dimensions: that of a given length has
    :math:`q^2 f'' / n` less, to first order.

    Args:
        table: the function.
        passed: the moments of Gaussian variables.
        q: their variance.
        share: one over the dimensions.
    """

    def elasticity(q: float) -> float:
        found = moments_at(table, q)
        return q * found.growth / found.second if found.second else math.nan

    values = 1 - share * _bend(elasticity, q)
    slopes = 1 - share * _bend(partial(_slope_elasticity, table), q)
    return passed._replace(same=values * passed.same, slope_second=slopes * passed.slope_second)


def _bend(elasticity: Callable[[float], float], q: float) -> float:
    """Returns q^2 f'' / f of a function whose d ln f / d ln q is given."""
    near = math.exp(STEP)
    one = elasticity(q)
    return (elasticity(q * near) - elasticity(q / near)) / (2 * STEP) + one**2 - one


def _joined(
    one: Float[np.ndarray, " mode"], two: Float[np.ndarray, " other"]
) -> Float[np.ndarray, " all"]:
    """Returns the sum of what fluctuations do; later layers have further ones at the end."""
    size = max(one.size, two.size)
    return np.asarray(np.pad(one, (0, size - one.size)) + np.pad(two, (0, size - two.size)))


def _is_rectifier(phi: Phi) -> bool:
    """Tells whether a function is zero below zero and the identity above."""
    x = np.array([-2.0, -0.5, 0.5, 2.0])
    values, _ = table_of(phi).function(x)
    return bool(np.array_equal(values, np.maximum(x, 0)))


def _once_more(filled: float, gradient: Gradient) -> Gradient:
    """Returns the gradient before a rectifier of rectified values: of half of them nothing is left.

    What is left meets a slope of one in the rectifier before. To zeros nothing goes through.
    """
    if gradient.slope is not None:
        return gradient
    second = gradient.second * filled / 2
    return replace(gradient, second=second, slope=np.ones_like(second))


def _lost(signal: Signal, note: str) -> tuple[Signal, Link]:
    """Returns a signal of which nothing is known, and a way back on which all is lost."""
    return signal.without_numbers(note), lambda gradient: gradient.lost(note, signal.places)


def passed_through(table: Table, gaussian: Gaussian) -> Passed:
    """Returns the moments of a function of Gaussian variables, exactly for those of one place.

    Over many places pairs are taken from a Hermite series, right to about 1e-6 of the mean square,
    and to 1e-3 where the function is a step for variables of that size.

    Raises:
        ValueError: if the function cannot be integrated, or jumps.
    """
    second = gaussian.same.diagonal()
    if len(second) == 1:
        return _of_one(table, float(second[0]), float(gaussian.other[0, 0]))
    deviations = np.sqrt(second)
    scale = np.multiply.outer(deviations, deviations)
    same, other = (np.clip(pairs / scale, -1, 1) for pairs in gaussian)
    found = moments_at_places(table, second)
    values = products(found.value, same)
    np.fill_diagonal(values, found.second)
    return Passed(
        found.value.terms[0],
        values,
        products(found.value, other),
        products(found.square, same) - 1,
        found.growth,
        found.slope_second,
    )


@lru_cache(maxsize=65_536)
def _of_one(table: Table, q: float, shared: float) -> Passed:
    """Returns the moments at one place, by quadrature in one dimension and in two."""
    mean, second = expectations(table, q, ("mean", "second"))
    fourth = growth = slope = product = math.nan
    notes: tuple[str, ...] = ()
    try:
        fourth = kurtosis(table, q, "fourth", second)
        _, slope, growth = moments_at(table, q)
        if not math.isnan(shared):
            c = min(1.0, max(-1.0, shared / q))
            product = second - pair_moments(table, q, c).deficit
    except ValueError as error:
        notes = (str(error),)
    columns = (mean, second, product, fourth - 1, growth, slope)
    one = [np.array([value]) for value in columns]
    return Passed(one[0], one[1][None], one[2][None], one[3][None], one[4], one[5], notes)


@lru_cache(maxsize=65_536)
def _slope_kurtosis(table: Table, q: float) -> float:
    """Returns E[phi'^4] / E[phi'^2]^2, NaN where theory refuses it."""
    try:
        return kurtosis(table, q, "slope_fourth", moments_at(table, q).slope_second)
    except ValueError:
        return math.nan


@lru_cache(maxsize=65_536)
def _slope_elasticity(table: Table, q: float) -> float:
    r"""Returns d ln E[phi'^2] / d ln q, 0 where it is not more than noise, NaN where unknown.

    By parts it is :math:`(E[\phi'^2 z^2] / E[\phi'^2] - 1) / 2`.
    """
    try:
        [spread] = expectations(table, q, ("slope_spread",))
        second = moments_at(table, q).slope_second
    except ValueError:
        return math.nan
    found = (spread / (q * second) - 1) / 2 if second else math.nan
    return 0.0 if abs(found) <= NOISE else found
