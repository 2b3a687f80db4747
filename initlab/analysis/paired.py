"""Two trials compared seed by seed: what their seeds share falls out of the difference."""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from initlab.analysis.effect_sizes import paired_g, probability_of_improvement
from initlab.analysis.intervals import NOTHING, Interval, interval
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


UNPAIRED = Paired(NOTHING, math.nan, math.nan, math.nan)


def compare_paired(differences: "pd.Series[float]") -> Paired:
    """Returns the comparison of two trials.

    Args:
        differences: one a seed, the first trial less the second: of two series of
            `over_seeds.by_seed` `first - second`. NaN, as of seeds that only one has, is left out.
    """
    gaps = np.asarray(differences.dropna(), np.float64)
    return Paired(
        difference=interval(gaps, log=False),
        p_value=t_test(gaps),
        effect=paired_g(gaps),
        wins=probability_of_improvement(gaps, [0.0]),
    )
