import math

import numpy as np
import pytest
import scipy.stats

from initlab.analysis.effect_sizes import paired_g, probability_of_improvement


def test_paired_g_is_that_of_the_paired_t_statistic_and_without_bias():
    rng = np.random.default_rng(1)
    gaps = rng.normal(0.5, 1.0, 7)
    t = scipy.stats.ttest_1samp(gaps, 0.0).statistic
    j = math.gamma(3.0) / (math.sqrt(3.0) * math.gamma(2.5))
    assert paired_g(gaps) == pytest.approx(t / math.sqrt(7) * j)
    draws = [paired_g(rng.normal(0.8, 1.0, 6)) for _ in range(4000)]
    # One estimate scatters by about 0.6: four standard errors. Without J it would be 0.95.
    assert np.mean(draws) == pytest.approx(0.8, abs=4 * 0.6 / math.sqrt(4000))


def test_probability_of_improvement_is_mann_and_whitneys_u():
    rng = np.random.default_rng(2)
    first, second = rng.integers(0, 6, 8) * 1.0, rng.integers(0, 6, 11) * 1.0
    u = scipy.stats.mannwhitneyu(first, second).statistic
    assert probability_of_improvement(first, second) == pytest.approx(u / 88)
    assert probability_of_improvement([2.0], [1.0, 2.0, math.nan]) == 0.75


def test_what_has_no_scatter_or_no_values_has_no_effect_size():
    assert math.isnan(paired_g([1.0, 1.0, 1.0]))
    # log10 of steps 48 over 16, of 24 over 8, of 12 over 4: one number but for rounding.
    tripled = np.log10([48.0, 24.0, 12.0, 48.0, 6.0]) - np.log10([16.0, 8.0, 4.0, 16.0, 2.0])
    assert np.ptp(tripled) > 0.0
    assert math.isnan(paired_g(tripled))
    assert math.isnan(paired_g([1.0]))
    assert math.isnan(probability_of_improvement([], [1.0]))
