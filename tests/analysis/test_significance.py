import itertools
import math

import numpy as np
import pytest
import scipy.stats

from initlab.analysis.intervals import interval
from initlab.analysis.significance import holm, t_test


@pytest.mark.parametrize("n", [5, 6, 30])
def test_t_test_is_that_of_scipy_and_of_the_interval(n):
    rng = np.random.default_rng(n)
    for shift in (0.0, 0.5, 3.0):
        values = rng.normal(shift, 1.0, n)
        p = t_test(values)
        assert p == pytest.approx(scipy.stats.ttest_1samp(values, 0.0).pvalue, rel=1e-9)
        _, low, high, *_ = interval(values, log=False)
        assert (p < 0.05) == (not low <= 0.0 <= high)


def test_too_few_values_are_not_tested_and_equal_ones_leave_no_doubt():
    assert math.isnan(t_test([1.0, 2.0, 3.0, 4.0, math.nan]))
    assert t_test([0.0] * 5) == 1.0
    assert t_test([0.5] * 5) == 0.0
    assert t_test([0.1 + 0.2, 0.3, 0.3, 0.3, 0.3]) == 0.0


def closed_testing(p_values):
    """Holm's is the closure of Bonferroni's: the greatest corrected p of all sets that hold it."""
    found = []
    for own in range(len(p_values)):
        rest = [i for i in range(len(p_values)) if i != own]
        sets = itertools.chain.from_iterable(
            itertools.combinations(rest, size) for size in range(len(p_values))
        )
        within = [[*others, own] for others in sets]
        found.append(max(min(1.0, len(s) * min(p_values[i] for i in s)) for s in within))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_the_closure_of_bonferronis_test(seed):
    p_values = np.random.default_rng(seed).uniform(0.0, 0.4, 6).round(2)
    assert holm(p_values) == pytest.approx(closed_testing(p_values.tolist()))


def test_no_chance_is_more_than_one():
    assert holm([0.4, 0.9, 0.5]).tolist() == [1.0, 1.0, 1.0]


def test_what_was_not_tested_is_not_counted():
    found = holm([math.nan, 0.01, math.nan, 0.04])
    assert found[[1, 3]] == pytest.approx([0.02, 0.04])
    assert np.isnan(found[[0, 2]]).all()
    assert holm([]).shape == (0,)


def test_what_is_no_chance_is_refused():
    with pytest.raises(ValueError) as caught:
        holm([0.5, 1.5])
    assert str(caught.value) == "`p_values` must lie between 0 and 1, got 1.5."


def test_twenty_tests_of_nothing_seldom_raise_an_alarm():
    rng = np.random.default_rng(7)
    trials = 1000
    raw = np.array([[t_test(row) for row in rng.normal(size=(20, 5))] for _ in range(trials)])
    alarms = np.mean([(holm(row) < 0.05).any() for row in raw])
    # At most 5 %, four standard errors; uncorrected it would be 1 - 0.95^20 = 64 %.
    assert alarms <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / trials)
    assert np.mean((raw < 0.05).any(axis=1)) > 0.5
