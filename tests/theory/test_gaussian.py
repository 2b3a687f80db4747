"""Expectations against closed forms, over twenty orders of magnitude of q, and what is refused."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from initlab.activations import ACTIVATIONS
from initlab.theory import (
    gain,
    mean,
    mean_growth,
    second_moment,
    second_moment_growth,
    slope_second_moment,
)
from initlab.theory.gaussian import expectations
from initlab.theory.table import Table

# Double precision keeps some 15 digits; a sum of thousands of terms may lose two of them.
CLOSE = {"rel": 1e-12, "abs": 1e-300}
WIDTHS = (1e-24, 1e-12, 1e-3, 0.25, 1.0, 7.0, 1e3, 1e6)


def shifted_relu(x):
    return jnp.maximum(x - 0.3, 0)


def clipped(x):
    return jnp.clip(x, -1.0, 6.0)


def triangle_wave(x):
    return jnp.abs(x - 2 * jnp.round(x / 2))


def relu_above(kink, q):
    """Returns E[f^2], E[f'^2] and E[f] of max(x - kink, 0) at variance q."""
    s = math.sqrt(q)
    k = kink / s
    tail, density = norm.sf(k), norm.pdf(k)
    return q * ((1 + k * k) * tail - k * density), tail, s * (density - k * tail)


@pytest.mark.parametrize("q", WIDTHS)
def test_moments_are_those_of_closed_forms(q):
    assert second_moment("relu", q) == pytest.approx(q / 2, **CLOSE)
    assert mean("relu", q) == pytest.approx(math.sqrt(q / (2 * math.pi)), **CLOSE)
    sine = -math.expm1(-2 * q) / 2
    assert second_moment("sin", q) == pytest.approx(sine, **CLOSE)
    assert slope_second_moment("sin", q) == pytest.approx(1 - sine, **CLOSE)
    assert second_moment_growth("sin", q) == pytest.approx(math.exp(-2 * q), rel=1e-12, abs=1e-15)
    erf = 2 / math.pi * math.asin(2 * q / (1 + 2 * q))
    assert second_moment("erf", q) == pytest.approx(erf, **CLOSE)
    assert slope_second_moment("erf", q) == pytest.approx(4 / (math.pi * math.sqrt(1 + 4 * q)))
    assert second_moment(lambda x: x**3, q) == pytest.approx(15 * q**3, **CLOSE)


@pytest.mark.parametrize("q", [1e-2, 0.25, 1.0, 7.0, 1e3, 1e6])
def test_a_kink_away_from_zero_costs_no_digit(q):
    square, slope, first = relu_above(0.3, q)
    assert second_moment(shifted_relu, q) == pytest.approx(square, **CLOSE)
    assert slope_second_moment(shifted_relu, q) == pytest.approx(slope, **CLOSE)
    assert mean(shifted_relu, q) == pytest.approx(first, **CLOSE)
    expected = sum(norm.cdf(np.array([6.0, 1.0]) / math.sqrt(q))) - 1
    assert slope_second_moment(clipped, q) == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("q", [0.01, 1.0, 50.0])
def test_many_kinks_are_all_found(q):
    assert slope_second_moment(triangle_wave, q) == pytest.approx(1.0, **CLOSE)
    # A wave of period 2 and mean 1/2: its Fourier series, integrated term by term.
    odd = np.arange(1, 20001, 2)
    terms = 4 / (np.pi * odd) ** 2 * np.exp(-q * (np.pi * odd) ** 2 / 2)
    assert mean(triangle_wave, q) == pytest.approx(0.5 - terms.sum(), rel=1e-9)


@pytest.mark.parametrize("steepness", [10.0, 1e3, 1e5])
def test_a_steep_function_is_resolved(steepness):
    # A tanh at scale s approaches a step: E[f'^2] is its integral 4 s / 3 times the density there.
    def steep(x):
        return jnp.tanh(steepness * (x - 2.1))

    expected = 4 / 3 * steepness * norm.pdf(2.1)
    assert slope_second_moment(steep, 1.0) == pytest.approx(expected, rel=2 / steepness**2)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("q", [1e-6, 0.5, 40.0])
def test_growth_is_the_derivative_in_q(name, q):
    # Gaussian integration by parts against a five-point difference, whose own error is 1e-9.
    for function, growth in ((second_moment, second_moment_growth), (mean, mean_growth)):
        h = 1e-3 * q
        points = [function(name, q + k * h) for k in (-2, -1, 1, 2)]
        difference = (points[0] - 8 * points[1] + 8 * points[2] - points[3]) / (12 * h)
        size = math.sqrt(second_moment(name, q)) / q
        assert growth(name, q) == pytest.approx(difference, rel=1e-8, abs=1e-10 * size)


def test_zero_variance_takes_the_value_at_zero_and_both_slopes():
    assert second_moment("sigmoid", 0.0) == 0.25
    assert mean("softplus", 0.0) == pytest.approx(math.log(2))
    assert slope_second_moment("relu", 0.0) == 0.5
    assert slope_second_moment("leaky_relu", 0.0) == 0.50005


def test_a_function_that_jumps_has_moments_and_no_slope():
    assert second_moment(jnp.sign, 2.0) == pytest.approx(1.0, **CLOSE)
    assert mean(lambda x: jnp.where(x > 0.3, 1.0, 0.0), 1.0) == pytest.approx(norm.sf(0.3), **CLOSE)
    for q in (0.0, 1.0):
        with pytest.raises(ValueError) as caught:
            slope_second_moment(jnp.sign, q)
        assert str(caught.value) == (
            "`sign` jumps at x = 0: the mean square of its derivative is infinite. "
            "Only moments of its values can be asked for."
        )


def test_singularities_are_integrated_or_refused():
    def root(x):
        return jnp.sqrt(jnp.abs(x))

    assert second_moment(root, 1.0) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-9)
    with pytest.raises(ValueError, match="`root` cannot be integrated: the expectation"):
        slope_second_moment(root, 1.0)


def nearly_too_fast(x):
    return jnp.exp(0.17 * x**2)


def test_growth_up_to_what_a_gaussian_bears():
    assert second_moment(jnp.exp, 9.0) == pytest.approx(math.exp(18), **CLOSE)
    assert second_moment(lambda x: jnp.exp(x**2 / 8), 1.0) == pytest.approx(math.sqrt(2), **CLOSE)
    with pytest.raises(ValueError) as caught:
        second_moment(nearly_too_fast, 1.4)
    assert str(caught.value) == (
        "`nearly_too_fast` grows too fast: its expectation at q = 1.4 does not converge, 38 "
        "standard deviations out. Ask for a smaller q."
    )


def test_gain_keeps_the_second_moment():
    assert gain("relu") == pytest.approx(math.sqrt(2), **CLOSE)
    assert gain(lambda x: 3 * x) == pytest.approx(1 / 3, **CLOSE)
    with pytest.raises(ValueError) as caught:
        gain(lambda x: 0 * x)
    assert str(caught.value) == "`<lambda>` is zero: no gain keeps its second moment."


def too_fast(x):
    return jnp.exp(x**2 / 2)


def if_positive(x):
    return x if x > 0 else 0.0


def two(x):
    return jnp.stack([x, x])


def cast(x):
    return x.astype(jnp.float32)


REFUSED = [
    (
        "swish",
        "phi: unknown name 'swish'. Did you mean `silu`? Known: identity, relu, leaky_relu, tanh, "
        "sigmoid, elu, selu, gelu, gelu_tanh, silu, mish, softplus, softsign, sin, hard_tanh, erf.",
    ),
    (too_fast, "`too_fast` must be finite, got inf at x = -38."),
    (jnp.log, "`log` must be finite, got nan at x = -0.00"),
    (lambda x: jnp.sin(1 / x), "`<lambda>` cannot be integrated: between 0 and "),
    (np.sin, "`sin` must be a scalar function written in JAX (jax.numpy, not numpy or math; "),
    (if_positive, "`if_positive` must be a scalar function written in JAX (jax.numpy, not numpy"),
    (two, "`two` must return a scalar for a scalar, got an array of shape (2,)."),
    (cast, "`cast` must return the type it is given, float64 here, got float32: a cast inside "),
    (lambda x: x + 1j, "`<lambda>` must return the type it is given, float64 here, got complex12"),
]


@pytest.mark.parametrize(("phi", "message"), REFUSED)
def test_what_cannot_be_integrated_is_refused_by_name(phi, message):
    with pytest.raises(ValueError) as caught:
        second_moment(phi, 1.0)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("q", [-1.0, math.nan, math.inf])
def test_a_variance_is_finite_and_not_negative(q):
    with pytest.raises(ValueError, match=r"`q` must"):
        second_moment("tanh", q)


def test_double_precision_stays_inside():
    before = jax.config.jax_enable_x64
    second_moment("tanh", 1.0)
    assert jax.config.jax_enable_x64 is before is False
    assert jnp.ones(()).dtype == jnp.float32
    with pytest.raises(ValueError):
        second_moment(two, 1.0)
    assert jnp.ones(()).dtype == jnp.float32


def test_a_function_without_a_hash_is_taken_too():
    class Scaled:
        __hash__ = None

        def __call__(self, x):
            return 2 * x

    assert second_moment(Scaled(), 1.0) == pytest.approx(4.0, **CLOSE)


@pytest.mark.parametrize("phi", ["gelu", "elu", "softplus"])
def test_what_was_asked_far_out_first_does_not_change_what_is_near(phi):
    far_first, near_first = Table(phi), Table(phi)
    far_first.extend(2.0**45)
    moments = ("second", "slope_second")
    for q in (0.1, 2.0, 50.0):
        assert expectations(far_first, q, moments) == pytest.approx(
            expectations(near_first, q, moments), rel=1e-13
        )
    assert not far_first.jumps.size
