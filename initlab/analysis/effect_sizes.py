"""How large a difference is: in standard deviations, and as a chance to do better."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from initlab.analysis.intervals import Values, deviation


def paired_g(differences: Values) -> float:
    r"""Returns the mean of paired differences in units of their standard deviation, unbiased.

    Cohen's :math:`d_z` with Hedges' factor:

    .. math:: J(n - 1) \frac{\bar d}{s}, \qquad
        J(m) = \frac{\Gamma(m / 2)}{\sqrt{m / 2}\,\Gamma((m - 1) / 2)}

    which takes away the bias of small samples. NaN with fewer than two, or none that differ.

    References:
        Hedges, Distribution theory for Glass's estimator of effect size (1981).
    """
    used = _finite(differences)
    if len(used) < 2 or (scatter := deviation(used)) == 0.0:
        return math.nan
    half = (len(used) - 1) / 2.0
    log_ratio = special.gammaln(half) - special.gammaln(half - 0.5)
    return float(np.exp(log_ratio) / math.sqrt(half) * used.mean()) / scatter


def probability_of_improvement(first: Values, second: Values) -> float:
    """Returns the chance that a value of `first` lies above one of `second`, a tie counting half.

    Mann and Whitney's U over the number of pairs; 1/2 where neither is ahead. NaN without values.
    """
    a, b = _finite(first), _finite(second)
    if not len(a) or not len(b):
        return math.nan
    gaps = np.sign(a[:, None] - b[None, :])
    return float((1.0 + gaps.mean()) / 2.0)


def _finite(values: Values) -> npt.NDArray[np.float64]:
    array = np.asarray(values, np.float64)
    return array[np.isfinite(array)]
