import math

import numpy as np
import pytest
import scipy.stats

from initlab.analysis.intervals import Interval
from initlab.analysis.stratified import interquartile_mean, stratified_interval


@pytest.mark.parametrize("n", [1, 3, 4, 5, 8, 17])
def test_interquartile_mean_is_the_trimmed_mean_of_scipy(n):
    values = np.random.default_rng(n).normal(size=(3, n))
    expected = scipy.stats.trim_mean(values, 0.25, axis=-1)
    assert interquartile_mean(values) == pytest.approx(expected, rel=1e-12)


def test_one_odd_run_does_not_move_the_interquartile_mean():
    assert interquartile_mean([1.0, 2.0, 3.0, 4.0, 1e9]) == 3.0


def test_each_cell_is_resampled_by_itself():
    # Cells that do not vary inside leave nothing to chance, however far they lie apart.
    cells = [[0.0] * 5, [10.0] * 5]
    found = stratified_interval(cells, rng=np.random.default_rng(0))
    assert found == Interval(5.0, 5.0, 5.0, 5)


def test_a_cell_is_drawn_as_often_as_it_has_seeds():
    found = stratified_interval(
        [[0.0, 0.0, 0.0, 0.0, 1.0]], rng=np.random.default_rng(0), num_resamples=4_000,
        statistic=lambda x: np.asarray(np.mean(x, axis=-1)),
    )  # fmt: skip
    # Ones among five draws are binomial: at most two in 94.2 % of samples, three in 99.3 %.
    assert (found.low, found.high) == pytest.approx((0.0, 3 / 5))


def test_one_cell_agrees_with_the_bootstrap_of_scipy():
    values = np.random.default_rng(1).gamma(2.0, size=30)
    found = stratified_interval(
        [values], rng=np.random.default_rng(2), statistic=lambda x: np.asarray(np.mean(x, axis=-1)),
        num_resamples=20_000,
    )  # fmt: skip
    expected = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(3)
    )
    # The quantile of 20,000 draws scatters by sqrt(0.025 * 0.975 / 20000) / density, where a
    # normal density at its 2.5 % quantile is 0.058 / error: 0.019 errors each, five of both.
    tolerance = 5 * math.sqrt(2) * 0.019 * expected.standard_error
    low, high = expected.confidence_interval
    assert (found.low, found.high) == pytest.approx((low, high), abs=tolerance)
    assert found.centre == pytest.approx(values.mean())


def test_it_covers_nearly_95_percent_over_several_cells():
    rng = np.random.default_rng(4)
    # The middle half of this mixture of four normal laws, symmetric about 1.5, has mean 1.5.
    means, hits, trials = np.arange(4.0), 0, 400
    for _ in range(trials):
        cells = list(rng.normal(means[:, None], 1.0, (4, 20)))
        _, low, high, *_ = stratified_interval(cells, rng=rng, num_resamples=400)
        hits += low <= 1.5 <= high
    # A percentile bootstrap of 20 values is a little too narrow; four standard errors, 0.044.
    assert 0.88 <= hits / trials <= 0.99


def test_equal_generators_give_equal_intervals_and_few_seeds_none():
    cells = [[1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 4.0, 6.0, 8.0, math.nan, 9.0], [math.nan]]
    first, second = (stratified_interval(cells, rng=np.random.default_rng(5)) for _ in "ab")
    assert first == second
    assert first.n == 5
    few = stratified_interval([[1.0, 2.0], [3.0] * 5], rng=np.random.default_rng(0))
    assert (few.centre, few.n) == (pytest.approx(18 / 7, abs=0.5), 2)
    assert math.isnan(few.low)
    assert math.isnan(few.high)
    assert stratified_interval([], rng=np.random.default_rng(0)).n == 0
