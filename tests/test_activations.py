"""Values and derivatives of the nonlinearities, by closed form in double precision."""

import math
import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special

from initlab.activations import ACTIVATIONS

pytestmark = pytest.mark.usefixtures("optimized")  # tanh has other digits elsewhere

POINTS = np.array([-6.0, -2.5, -1.25, -0.5, -0.1, 0.1, 0.5, 1.25, 2.5, 6.0])
ALPHA, LAMBDA = 1.6732632423543772, 1.0507009873554805


def density(x):
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def tanh_argument(x):
    return math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)


def tanh_slope(x):
    return math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)


CLOSED_FORMS = {
    "identity": (lambda x: x, lambda x: 1 + 0 * x),
    "relu": (lambda x: np.maximum(x, 0), lambda x: 1.0 * (x > 0)),
    "leaky_relu": (lambda x: np.maximum(x, 0.01 * x), lambda x: np.where(x > 0, 1, 0.01)),
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "sigmoid": (special.expit, lambda x: special.expit(x) * special.expit(-x)),
    "elu": (lambda x: np.where(x > 0, x, np.expm1(x)), lambda x: np.where(x > 0, 1, np.exp(x))),
    "selu": (
        lambda x: LAMBDA * np.where(x > 0, x, ALPHA * np.expm1(x)),
        lambda x: LAMBDA * np.where(x > 0, 1, ALPHA * np.exp(x)),
    ),
    "gelu": (lambda x: x * special.ndtr(x), lambda x: special.ndtr(x) + x * density(x)),
    "gelu_tanh": (
        lambda x: x * special.expit(2 * tanh_argument(x)),
        lambda x: (
            special.expit(2 * tanh_argument(x))
            + x * tanh_slope(x) / (2 * np.cosh(tanh_argument(x)) ** 2)
        ),
    ),
    "silu": (
        lambda x: x * special.expit(x),
        lambda x: special.expit(x) * (1 + x * special.expit(-x)),
    ),
    "mish": (
        lambda x: x * np.tanh(np.logaddexp(x, 0)),
        lambda x: (
            np.tanh(np.logaddexp(x, 0)) + x * special.expit(x) / np.cosh(np.logaddexp(x, 0)) ** 2
        ),
    ),
    "softplus": (lambda x: np.logaddexp(x, 0), special.expit),
    "softsign": (lambda x: x / (1 + np.abs(x)), lambda x: 1 / (1 + np.abs(x)) ** 2),
    "sin": (np.sin, np.cos),
    "hard_tanh": (lambda x: np.clip(x, -1, 1), lambda x: 1.0 * (np.abs(x) < 1)),
    "erf": (special.erf, lambda x: 2 / math.sqrt(math.pi) * np.exp(-(x**2))),
}


def test_every_activation_has_a_closed_form():
    assert set(ACTIVATIONS) == set(CLOSED_FORMS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_and_derivatives_are_those_of_the_closed_form(name):
    value, derivative = CLOSED_FORMS[name]
    function = ACTIVATIONS[name].function
    x = jnp.asarray(POINTS, jnp.float32)
    exact = np.asarray(x, np.float64)
    # A few roundings of float32, relative to numbers of size up to |x|.
    np.testing.assert_allclose(function(x), value(exact), rtol=1e-5, atol=2e-6)
    slopes = jax.jit(jax.vmap(jax.grad(function)))(x)
    np.testing.assert_allclose(slopes, derivative(exact), rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_are_compiled_and_mapped_entry_by_entry(name):
    function = ACTIVATIONS[name].function
    x = jnp.asarray(POINTS, jnp.float32).reshape(2, 5)
    assert function(x).shape == x.shape
    assert function(x).dtype == x.dtype
    # Compiled, a product and a sum may round once instead of twice.
    np.testing.assert_allclose(jax.jit(function)(x), function(x), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(jax.vmap(function)(x), function(x), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("x", [1e30, -1e30, 1e4, -1e4, 30.0, -30.0, 0.0])
def test_huge_inputs_have_finite_values_and_derivatives(name, x):
    function = ACTIVATIONS[name].function
    value, slope = jax.value_and_grad(function)(jnp.float32(x))
    assert bool(jnp.isfinite(value))
    assert bool(jnp.isfinite(slope))


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"sin"}))
def test_huge_inputs_have_the_limits_of_the_closed_form(name):
    function = ACTIVATIONS[name].function
    # sin is left out: its value at 1e4 depends on the rounding of the argument's reduction.
    x = np.array([-1e4, 1e4])
    value, derivative = CLOSED_FORMS[name]
    with np.errstate(over="ignore"):
        expected, slope = value(x), derivative(x)
    inputs = jnp.asarray(x, jnp.float32)
    np.testing.assert_allclose(function(inputs), expected, rtol=1e-6, atol=1e-30)
    np.testing.assert_allclose(jax.vmap(jax.grad(function))(inputs), slope, rtol=1e-6, atol=1e-7)


def test_the_two_gelus_are_told_apart():
    x = jnp.linspace(-4.0, 4.0, 801)
    gap = jnp.abs(ACTIVATIONS["gelu"].function(x) - ACTIVATIONS["gelu_tanh"].function(x))
    # The forms differ by 4.73e-4 at most, near |x| = 2.7 (closed forms, double precision).
    points = np.linspace(-4.0, 4.0, 801)
    exact = np.abs(CLOSED_FORMS["gelu"][0](points) - CLOSED_FORMS["gelu_tanh"][0](points))
    assert exact.max() == pytest.approx(4.73e-4, rel=1e-2)
    assert float(gap.max()) == pytest.approx(exact.max(), abs=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_reference_names_authors_and_a_year(name):
    reference = ACTIVATIONS[name].reference
    assert re.match(r"[A-Z]\w+[ ,]", reference)
    assert re.search(r"\b(19|20)\d\d\b", reference)
