"""Two trials compared seed by seed: what their seeds share falls out of the difference."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from initlab.analysis.effect_sizes import paired_g, probability_of_improvement
from initlab.analysis.intervals import Interval, interval
from initlab.analysis.significance import t_test


class Paired(NamedTuple):
    """How the first of two trials compares with the second.

    Attributes:
        difference: mean of first less second over the seeds that both have, with its t interval.
        p_value: of the t test that it is 0; NaN below five seeds. `significance.holm` corrects
            several.
        effect: the difference in standard deviations of the seeds' differences, `paired_g`.
        wins: share of the seeds in which the first is ahead, a tie counting half.
    """

    difference: Interval
    p_value: float
    effect: float
    wins: float


def compare_paired(first: "pd.Series[float]", second: "pd.Series[float]") -> Paired:
    """Returns the comparison of two trials.

    Args:
        first: one value a seed, by seed, as `over_seeds.by_seed` returns them.
        second: the same of the other trial. Seeds that only one has are left out.
    """
    gaps = np.asarray((first - second).dropna(), np.float64)
    return Paired(
        difference=interval(gaps, log=False),
        p_value=t_test(gaps),
        effect=paired_g(gaps),
        wins=probability_of_improvement(gaps, [0.0]),
    )
