"""Intervals over seeds: of a mean, of a geometric mean, of a rate; none below five values."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

LEVEL = 0.95
MIN_SEEDS = 5
ROUNDINGS = 16

type Values = npt.NDArray[np.float64] | Sequence[float]


class Interval(NamedTuple):
    """A centre and its 95 % interval.

    Attributes:
        centre: a mean, a geometric mean or a rate.
        low: the interval's lower end, NaN where n is below 5.
        high: its upper end, likewise.
        n: how many values there are.
        log: whether it was made of logarithms: the ends are factors of the centre, not distances.
    """

    centre: float
    low: float
    high: float
    n: int
    log: bool = False


NOTHING = Interval(math.nan, math.nan, math.nan, 0)


def exactly(value: float) -> Interval:
    """Returns a number that no seed changes."""
    return Interval(value, math.nan, math.nan, 0)


def t_factor(n: int, level: float = LEVEL) -> float:
    """Returns how many standard errors the interval of a mean of `n` values reaches.

    Student's t with n - 1 degrees of freedom; NaN where n is below 5. `level` is the share of
    intervals that hold what they should.
    """
    return float(special.stdtrit(n - 1, 0.5 + level / 2)) if n >= MIN_SEEDS else math.nan


def at_level(measured: Interval, level: float) -> Interval:
    """Returns the interval about the same centre at another level than 95 %.

    Exact for Student's t intervals. Of a rate, whose interval is Wilson's, it is wider than need
    be above 95 %; an interval that was cut where the statistic ends is widened as it was cut.

    Args:
        measured: the interval at 95 %.
        level: the share of intervals that hold what they should, between 0 and 1.

    >>> [round(end, 3) for end in at_level(Interval(1.0, 0.5, 1.5, 5), 0.99)[1:3]]
    [0.171, 1.829]
    """
    factor = t_factor(measured.n, level) / t_factor(measured.n)
    centre, low, high = measured[:3]
    if measured.log:
        return measured._replace(
            low=centre * (low / centre) ** factor, high=centre * (high / centre) ** factor
        )
    return measured._replace(
        low=centre + factor * (low - centre), high=centre + factor * (high - centre)
    )


def interval(values: Values, *, log: bool) -> Interval:
    """Returns the mean of `values` over seeds, or their geometric mean, with its t interval.

    Args:
        values: one number a seed. Those that are not finite are left out; in the log domain zeros
            are too, so whoever calls counts them: `n` says how many values were used.
        log: whether to average logarithms, as for every quantity that grows by factors.

    Raises:
        ValueError: if a value is negative and `log` is asked for.
    """
    used = _used(values, log=log)
    if not len(used):
        return NOTHING
    mean = float(np.mean(used))
    error = float(np.std(used, ddof=1)) / math.sqrt(len(used)) if len(used) > 1 else 0.0
    reach = t_factor(len(used)) * error
    return _back(mean, mean - reach, mean + reach, len(used), log=log)


def deviation(values: npt.NDArray[np.float64]) -> float:
    """Returns the sample deviation of two or more finite numbers; 0 where they are equal.

    Numbers are equal that lie within sixteen roundings of one another: differences of one rounding
    each of operands up to eight times as large.
    """
    if float(np.ptp(values)) <= ROUNDINGS * np.finfo(np.float64).eps * float(np.abs(values).max()):
        return 0.0
    return float(values.std(ddof=1))


def wilson_interval(count: int, n: int) -> Interval:
    r"""Returns the rate `count / n` with Wilson's score interval.

    .. math:: \frac{p + z^2 / 2n \pm z \sqrt{p (1 - p) / n + z^2 / 4n^2}}{1 + z^2 / n}

    Raises:
        ValueError: if `count` is not between 0 and `n`.

    References:
        Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    if not 0 <= count <= n:
        raise ValueError(f"`count` must be between 0 and `n` = {n}, got {count}.")
    if n == 0:
        return NOTHING
    rate = count / n
    if n < MIN_SEEDS:
        return Interval(rate, math.nan, math.nan, n)
    z = float(special.ndtri(0.5 + LEVEL / 2))
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * math.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    # At either end the formula is exact; rounding would leave it at 1e-17.
    low = 0.0 if count == 0 else centre - reach
    high = 1.0 if count == n else centre + reach
    return Interval(rate, low, high, n)


def _used(values: Values, *, log: bool) -> npt.NDArray[np.float64]:
    """Returns the values that count, as logarithms where asked for."""
    array = np.asarray(values, np.float64)
    array = array[np.isfinite(array)]
    if not log:
        return array
    if np.any(array < 0):
        raise ValueError(f"`values` must not be negative in the log domain, got {array.min()}.")
    return np.log(array[array > 0])


def _back(mean: float, low: float, high: float, n: int, *, log: bool) -> Interval:
    """Returns the interval, out of the log domain where it was made there."""
    with np.errstate(over="ignore"):
        ends = np.exp([mean, low, high]) if log else np.array([mean, low, high])
    return Interval(float(ends[0]), float(ends[1]), float(ends[2]), n, log)
