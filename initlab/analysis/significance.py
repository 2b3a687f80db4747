"""Chances under no difference, and their correction where many are looked at."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from initlab.analysis.intervals import MIN_SEEDS, Values, deviation


def t_test(values: Values) -> float:
    """Returns the two-sided p-value of Student's t test that the mean of `values` is 0.

    It is below 0.05 where the 95 % interval of `interval` leaves out 0.

    Args:
        values: one number a seed; those that are not finite are left out.

    Returns:
        Between 0 and 1; NaN with fewer than five values. Of equal values 0, of zeros alone 1.
    """
    array = np.asarray(values, np.float64)
    used = array[np.isfinite(array)]
    n = len(used)
    if n < MIN_SEEDS:
        return math.nan
    mean, error = float(used.mean()), deviation(used) / math.sqrt(n)
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return 2.0 * float(special.stdtr(n - 1, -abs(mean) / error))


def holm(p_values: Values) -> npt.NDArray[np.float64]:
    """Returns p-values corrected for their number: the chance of one false alarm among all.

    The k-th least of m is multiplied by m - k + 1, made no less than those before it and no more
    than 1. Whatever depends on whatever, to reject those below 0.05 errs anywhere in at most 5 %.

    Args:
        p_values: between 0 and 1; NaN stands for what was not tested, and stays and is not counted.

    Raises:
        ValueError: if one is not between 0 and 1.

    References:
        Holm, A simple sequentially rejective multiple test procedure (1979).

    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    array = np.asarray(p_values, np.float64)
    tested = np.flatnonzero(~np.isnan(array))
    if len(wrong := array[tested][(array[tested] < 0.0) | (array[tested] > 1.0)]):
        raise ValueError(f"`p_values` must lie between 0 and 1, got {wrong[0]}.")
    order = tested[np.argsort(array[tested], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    corrected = array.copy()
    corrected[order] = np.minimum(np.maximum.accumulate(array[order] * factors), 1.0)
    return corrected
