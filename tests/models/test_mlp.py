"""The MLP computes what its plain formula says, and hands out its sites in order."""

from functools import partial

import jax
import jax.numpy as jnp
import jax.test_util
import numpy as np
import pytest
from flax import nnx

from initlab.models import at
from initlab.models.layers import dense
from initlab.models.plain import PlainNet

from .filling import filled, layers_of, plain


def build(depth, width=7):
    return plain("mlp", (3, 2, 1), width=width, depth=depth)


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_forward_pass_is_a_chain_of_dense_layers(depth):
    network = build(depth)
    parameters = filled(network)
    images = jnp.asarray(np.random.default_rng(1).standard_normal((5, 3, 2, 1)), jnp.float32)

    def observe(preactivation, activation):
        seen = preactivation if activation is None else activation
        return jnp.stack([jnp.mean(preactivation), jnp.mean(seen)])

    logits, seen = network.apply(parameters, images, None, observe)
    x, expected = np.asarray(images.reshape(5, -1), np.float64), []
    for layer, (kernel, bias) in enumerate(layers_of(network, parameters), start=1):
        h = x @ kernel + bias
        x = h if layer == depth else np.tanh(h)
        expected.append([h.mean(), x.mean()])
    assert np.asarray(logits) == pytest.approx(x, rel=1e-4, abs=1e-5)
    assert np.asarray(seen) == pytest.approx(np.array(expected), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("depth", [1, 2, 3, 50])
def test_depth_counts_weight_layers_with_the_readout(depth):
    network = build(depth)
    assert sum(stack.count for stack in network.stacks) == depth
    assert [site.layer for site in network.sites] == list(range(1, depth + 1))
    assert network.sites[-1].name == "readout"


def test_stacks_tell_the_shapes_that_the_parameters_have():
    network = build(5)
    for stack in network.stacks:
        shape = at(network.parameters, stack.path)["kernel"].shape
        assert shape == (
            (stack.count, *stack.kernel_shape) if stack.stacked else stack.kernel_shape
        )


def test_gradients_agree_with_finite_differences():
    network = build(4)
    parameters = filled(network)
    images = jnp.asarray(np.random.default_rng(1).standard_normal((5, 3, 2, 1)), jnp.float32)

    def loss(parameters):
        return jnp.mean(network.apply(parameters, images)[0] ** 2)

    jax.test_util.check_grads(loss, (parameters,), order=1, modes=["rev"], rtol=2e-2)


def test_it_is_an_ordinary_flax_module():
    model = PlainNet(
        first=partial(dense, 6, 8, "float32"),
        hidden=partial(dense, 8, 8, "float32"),
        readout=partial(dense, 8, 3, "float32"),
        depth=4,
        activation=nnx.relu,
        rngs=nnx.Rngs(0),
    )
    assert model(jnp.ones((2, 3, 2, 1))).shape == (2, 3)
