"""How large a difference is: in standard deviations, and as a chance to do better."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from initlab.analysis.intervals import Values


def hedges_g(first: Values, second: Values) -> float:
    r"""Returns the difference of two means in units of the deviation that they share.

    .. math:: J(n_1 + n_2 - 2) \frac{\bar x_1 - \bar x_2}{s}, \qquad
        J(m) = \frac{\Gamma(m / 2)}{\sqrt{m / 2}\,\Gamma((m - 1) / 2)}

    with the pooled variance :math:`s^2`; :math:`J` takes away the bias of small samples. NaN with
    fewer than two values on a side, or none that differ.

    References:
        Hedges, Distribution theory for Glass's estimator of effect size (1981).
    """
    a, b = _finite(first), _finite(second)
    freedom = len(a) + len(b) - 2
    if min(len(a), len(b)) < 2:
        return math.nan
    pooled = (np.sum((a - a.mean()) ** 2) + np.sum((b - b.mean()) ** 2)) / freedom
    return _standardized(float(a.mean() - b.mean()), math.sqrt(pooled), freedom)


def paired_g(differences: Values) -> float:
    """Returns the mean of paired differences in units of their standard deviation, unbiased.

    Cohen's d_z with the factor J of `hedges_g`. NaN with fewer than two, or none that differ.
    """
    used = _finite(differences)
    if len(used) < 2:
        return math.nan
    return _standardized(float(used.mean()), float(used.std(ddof=1)), len(used) - 1)


def probability_of_improvement(first: Values, second: Values) -> float:
    """Returns the chance that a value of `first` lies above one of `second`, a tie counting half.

    Mann and Whitney's U over the number of pairs; 1/2 where neither is ahead. NaN without values.
    """
    a, b = _finite(first), _finite(second)
    if not len(a) or not len(b):
        return math.nan
    gaps = np.sign(a[:, None] - b[None, :])
    return float((1.0 + gaps.mean()) / 2.0)


def _standardized(difference: float, deviation: float, freedom: int) -> float:
    if deviation == 0.0:
        return math.nan
    half = freedom / 2.0
    log_ratio = special.gammaln(half) - special.gammaln(half - 0.5)
    return float(np.exp(log_ratio) / math.sqrt(half)) * difference / deviation


def _finite(values: Values) -> npt.NDArray[np.float64]:
    array = np.asarray(values, np.float64)
    return array[np.isfinite(array)]
