"""AutoInit's claim: in theory every weight layer's outputs have variance 1; and so they measure."""

import math
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.architectures.layers import Activation, Convolution, Dense, Repeat, Residual
from initlab.initializers import SCHEMES, Batch
from initlab.initializers.fans import fans
from initlab.models import LossModel, build_network
from initlab.theory.inputs import white_inputs
from initlab.theory.predict import predict_network
from tests.initializers.schemes.models import applied, cross_entropy, drawn, observed, perceptron

RUN = Activation()
OF_TANH = 1 / 0.3942944904  # 1 / E[tanh(z)^2], of known_answers.json


def network(*layers, image=(8, 8, 1), activation=jax.nn.relu):
    built = build_network(layers, image_shape=image, activation=activation, dtype="float32")
    return LossModel(built, cross_entropy)


def white(number, image=(8, 8, 1)):
    """Inputs as the method takes them to be."""
    inputs = jax.random.normal(jax.random.key(3), (number, *image))
    return Batch(inputs, jnp.zeros(number, jnp.int32))


def scaled(model, law="lecun_normal", **numbers):
    """What the scheme makes of drawn parameters, and those."""
    parameters = drawn(model, law, **numbers)
    result = applied(SCHEMES["auto_init"](), model, parameters, white(2))
    assert result.passes == 0
    return result.parameters, parameters


def weight_variances(model, parameters):
    """Mean squares of kernels times their fans, stack by stack."""
    return [
        float(jnp.mean(kernel**2)) * fans(kernel.shape)[0]
        for layer in model.layers(parameters)
        for kernel in layer["kernel"]
    ]


@pytest.mark.parametrize(("phi", "after"), [(jax.nn.relu, 2.0), (jnp.tanh, OF_TANH)])
@pytest.mark.parametrize("law", ["lecun_normal", "orthogonal", "alexnet_normal"])
def test_kernels_of_a_perceptron_have_the_variance_of_theory_over_their_fan_in(phi, after, law):
    model = perceptron(5, phi)
    parameters, _ = scaled(model, law)
    assert weight_variances(model, parameters) == pytest.approx([1.0] + [after] * 4, rel=1e-5)


def test_layers_that_are_kept_as_one_array_have_each_their_own():
    block = (RUN, Dense(8), Activation("tanh"), Dense(8))
    model = network(Dense(8), Repeat(2, block), Dense(10))
    parameters, _ = scaled(model)
    found = weight_variances(model, parameters)
    # Stack by stack: the first, the block's first twice, its second twice, and the readout.
    assert found == pytest.approx([1.0, 2.0, 2.0, OF_TANH, OF_TANH, 1.0], rel=1e-5)


def test_a_convolution_of_groups_has_the_fan_of_one_group():
    model = network(Convolution(8), RUN, Convolution(8, groups=4, window=(1, 1)), Dense(10))
    parameters, _ = scaled(model)
    assert weight_variances(model, parameters)[1] == pytest.approx(2.0, rel=1e-5)


def test_kernels_keep_their_direction_and_biases_stay():
    model = perceptron(4, jax.nn.relu)
    parameters, before = scaled(model, bias=0.3)
    for new, old in zip(model.layers(parameters), model.layers(before), strict=True):
        assert np.array_equal(new["bias"], old["bias"])
        for changed, kernel in zip(new["kernel"], old["kernel"], strict=True):
            ratio = np.asarray(changed / kernel)
            assert ratio == pytest.approx(np.full(ratio.shape, ratio.flat[0]), rel=1e-6)


def test_a_kernel_of_zeros_stays_so():
    model = perceptron(3, jax.nn.relu)
    parameters, _ = scaled(model, "zeros")
    assert not any(bool(jnp.any(leaf)) for leaf in jax.tree.leaves(parameters))


@pytest.mark.parametrize("phi", [jax.nn.relu, jnp.tanh])
def test_every_layer_of_one_perceptron_measures_variance_one(phi):
    depth, width = 10, 256
    model = perceptron(depth, phi, width)
    parameters, _ = scaled(model)
    square = observed(model, parameters, white(256).inputs, lambda h: jnp.mean(h**2))
    layers = [Dense(width, weights) for weights in model.unit_weights()[:-1]]
    layers = [part for layer in layers for part in (layer, Activation(phi))] + [Dense(10, 1.0)]
    told = [row.second_moment_scatter for row in predict_network(layers, white_inputs(64))[::2]]
    # Theory has the scatter of one network for one input, which that over inputs is no more than.
    assert (np.abs(np.log(square)) < 4 * np.array(told)).all()


def test_every_layer_of_nets_of_convolutions_measures_variance_one():
    layer = Convolution(32, padding="CIRCULAR")
    block = Residual((RUN, layer, RUN, layer))
    model = network(layer, block, RUN, replace(layer, strides=(2, 2)), RUN, Dense(10))
    batch = white(512).inputs

    def visit(layer, preactivation):
        h = preactivation(layer)
        return layer, h, jnp.mean(h**2)

    @jax.jit
    def squares(parameters):
        changed = SCHEMES["auto_init"]()(model, parameters, white(2), jax.random.key(0))
        return model.visit(changed.parameters, batch, visit).found

    measured = [squares(drawn(model, "lecun_normal", seed=seed)) for seed in range(24)]
    mean, error = np.mean(measured, axis=0), np.std(measured, axis=0) / math.sqrt(24)
    # Of 24 networks; and of one batch of so many pixels, whose mean square they all share.
    assert (np.abs(mean - 1) < 4 * (error + math.sqrt(2 / batch.size))).all()
    assert error.max() < 0.1
