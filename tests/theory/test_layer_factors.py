"""Normalization, sums, pooling, padding and scatter against closed forms and small simulations."""

import math

import numpy as np
import pytest

from initlab import theory


def test_batch_norm_makes_gradients_grow():
    relu = theory.batch_norm_gradient_factor("relu")
    assert relu == pytest.approx(math.pi / (math.pi - 1), rel=1e-12)
    assert theory.batch_norm_gradient_factor("identity") == pytest.approx(1.0, rel=1e-12)
    assert theory.batch_norm_linear_gradient_factor(16) == pytest.approx(1.076923, abs=5e-7)
    assert theory.batch_norm_linear_gradient_factor(8) == 1.2
    with pytest.raises(ValueError, match="`batch` must be at least 4, got 3"):
        theory.batch_norm_linear_gradient_factor(3)
    with pytest.raises(ValueError, match="is constant: normalization divides by zero"):
        theory.batch_norm_gradient_factor(lambda x: 0 * x + 2)


def test_pooling_has_the_moments_of_order_statistics():
    assert theory.max_pool_moments(1) == pytest.approx((0, 1, 1), abs=1e-13)
    two = theory.max_pool_moments(2)
    assert two == pytest.approx((1 / math.sqrt(math.pi), 1, 1 - 1 / math.pi), abs=1e-13)
    assert theory.max_pool_moments(9).mean == pytest.approx(1.485013162, abs=5e-10)


def test_scatter_is_that_of_the_exact_law_and_of_a_simulation():
    linear = theory.relative_scatter("identity", [64, 32, 16], 1.0, 0.0)
    exact = [(1 + 2 / 64), (1 + 2 / 64) * (1 + 2 / 32), (1 + 2 / 64) * (1 + 2 / 32) * (1 + 2 / 16)]
    assert linear == pytest.approx([value - 1 for value in exact], rel=1e-12)
    # A tanh network away from its fixed point, drawn: given q, units are independent.
    rng, width, depth, networks = np.random.default_rng(0), 400, 4, 4000
    q = np.full(networks, 0.4)
    for _ in range(depth):
        units = np.tanh(np.sqrt(q)[:, None] * rng.standard_normal((networks, width)))
        q = 1.5 * (units**2).mean(axis=1) + 0.05
    predicted = theory.relative_scatter("tanh", [width] * depth, 1.5, 0.05, q=0.4)[-1]
    # Of a sample variance of 4000 nearly Gaussian numbers: 2.2 %; 4 of them, and 1/width of bias.
    assert q.var() / q.mean() ** 2 == pytest.approx(predicted, rel=0.09 + 2 / width)


def test_scatter_of_a_homogeneous_function_is_the_same_at_every_size_of_the_signal():
    usual = theory.relative_scatter("relu", [64] * 5, 2.0, 0.0)
    for q in (1e-300, 1e-200, 1e75):
        assert theory.relative_scatter("relu", [64] * 5, 2.0, 0.0, q) == pytest.approx(usual)
    assert usual[-1] == pytest.approx((1 + 5 / 64) ** 5 - 1, rel=1e-12)
    assert all(
        math.isnan(one) for one in theory.relative_scatter("relu", [64] * 2, 2.0, 0.0, 1e100)
    )
    grown = theory.relative_scatter("relu", [64] * 3, 2e10, 0.0, 1e70)
    assert [math.isnan(one) for one in grown] == [False, True, True]
    with pytest.raises(ValueError, match=r"`q` must be positive, got 0\.0"):
        theory.relative_scatter("relu", [64], 2.0, 0.0, 0.0)


@pytest.mark.parametrize(("width", "factor"), [(32, -0.0825402), (128, -0.0197864)])
def test_the_typical_he_network_decays(width, factor):
    # Known values of the sum, by an evaluation of its own.
    assert theory.he_relu_mean_log_factor(width) == pytest.approx(factor, abs=5e-8)
    assert theory.he_relu_mean_log_factor(512) == pytest.approx(-0.00489848, abs=5e-9)


def test_a_network_without_slopes_has_no_jacobian():
    with pytest.raises(ValueError, match="the slope of `<lambda>` is zero at q = "):
        theory.jacobian_moments(lambda x: 0 * x + 1, 1.0, 0.0, 3, orthogonal=True)
