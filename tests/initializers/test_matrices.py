"""Laws with a structure: orthogonal, identity, tied halves."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import identity, orthogonal, tied_halves

EPS = float(np.finfo(np.float32).eps)


@pytest.mark.parametrize(
    ("shape", "gain"),
    [
        ((64, 64), 1.0),
        ((256, 128), 1.5),
        ((128, 256), 1.5),
        ((3, 3, 32, 64), 1.5),
        ((1, 1, 8, 64), 1.5),
    ],
)
def test_every_singular_value_of_an_orthogonal_kernel_is_the_gain(shape, gain):
    kernel = np.asarray(orthogonal(gain=gain)(jax.random.key(0), shape), np.float64)
    matrix = kernel.reshape(-1, shape[-1])
    # Householder QR in float32 is orthogonal to a small multiple of sqrt(n) eps.
    tolerance = 10 * math.sqrt(max(matrix.shape)) * EPS
    singular_values = np.linalg.svd(matrix, compute_uv=False)
    np.testing.assert_allclose(singular_values, gain, rtol=tolerance)
    variance = gain**2 / max(matrix.shape)
    assert np.mean(kernel**2) == pytest.approx(variance, rel=tolerance)


def test_orthogonal_matrices_are_uniform_over_the_group():
    num_keys, size = 4000, 3
    keys = jax.random.split(jax.random.key(1), num_keys)
    matrices = np.asarray(jax.vmap(lambda key: orthogonal()(key, (size, size)))(keys), np.float64)
    # Haar on O(n): entries have mean 0 and variance 1/n, traces mean 0 and variance 1
    # (Diaconis and Evans), and half the determinants are -1. An unsigned QR fails all three.
    tolerance = 5 / math.sqrt(num_keys)
    np.testing.assert_allclose(matrices.mean(axis=0), 0.0, atol=tolerance / math.sqrt(size))
    traces = np.trace(matrices, axis1=1, axis2=2)
    assert traces.mean() == pytest.approx(0.0, abs=tolerance)
    # E tr^4 = 3 for n >= 2, so that tr^2 has variance 2.
    assert np.mean(traces**2) == pytest.approx(1.0, abs=tolerance * math.sqrt(2))
    assert np.linalg.det(matrices).mean() == pytest.approx(0.0, abs=tolerance)


@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (5, 3)])
def test_a_dense_identity_is_the_partial_identity(shape):
    kernel = identity(gain=0.5)(jax.random.key(0), shape)
    np.testing.assert_array_equal(kernel, 0.5 * np.eye(*shape))


@pytest.mark.parametrize("window", [(3, 3), (5, 3), (2, 2), (4, 1)])
def test_a_convolution_with_the_identity_returns_its_input(window):
    images = jax.random.normal(jax.random.key(0), (2, 7, 6, 4))
    kernel = identity()(jax.random.key(0), (*window, 4, 4))
    assert int(jnp.count_nonzero(kernel)) == 4
    convolved = jax.lax.conv_general_dilated(
        images, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    # Sums of the input and exact zeros.
    np.testing.assert_array_equal(convolved, images)


@pytest.mark.parametrize("shape", [(256, 128), (3, 3, 32, 64)], ids=len)
@pytest.mark.parametrize(
    ("tie", "repeats_inputs", "repeats_units"),
    [("inputs", True, False), ("units", False, True), ("both", True, True)],
)
def test_the_second_half_copies_the_first(tie, repeats_inputs, repeats_units, shape):
    kernel = np.asarray(tied_halves(weight_variance=1.7, tie=tie)(jax.random.key(0), shape))
    upper, lower = np.split(kernel, 2, axis=-2)
    left, right = np.split(kernel, 2, axis=-1)
    assert (upper == lower).all() == repeats_inputs
    assert (left == right).all() == repeats_units
    fan_in = math.prod(shape[:-1])
    independent = kernel.size / 2 ** (repeats_inputs + repeats_units)
    # Gaussian: the sample variance of n values has relative standard error sqrt(2 / n).
    assert kernel.var() * fan_in == pytest.approx(1.7, rel=5 * math.sqrt(2 / independent))
    assert kernel.mean() == pytest.approx(0, abs=5 * math.sqrt(1.7 / fan_in / independent))
    # Nothing else repeats, but for the few chance pairs among float32's 2^23 draws.
    assert 0.99 * independent < np.unique(kernel).size <= independent


def test_identical_halves_receive_identical_gradients():
    keys = jax.random.split(jax.random.key(0), 5)
    law = tied_halves(weight_variance=2.0)
    shapes = ((6, 8), (8, 8), (8, 10))
    kernels = [law(key, shape) for key, shape in zip(keys[:3], shapes, strict=True)]
    x, y = jax.random.normal(keys[3], (16, 6)), jax.random.normal(keys[4], (16, 10))

    def loss(kernels):
        hidden = x
        for kernel in kernels[:-1]:
            hidden = jnp.tanh(hidden @ kernel)
        return jnp.mean((hidden @ kernels[-1] - y) ** 2)

    first, middle, last = jax.grad(loss)(kernels)
    # Equal terms summed in the same order, up to a few roundings.
    np.testing.assert_allclose(first[:, :4], first[:, 4:], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(middle[:4], middle[4:], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(middle[:, :4], middle[:, 4:], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(last[:4], last[4:], rtol=1e-5, atol=1e-6)
    assert not np.allclose(first[:, 0], first[:, 1], rtol=1e-2)


def test_tied_inputs_with_equal_activations_double_the_variance():
    activations = jnp.tile(jax.random.normal(jax.random.key(0), (1, 128)), 2)
    keys = jax.random.split(jax.random.key(1), 64)
    law = tied_halves(weight_variance=1.0, tie="inputs")
    preactivations = jax.vmap(lambda key: activations @ law(key, (256, 64)))(keys)
    # 64 * 64 independent Gaussian preactivations.
    ratio = float(jnp.mean(preactivations**2) / jnp.mean(activations**2))
    assert ratio == pytest.approx(2.0, rel=5 * math.sqrt(2 / 4096))


@pytest.mark.parametrize(
    ("tie", "shape", "message"),
    [
        ("inputs", (3, 4), "`shape` must have an even number of tied inputs, got (3, 4)."),
        ("both", (3, 4), "`shape` must have an even number of tied inputs, got (3, 4)."),
        ("units", (4, 3), "`shape` must have an even number of tied units, got (4, 3)."),
    ],
)
def test_an_odd_tied_axis_is_refused(tie, shape, message):
    with pytest.raises(ValueError) as caught:
        tied_halves(weight_variance=1.0, tie=tie)(jax.random.key(0), shape)
    assert str(caught.value) == message
