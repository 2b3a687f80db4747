import math

import numpy as np
import pytest
import scipy.stats

from initlab.analysis.intervals import (
    at_level,
    interval,
    t_factor,
    wilson_interval,
)


def test_mean_and_its_t_interval_are_those_of_the_textbook():
    # mean 3, deviation sqrt(2.5), t(0.975, 4) = 2.776445 (any table of t).
    centre, low, high, n, _ = interval([1.0, 2.0, 3.0, 4.0, 5.0], log=False)
    reach = 2.776445105 * math.sqrt(2.5 / 5)
    assert (centre, n) == (3.0, 5)
    assert (low, high) == pytest.approx((3 - reach, 3 + reach), rel=1e-8)


@pytest.mark.parametrize("n", [5, 6, 10, 30, 1000])
def test_t_factor_is_the_quantile_of_students_law(n):
    assert t_factor(n) == pytest.approx(scipy.stats.t(n - 1).ppf(0.975), rel=1e-14)


def test_log_interval_is_that_of_the_logarithms():
    values = [1e-60, 1e-50, 1e-40, 1e-30, 1e-20]
    plain = interval([math.log(value) for value in values], log=False)
    assert interval(values, log=True)[:3] == pytest.approx([math.exp(x) for x in plain[:3]])
    assert interval(values, log=True).centre == pytest.approx(1e-40)


def test_zeros_and_what_is_not_finite_are_left_out_and_n_says_so():
    assert interval([4.0, 0.0, 9.0, math.nan, math.inf], log=True)[:4] == pytest.approx(
        (6.0, math.nan, math.nan, 2), nan_ok=True
    )
    assert interval([0.0, 0.0], log=True).n == 0
    assert math.isnan(interval([], log=False).centre)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_fewer_than_five_values_have_no_interval(n):
    for found in (interval(np.arange(1.0, n + 1), log=True), wilson_interval(1, n)):
        assert found.n == n
        assert math.isnan(found.low)
        assert math.isnan(found.high)
        assert math.isfinite(found.centre)


def test_negative_values_have_no_logarithm():
    with pytest.raises(ValueError) as caught:
        interval([1.0, -2.0], log=True)
    assert str(caught.value) == "`values` must not be negative in the log domain, got -2.0."


@pytest.mark.parametrize("n", [5, 8])
def test_t_interval_covers_the_true_geometric_mean_in_95_percent(n):
    rng = np.random.default_rng(1)
    draws = np.exp(rng.normal(2.0, 3.0, (2000, n)))
    found = [interval(draw, log=True) for draw in draws]
    covered = np.mean([low <= math.exp(2.0) <= high for _, low, high, *_ in found])
    # Four standard errors of a rate of 0.95 over 2000 trials.
    assert covered == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 2000))


def test_wilson_interval_is_the_published_one():
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, and 15 of 148.
    assert wilson_interval(81, 263)[1:3] == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148)[1:3] == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20)[:3] == pytest.approx((0.0, 0.0, 0.1611), abs=5e-5)
    assert wilson_interval(5, 5).high == 1.0


@pytest.mark.parametrize("n", range(5, 60))
def test_wilson_interval_ends_where_a_rate_does(n):
    # The formula is exact there, and its rounding is not: at n = 6 it leaves 3e-17.
    assert wilson_interval(0, n).low == 0.0
    assert wilson_interval(n, n).high == 1.0


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError) as caught:
        wilson_interval(6, 5)
    assert str(caught.value) == "`count` must be between 0 and `n` = 5, got 6."


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5])
def test_wilson_interval_covers_a_rate_in_about_95_percent(rate):
    n = 20
    counts = np.random.default_rng(5).binomial(n, rate, 2000)
    found = [wilson_interval(int(count), n) for count in counts]
    covered = np.mean([low <= rate <= high for _, low, high, *_ in found])
    # Counts are whole, so it wavers about 0.95: what each count adds, by its probability.
    ends = [wilson_interval(count, n)[1:3] for count in range(n + 1)]
    exact = sum(
        float(scipy.stats.binom.pmf(count, n, rate))
        for count, (low, high) in enumerate(ends)
        if low <= rate <= high
    )
    assert covered == pytest.approx(exact, abs=4 * math.sqrt(0.95 * 0.05 / 2000))
    assert 0.92 <= exact <= 0.98


@pytest.mark.parametrize(("count", "n"), [(0, 7), (3, 9), (81, 263), (5, 5)])
def test_wilson_interval_is_that_of_scipy(count, n):
    expected = scipy.stats.binomtest(count, n).proportion_ci(method="wilson")
    assert wilson_interval(count, n)[1:3] == pytest.approx(tuple(expected), abs=1e-12)


@pytest.mark.parametrize("log", [False, True])
def test_interval_at_another_level_is_that_of_its_own_factor(log):
    values = np.exp(np.random.default_rng(3).normal(0.0, 0.5, 7))
    used = np.log(values) if log else values
    reach = scipy.stats.t.ppf(0.5 + 0.999 / 2, 6) * scipy.stats.sem(used)
    ends = np.array([used.mean() - reach, used.mean() + reach])
    found = at_level(interval(values, log=log), 0.999)
    assert found[1:3] == pytest.approx(np.exp(ends) if log else ends)
    assert all(map(math.isnan, at_level(interval([1.0, 2.0], log=log), 0.99)[1:3]))
