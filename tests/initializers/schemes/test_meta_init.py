"""MetaInit's claim: it lowers the gradient quotient, by moving the norms of kernels alone."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import SCHEMES, Batch
from initlab.initializers.schemes.layers import norms
from initlab.initializers.schemes.meta_init import gradient_quotient
from tests.initializers.schemes.models import Convolutions, applied, drawn, images, perceptron

TANH, RELU = perceptron(5, jnp.tanh), perceptron(5, jax.nn.relu)


def noise_quotient(model, parameters):
    """The mean quotient over batches of noise that no step has seen."""
    batch = images()

    def one(key):
        inputs = jax.random.normal(key, batch.inputs.shape)
        labels = jax.random.randint(key, batch.labels.shape, 0, 10)
        loss = lambda p: model.loss(p, Batch(inputs, labels))  # noqa: E731
        return gradient_quotient(loss, parameters, 1e-5)

    keys = jax.random.split(jax.random.key(99), 8)
    return float(jnp.mean(jax.jit(lambda keys: jax.lax.map(one, keys))(keys)))


@pytest.mark.parametrize(
    ("model", "stddev"),
    [
        (TANH, 0.05),
        pytest.param(RELU, 0.3, marks=pytest.mark.slow),
        pytest.param(Convolutions(jnp.tanh), 0.03, marks=pytest.mark.slow),
    ],
)
def test_the_gradient_quotient_falls(model, stddev):
    parameters = drawn(model, "normal", stddev=stddev)
    result = applied(SCHEMES["meta_init"](), model, parameters, images())
    assert noise_quotient(model, result.parameters) < 0.8 * noise_quotient(model, parameters)
    assert result.passes == 50


def test_kernels_keep_their_direction_and_biases_their_values():
    parameters = drawn(TANH, "normal", stddev=0.1, bias=0.2)
    result = applied(SCHEMES["meta_init"](steps=3), TANH, parameters, images())
    old, new = TANH.layers(parameters), TANH.layers(result.parameters)
    for before, after in zip(old, new, strict=True):
        assert np.array_equal(before["bias"], after["bias"])
        for one, other in zip(before["kernel"], after["kernel"], strict=True):
            factor = float(jnp.vdot(one, other) / jnp.vdot(one, one))
            assert other == pytest.approx(np.asarray(factor * one), rel=1e-5, abs=1e-7)


def test_the_first_step_moves_every_norm_by_the_learning_rate():
    parameters = drawn(TANH, "normal", stddev=0.1)
    scheme = SCHEMES["meta_init"](steps=1, learning_rate=0.25)
    result = applied(scheme, TANH, parameters, images())
    moved = norms(TANH.layers(result.parameters)) - norms(TANH.layers(parameters))
    assert np.abs(moved) == pytest.approx(np.full(5, 0.25), rel=1e-4)


def test_momentum_adds_to_the_steps_that_follow():
    parameters = drawn(TANH, "normal", stddev=0.05)
    far = []
    for momentum in (0.0, 0.5):
        scheme = SCHEMES["meta_init"](steps=2, momentum=momentum)
        result = applied(scheme, TANH, parameters, images())
        far.append(np.max(norms(TANH.layers(result.parameters)) - norms(TANH.layers(parameters))))
    # Where both steps have one sign: two of 0.1, and 0.1 with 0.15.
    assert far == pytest.approx([0.2, 0.25], rel=1e-3)


@pytest.mark.parametrize("curvature", [0.1, -0.3, 2.0])
def test_the_quotient_of_a_parabola_is_its_curvature(curvature):
    # The gradient is aw and Hg is a^2 w, so that (g - Hg) / g - 1 is -a.
    w = {"a": jnp.linspace(0.5, 2.0, 7), "b": -jnp.ones((2, 3))}
    loss = lambda w: 0.5 * curvature * sum(jnp.sum(x * x) for x in w.values())  # noqa: E731
    assert float(gradient_quotient(loss, w, 1e-12)) == pytest.approx(abs(curvature), rel=1e-5)


def test_a_kernel_of_zeros_stays_and_everything_is_finite():
    result = applied(SCHEMES["meta_init"](steps=2), TANH, drawn(TANH, "zeros"), images())
    assert not any(bool(jnp.any(leaf)) for leaf in jax.tree.leaves(result.parameters))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"steps": 0}, "`steps` must be at least 1, got 0."),
        ({"learning_rate": -1.0}, "`learning_rate` must be positive, got -1.0."),
        ({"momentum": 1.0}, "`momentum` must be from 0 to below 1, got 1.0."),
        ({"epsilon": 0.0}, "`epsilon` must be positive, got 0.0."),
    ],
)
def test_bad_numbers_are_refused(numbers, message):
    with pytest.raises(ValueError) as caught:
        SCHEMES["meta_init"](**numbers)
    assert str(caught.value) == message
