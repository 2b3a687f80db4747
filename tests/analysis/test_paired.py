import math

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from initlab.analysis.effect_sizes import paired_g
from initlab.analysis.paired import compare_paired


def by_seed(values, first=0):
    return pd.Series(values, index=pd.RangeIndex(first, first + len(values), name="seed"))


def test_trials_are_compared_seed_by_seed():
    rng = np.random.default_rng(0)
    shared = rng.normal(0.0, 10.0, 8)
    first, second = shared + rng.normal(1.0, 0.1, 8), shared + rng.normal(0.0, 0.1, 8)
    found = compare_paired(by_seed(first) - by_seed(second).iloc[::-1])
    test = scipy.stats.ttest_rel(first, second)
    assert found.p_value == pytest.approx(test.pvalue)
    assert found.difference[1:3] == pytest.approx(tuple(test.confidence_interval()))
    assert found.effect == pytest.approx(paired_g(first - second))
    assert found.wins == 1.0
    # What the seeds share hides the difference from a test that does not pair them.
    assert scipy.stats.ttest_ind(first, second).pvalue > 0.5


def test_seeds_that_one_trial_lacks_are_left_out():
    found = compare_paired(by_seed([1.0, 2.0, 3.0, 4.0, 5.0, 7.0]) - by_seed([0.0] * 6, first=1))
    assert (found.difference.n, found.difference.centre) == (5, 4.2)
    few = compare_paired(by_seed([1.0, 2.0]) - by_seed([1.0, 3.0]))
    assert (few.difference.n, few.wins) == (2, 0.25)
    assert math.isnan(few.difference.low)
    assert math.isnan(few.p_value)


def test_its_interval_covers_the_true_difference_in_95_percent():
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(1000):
        shared = rng.normal(0.0, 5.0, 5)
        first, second = (by_seed(shared + rng.normal(mean, 1.0, 5)) for mean in (2.0, 1.5))
        hits += (found := compare_paired(first - second).difference).low <= 0.5 <= found.high
    # Four standard errors of a rate of 0.95 over 1000 trials.
    assert hits / 1000 == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 1000))
