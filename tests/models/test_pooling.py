"""Pooling against XLA's own windows, ties and padding included, and against numbers by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from initlab.models.pooling import global_mean_pool, max_pool, mean_pool, norm_pool

VARIANTS = [
    ((2, 2), (2, 2), "VALID"),
    ((3, 3), (2, 2), "VALID"),
    ((3, 3), (2, 2), "SAME"),
    ((3, 3), (2, 2), ((1, 1), (1, 1))),
    ((3, 3), (1, 1), ((1, 1), (1, 1))),
    ((1, 1), (2, 2), "VALID"),
    ((2, 3), (1, 2), ((1, 0), (0, 2))),
    ((3, 3), (3, 3), "VALID"),
    ((5, 5), (3, 3), "VALID"),
]


def native(x, window, strides, padding, outside, reducer):
    pads = padding if isinstance(padding, str) else ((0, 0), *padding, (0, 0))
    return lax.reduce_window(x, outside, reducer, (1, *window, 1), (1, *strides, 1), pads)


def images(ties):
    values = np.random.default_rng(0).standard_normal((2, 7, 8, 3)).astype(np.float32)
    return jnp.asarray(np.round(values) if ties else values)


def gradients(own, other, x):
    shape = jax.eval_shape(other, x).shape
    slope = jax.random.normal(jax.random.key(1), shape)

    @jax.jit
    def both(x, slope):
        return [(y, *pull(slope)) for y, pull in (jax.vjp(own, x), jax.vjp(other, x))]

    return zip(*both(x, slope), strict=True)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(("window", "strides", "padding"), VARIANTS)
def test_the_largest_values_and_their_gradient_are_xla_s(window, strides, padding, ties):
    pairs = gradients(
        lambda x: max_pool(x, window, strides, padding),
        lambda x: native(x, window, strides, padding, -jnp.inf, lax.max),
        images(ties),
    )
    for given, expected in pairs:
        np.testing.assert_allclose(given, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("window", "strides", "padding"), VARIANTS)
def test_means_and_norms_are_sums_over_windows(window, strides, padding):
    def mean(x):
        return native(x, window, strides, padding, 0.0, lax.add) / np.prod(window)

    def norm(x):
        return jnp.sqrt(native(x * x, window, strides, padding, 0.0, lax.add))

    for own, other in ((mean_pool, mean), (norm_pool, norm)):
        pairs = gradients(
            lambda x, own=own: own(x, window, strides, padding), other, images(ties=False)
        )
        for given, expected in pairs:
            np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-6)


def test_a_norm_of_zeros_has_no_gradient_and_a_mean_over_all_is_one():
    x = jnp.zeros((1, 4, 4, 1))
    assert not np.asarray(jax.grad(lambda x: jnp.sum(norm_pool(x, (2, 2), (2, 2))))(x)).any()
    assert norm_pool(x + 3.0, (2, 2), (2, 2)).ravel() == pytest.approx([6.0] * 4)
    assert global_mean_pool(images(ties=False)) == pytest.approx(
        np.asarray(images(ties=False)).mean(axis=(1, 2)), abs=1e-6
    )


def test_a_window_that_does_not_fit_is_named_with_the_image():
    with pytest.raises(ValueError, match="window of 3 x 3 does not fit into an image of 2 x 9"):
        max_pool(jnp.zeros((1, 2, 9, 1)), (3, 3), (2, 2))
