"""The MLP computes what its plain formula says, and hands out its sites in order."""

import jax
import jax.numpy as jnp
import jax.test_util
import numpy as np
import pytest
from flax import nnx

from initlab.models.mlp import MLP, build_mlp

from .filling import filled, layers_of


def build(depth, width=7):
    return build_mlp(
        image_shape=(3, 2, 1),
        width=width,
        depth=depth,
        outputs=4,
        activation=jnp.tanh,
        dtype="float32",
    )


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
        shape = network.parameters[stack.name]["kernel"].shape
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
    model = MLP(
        inputs=6,
        width=8,
        depth=4,
        outputs=3,
        activation=nnx.relu,
        dtype="float32",
        rngs=nnx.Rngs(0),
    )
    logits, seen = model(jnp.ones((2, 6)))
    assert logits.shape == (2, 3)
    assert seen is None
