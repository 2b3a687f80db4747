"""LSUV's claim: on its batch the preactivations of every layer have variance 1."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import SCHEMES
from tests.initializers.schemes.models import (
    Convolutions,
    applied,
    drawn,
    images,
    observed,
    perceptron,
)

MODELS = {
    "one layer": perceptron(1, jnp.tanh),
    "two layers": perceptron(2, jnp.tanh),
    "relu": perceptron(12, jax.nn.relu),
    "sigmoid": perceptron(7, jax.nn.sigmoid),
    "convolutions": Convolutions(jax.nn.relu),
}


def variances(model, parameters, batch):
    return observed(model, parameters, batch.inputs, jnp.var)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("law", ["orthogonal", "alexnet_normal"])
def test_every_layer_has_variance_one_on_the_batch(name, law):
    model, batch = MODELS[name], images()
    parameters = drawn(model, law)
    result = applied(SCHEMES["lsuv"](), model, parameters, batch)
    assert np.abs(variances(model, parameters, batch) - 1).max() > 0.02
    assert np.abs(variances(model, result.parameters, batch) - 1).max() <= 0.02
    # Without a bias the variance goes with the square of the kernel: one division is exact.
    assert result.passes == 2


@pytest.mark.parametrize("stddev", [1e-30, 1e25])
def test_it_reaches_one_from_sizes_whose_squares_no_float32_holds(stddev):
    model, batch = MODELS["two layers"], images()
    parameters = drawn(model, "normal", stddev=stddev)
    result = applied(SCHEMES["lsuv"](), model, parameters, batch)
    assert np.abs(variances(model, result.parameters, batch) - 1).max() <= 0.02


def test_a_second_batch_of_the_same_kind_has_about_the_same_variance():
    model = perceptron(6, jax.nn.relu)
    result = applied(SCHEMES["lsuv"](), model, drawn(model), images(1000))
    other = variances(model, result.parameters, images(1000, seed=6))
    assert np.abs(other - 1).max() < 0.2


@pytest.mark.parametrize("tolerance", [0.5, 0.02, 1e-4])
def test_with_biases_kernels_are_divided_until_the_variance_is_within_tolerance(tolerance):
    model, batch = perceptron(5, jnp.tanh), images()
    parameters = drawn(model, "glorot_normal", bias=0.5)
    result = applied(SCHEMES["lsuv"](tolerance=tolerance), model, parameters, batch)
    after = variances(model, result.parameters, batch)
    assert np.abs(after - 1).max() <= tolerance + 1e-6
    assert result.passes > 2 if tolerance < 0.5 else result.passes <= 3
    changed = zip(model.layers(result.parameters), model.layers(parameters), strict=True)
    assert all(np.array_equal(new["bias"], old["bias"]) for new, old in changed)


def test_kernels_keep_their_direction():
    model, batch = perceptron(4, jax.nn.relu), images()
    parameters = drawn(model)
    result = applied(SCHEMES["lsuv"](), model, parameters, batch)
    for new, old in zip(model.layers(result.parameters), model.layers(parameters), strict=True):
        for changed, kernel in zip(new["kernel"], old["kernel"], strict=True):
            ratio = np.asarray(changed / kernel)
            assert ratio == pytest.approx(np.full(ratio.shape, ratio.flat[0]), rel=1e-6)


def test_a_bias_that_outweighs_the_kernel_ends_after_the_divisions_that_are_allowed():
    model, batch = perceptron(3, jnp.tanh), images()
    parameters = drawn(model, bias=3.0)
    result = applied(SCHEMES["lsuv"](max_rescalings=4), model, parameters, batch)
    assert result.passes == 5


@pytest.mark.parametrize("law", ["zeros", "ones"])
def test_what_cannot_have_variance_one_is_left_alone_and_stays_finite(law):
    model, batch = perceptron(4, jax.nn.relu), images()
    result = applied(SCHEMES["lsuv"](), model, drawn(model, law), batch)
    assert all(bool(jnp.isfinite(leaf).all()) for leaf in jax.tree.leaves(result.parameters))
    if law == "zeros":
        assert result.passes == 1
        assert not any(bool(jnp.any(leaf)) for leaf in jax.tree.leaves(result.parameters))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"tolerance": 0.0}, "`tolerance` must be positive, got 0.0."),
        ({"tolerance": float("nan")}, "`tolerance` must be positive, got nan."),
        ({"max_rescalings": 0}, "`max_rescalings` must be at least 1, got 0."),
    ],
)
def test_bad_numbers_are_refused(numbers, message):
    with pytest.raises(ValueError) as caught:
        SCHEMES["lsuv"](**numbers)
    assert str(caught.value) == message
