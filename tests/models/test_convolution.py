"""The convolution of compiled loops against the native one and a sum over taps by hand."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax import lax

from initlab.models.convolution import CANONICAL, MOST_APART, convolution

# The forms that families have are in test_compiled_loops.py.
VARIANTS = [
    *itertools.product([1, 2, 3, 5], [1, 2, 4], ["SAME", "VALID"], [1], [1]),
    *itertools.product([3], [1, 2], ["SAME", "VALID"], [2], [1, 2]),
    *itertools.product([1, 3], [1, 2], ["SAME", ((0, 2), (3, 1))], [1], [2, 4]),
    (7, 2, ((3, 3), (3, 3)), 1, 1),
    (11, 4, "VALID", 1, 1),
]


def arrays(size, taps, groups, batch=3, inputs=4, outputs=8):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, *size, inputs)).astype(np.float32)
    kernel = rng.standard_normal((taps, taps, inputs // groups, outputs)).astype(np.float32)
    return jnp.asarray(x), jnp.asarray(kernel)


def native(x, kernel, strides, padding, dilation, groups):
    return lax.conv_general_dilated(
        x,
        kernel,
        strides,
        padding,
        rhs_dilation=dilation,
        dimension_numbers=CANONICAL,
        feature_group_count=groups,
    )


@pytest.mark.parametrize(("taps", "stride", "padding", "dilation", "groups"), VARIANTS)
def test_values_and_gradients_are_those_of_the_native_convolution(
    taps, stride, padding, dilation, groups
):
    x, kernel = arrays((12, 13), taps, groups)  # an even side and an odd one
    strides, dilations = (stride, stride), (dilation, dilation)

    def of_native(x, w):
        return native(x, w, strides, padding, dilations, groups)

    def own(x, w):
        return convolution(
            x, w, strides, padding, rhs_dilation=dilations, feature_group_count=groups
        )

    shape = jax.eval_shape(of_native, x, kernel).shape
    assert jax.eval_shape(own, x, kernel).shape == shape
    slope = jax.random.normal(jax.random.key(1), shape)

    @jax.jit
    def both(x, w, slope):
        return [(y, *pull(slope)) for y, pull in (jax.vjp(own, x, w), jax.vjp(of_native, x, w))]

    for given, expected in zip(*both(x, kernel, slope), strict=True):
        # Sums of at most 3 x 12 x 13 products, in whatever order: float32's rounding of each.
        assert np.max(np.abs(given - expected)) <= 500 * 2**-24 * np.max(np.abs(expected))


def test_a_value_is_the_sum_over_taps():
    x, kernel = arrays((6, 7), 3, 1)
    given = convolution(x, kernel, (2, 1), ((1, 0), (2, 1)), rhs_dilation=(1, 2))
    padded = np.pad(x, ((0, 0), (1, 0), (2, 1), (0, 0)))
    expected = sum(
        padded[:, 2 + row, 3 + 2 * column] @ kernel[row, column]
        for row in range(3)
        for column in range(3)
    )
    np.testing.assert_allclose(given[:, 1, 3], expected, rtol=1e-5, atol=1e-5)


def test_a_layer_of_flax_takes_it_and_pads_in_a_circle():
    def layer(**own):
        rngs = nnx.Rngs(0)
        return nnx.Conv(2, 5, (3, 3), padding="CIRCULAR", strides=2, rngs=rngs, **own)

    x = jax.random.normal(jax.random.key(1), (2, 9, 8, 2))
    given = jax.grad(lambda x: jnp.sum(layer(conv_general_dilated=convolution)(x) ** 2))(x)
    expected = jax.grad(lambda x: jnp.sum(layer()(x) ** 2))(x)
    np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "asked",
    [
        {"lhs_dilation": (2, 2)},
        {"precision": lax.Precision.HIGH},
        {"dimension_numbers": ("NCHW", "OIHW", "NCHW")},
    ],
)
def test_what_it_does_not_take_is_refused(asked):
    x, kernel = arrays((8, 8), 3, 1)
    with pytest.raises(ValueError, match=r"use `jax\.lax\.conv_general_dilated`"):
        convolution(x, kernel, (1, 1), "SAME", **asked)


def test_groups_beyond_those_that_are_computed_one_by_one_have_the_same_gradients():
    groups = MOST_APART + 1
    x, kernel = arrays((5, 6), 3, groups, inputs=groups, outputs=2 * groups)

    def own(x, w):
        return convolution(x, w, (1, 1), "SAME", feature_group_count=groups)

    def of_native(x, w):
        return native(x, w, (1, 1), "SAME", (1, 1), groups)

    found, expected = (jax.vjp(each, x, kernel) for each in (own, of_native))
    slope = jax.random.normal(jax.random.key(1), expected[0].shape)
    for mine, other in zip(
        (found[0], *found[1](slope)), (expected[0], *expected[1](slope)), strict=True
    ):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-5)
