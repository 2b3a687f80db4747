"""The convolutional network computes what its plain formula says, and hands out its sites."""

import jax
import jax.numpy as jnp
import jax.test_util
import numpy as np
import pytest
from scipy.signal import correlate2d

from initlab.models import at

from .filling import filled, layers_of, plain

SHAPE = (5, 4, 2)


def build(depth, width=3):
    return plain("convnet", SHAPE, width=width, depth=depth)


def convolved(images, kernel, bias):
    maps = [
        sum(
            correlate2d(image[..., i], kernel[..., i, o], mode="same")
            for i in range(image.shape[-1])
        )
        for image in images
        for o in range(kernel.shape[-1])
    ]
    return np.stack(maps).reshape(len(images), -1, *images.shape[1:3]).transpose(0, 2, 3, 1) + bias


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_forward_pass_is_a_chain_of_convolutions(depth):
    network = build(depth)
    parameters = filled(network)
    images = jnp.asarray(np.random.default_rng(1).standard_normal((6, *SHAPE)), jnp.float32)

    def observe(preactivation, activation):
        seen = preactivation if activation is None else activation
        return jnp.stack([jnp.mean(preactivation**2), jnp.mean(seen)])

    logits, seen = network.apply(parameters, images, None, observe)
    x, expected = np.asarray(images, np.float64), []
    for layer, (kernel, bias) in enumerate(layers_of(network, parameters), start=1):
        last = layer == depth
        h = x.reshape(len(x), -1) @ kernel + bias if last else convolved(x, kernel, bias)
        x = h if last else np.tanh(h)
        expected.append([(h**2).mean(), x.mean()])
    assert np.asarray(logits) == pytest.approx(x, rel=1e-4, abs=1e-5)
    assert np.asarray(seen) == pytest.approx(np.array(expected), rel=1e-4, abs=1e-5)


def test_gradients_agree_with_finite_differences():
    network = build(4)
    images = jnp.asarray(np.random.default_rng(1).standard_normal((6, *SHAPE)), jnp.float32)

    def loss(parameters):
        return jnp.mean(network.apply(parameters, images)[0] ** 2)

    jax.test_util.check_grads(loss, (filled(network),), order=1, modes=["rev"], rtol=2e-2)


def test_sites_and_stacks_are_those_of_the_parameters():
    network = build(5)
    assert [site.name for site in network.sites] == [
        "conv_1",
        "conv_2",
        "conv_3",
        "conv_4",
        "readout",
    ]
    for stack in network.stacks:
        shape = at(network.parameters, stack.path)["kernel"].shape
        leading = (stack.count,) if stack.stacked else ()
        assert shape == (*leading, *stack.kernel_shape)
