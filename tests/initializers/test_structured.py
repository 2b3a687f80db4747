"""Laws that are no independent draws: what each keeps, counted and multiplied out."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.linalg
import scipy.special

from initlab.initializers import (
    Layout,
    delta_orthogonal,
    dirac,
    laid_out,
    random_walk,
    sparse,
    sparse_incoming,
    zero_hadamard,
)
from initlab.initializers.random_walk import random_walk_variance

EPS = float(np.finfo(np.float32).eps)
SHAPES = [(60, 40), (3, 3, 8, 40)]


def circular(images, kernel):
    """Convolves with padding that wraps around, window of odd or even size."""
    pads = [((size - 1) // 2, size // 2) for size in kernel.shape[:2]]
    padded = jnp.pad(images, [(0, 0), *pads, (0, 0)], mode="wrap")
    return jax.lax.conv_general_dilated(
        padded, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


@pytest.mark.parametrize("window", [(3, 3), (2, 4)])
def test_delta_orthogonal_keeps_the_length_of_an_image(window):
    images = jax.random.normal(jax.random.key(0), (5, 8, 8, 6))
    kernel = delta_orthogonal(gain=1.5)(jax.random.key(1), (*window, 6, 16))
    before, after = (
        jnp.linalg.norm(x.reshape(5, -1), axis=1) for x in (images, circular(images, kernel))
    )
    # Sums of 384 squares and an orthogonal matrix in float32.
    np.testing.assert_allclose(after / before, 1.5, rtol=100 * EPS)


@pytest.mark.parametrize("window", [(3, 3), (2, 4), (5,)])
def test_delta_orthogonal_lies_at_the_centre(window):
    kernel = np.asarray(delta_orthogonal()(jax.random.key(1), (*window, 6, 16)))
    centre = kernel[tuple((size - 1) // 2 for size in window)]
    assert np.count_nonzero(kernel) == np.count_nonzero(centre) == centre.size
    np.testing.assert_allclose(centre @ centre.T, np.eye(6), atol=10 * EPS)


def test_delta_orthogonal_that_narrows_keeps_the_length_of_a_gradient():
    images = jnp.zeros((5, 8, 8, 16))
    kernel = delta_orthogonal(gain=1.5)(jax.random.key(1), (3, 3, 16, 6))
    upstream = jax.random.normal(jax.random.key(0), (5, 8, 8, 6))
    _, pull = jax.vjp(lambda images: circular(images, kernel), images)
    (gradient,) = pull(upstream)
    before, after = (jnp.linalg.norm(x.reshape(5, -1), axis=1) for x in (upstream, gradient))
    np.testing.assert_allclose(after / before, 1.5, rtol=100 * EPS)


@pytest.mark.parametrize("size", [3, 4])
def test_dirac_passes_on_as_pytorch_pads(size):
    images = jax.random.normal(jax.random.key(0), (2, 7, 7, 4))
    half = size // 2
    convolved = jax.lax.conv_general_dilated(
        images,
        dirac()(jax.random.key(0), (size, size, 4, 4)),
        (1, 1),
        [(half, half), (half, half)],
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
    )
    np.testing.assert_array_equal(convolved[:, :7, :7], images)


@pytest.mark.parametrize(
    ("shape", "groups"), [((3, 3, 4, 6), 1), ((3, 3, 4, 6), 2), ((4, 4, 2, 12), 3)]
)
def test_dirac_counts_are_those_of_pytorch(shape, groups):
    *window, num_inputs, num_outputs = shape
    kernel = np.asarray(laid_out(dirac(), Layout(groups=groups))(jax.random.key(0), shape))
    # torch/test_init: min(Cout / g, Cin) * g ones, each at index size // 2 of the window.
    assert np.count_nonzero(kernel) == min(num_outputs // groups, num_inputs) * groups
    assert kernel.sum() == np.count_nonzero(kernel)
    centre = kernel[tuple(size // 2 for size in window)]
    assert centre.sum() == kernel.sum()
    for group, block in enumerate(np.split(centre, groups, axis=1)):
        np.testing.assert_array_equal(block, np.eye(num_inputs, num_outputs // groups), str(group))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("sparsity", "num_zeros"), [(0.0, 0), (0.31, 13), (0.5, 20), (1.0, 40)])
def test_sparse_leaves_each_input_its_number_of_zeros(shape, sparsity, num_zeros):
    kernel = sparse(sparsity, stddev=0.2)(jax.random.key(0), shape)
    zeros = np.asarray(kernel == 0).reshape(-1, shape[-1])
    # ceil(0.31 * 40) = 13; a Gaussian in float32 is not zero by itself, but once in 1e8.
    np.testing.assert_array_equal(zeros.sum(axis=1), num_zeros)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("connections", [1, 15, 100])
def test_sparse_incoming_leaves_each_unit_its_number_of_inputs(shape, connections):
    kernel = sparse_incoming(connections)(jax.random.key(0), shape)
    kept = np.asarray(kernel != 0).reshape(-1, shape[-1])
    np.testing.assert_array_equal(kept.sum(axis=0), min(connections, math.prod(shape[:-1])))


@pytest.mark.parametrize(
    ("law", "stddev", "share"),
    [(sparse(0.5, stddev=0.2), 0.2, 0.5), (sparse(0.5), 0.01, 0.5), (sparse_incoming(), 1, 0.25)],
)
def test_what_sparse_laws_keep_is_gaussian_and_anywhere(law, stddev, share):
    keys = jax.random.split(jax.random.key(2), 400)
    kernels = np.asarray(jax.vmap(lambda key: law(key, (60, 40)))(keys), np.float64)
    kept = kernels[kernels != 0]
    assert kept.var() == pytest.approx(stddev**2, rel=5 * math.sqrt(2 / kept.size))
    assert kept.mean() == pytest.approx(0, abs=5 * stddev / math.sqrt(kept.size))
    # Each of 2,400 places is kept in a binomial number of the draws: 5.5 standard errors.
    error = math.sqrt(share * (1 - share) / len(keys))
    np.testing.assert_allclose((kernels != 0).mean(axis=0), share, atol=5.5 * error)


def test_sparse_incoming_keeps_its_scale_at_every_width():
    law = sparse_incoming(connections=15, stddev=0.5)
    for fan_in in (50, 400):
        x = jax.random.rademacher(jax.random.key(0), (fan_in,), jnp.float32)
        preactivations = np.asarray(x @ law(jax.random.key(1), (fan_in, 20_000)), np.float64)
        # Each is Gaussian of variance 15 / 4, for squares of one.
        assert np.mean(preactivations**2) == pytest.approx(3.75, rel=5 * math.sqrt(2 / 20_000))


def log_growth(law, width, activation):
    """Mean and standard error of ln |x W|^2 / |x|^2 over 40,000 layers of Gaussian input."""
    key_x, key_w = jax.random.split(jax.random.key(0))
    xs = jax.random.normal(key_x, (40_000, width))
    keys = jax.random.split(key_w, 40_000)

    def growth(x, key):
        after = activation(x) @ law(key, (width, width))
        return jnp.log(jnp.sum(after**2)) - jnp.log(jnp.sum(x**2))

    each = np.asarray(jax.jit(jax.vmap(growth))(xs, keys), np.float64)
    return each.mean(), each.std() / math.sqrt(each.size)


@pytest.mark.parametrize("width", [3, 10, 100, 1000])
def test_gain_of_a_linear_random_walk_is_the_length_that_a_gaussian_matrix_takes(width):
    """The mean logarithm of chi squared over N is psi(N/2) - log(N/2), to 1 / 3N^2 minus 1/N."""
    taken = math.log(width / 2) - scipy.special.digamma(width / 2)
    given = math.log(random_walk_variance("linear", width) * width)
    assert taken - 1 / (3 * width**2) <= given + 1e-12
    assert given <= taken


def test_the_length_of_a_linear_signal_walks_without_drift():
    width = 16
    mean, error = log_growth(random_walk("linear"), width, lambda x: x)
    # E ln(chi^2_N / N) = -1/N - 1/(3 N^2) + ..., of which the gain makes up for the first.
    drift = -1 / (3 * width**2)
    assert abs(drift) < error < 1 / width / 10
    assert mean == pytest.approx(drift, abs=5 * error)


@pytest.mark.parametrize("width", [16, 32])
def test_the_length_of_a_rectified_signal_walks_with_little_drift(width):
    mean, error = log_growth(random_walk("relu"), width, jax.nn.relu)
    # The gain is a fit to simulations: within a fifth of the 2.4 / N that it makes up for.
    assert error < 0.1 / width
    assert mean == pytest.approx(0, abs=0.2 * 2.4 / width + 5 * error)


@pytest.mark.parametrize("shape", [(3, 5), (5, 8), (1, 2), (100, 128), (7, 129)])
def test_zero_hadamard_that_widens_is_the_corner_of_a_hadamard_matrix(shape):
    num_inputs, num_outputs = shape
    size = 2 ** math.ceil(math.log2(num_outputs))
    corner = scipy.linalg.hadamard(size)[:num_inputs, :num_outputs] / math.sqrt(size)
    kernel = zero_hadamard()(jax.random.key(0), shape)
    np.testing.assert_allclose(kernel, corner, rtol=2 * EPS)
    if size == num_outputs:
        rotated = np.asarray(kernel, np.float64)
        np.testing.assert_allclose(rotated @ rotated.T, np.eye(num_inputs), atol=4 * EPS)


@pytest.mark.parametrize("shape", [(4, 4), (9, 4)])
def test_zero_hadamard_that_does_not_widen_is_the_partial_identity(shape):
    np.testing.assert_array_equal(zero_hadamard()(jax.random.key(0), shape), np.eye(*shape))


def test_zero_hadamard_of_a_convolution_lies_at_its_centre():
    kernel = np.asarray(zero_hadamard()(jax.random.key(0), (4, 5, 4, 8)))
    dense = np.asarray(zero_hadamard()(jax.random.key(0), (4, 8)))
    np.testing.assert_array_equal(kernel[1, 2], dense)
    assert np.count_nonzero(kernel) == dense.size
