"""Fans of every layer, counted on the layer itself, and laws drawn for them."""

import math
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import INITIALIZERS, Layout, fans, laid_out

SPATIAL = ("NHWC", "HWIO", "NHWC")


@dataclass(frozen=True)
class Layer:
    """A stored kernel, its layout, its input, and the layer that applies it."""

    name: str
    shape: tuple[int, ...]
    layout: Layout
    inputs: tuple[int, ...]
    apply: object = field(compare=False)


def convolution(groups=1, strides=(1, 1)):
    def apply(x, kernel):
        return jax.lax.conv_general_dilated(
            x, kernel, strides, "SAME", dimension_numbers=SPATIAL, feature_group_count=groups
        )

    return apply


def keras_depthwise(x, kernel):
    height, width, channels, multiplier = kernel.shape
    kernel = kernel.reshape(height, width, 1, channels * multiplier)
    return convolution(groups=channels)(x, kernel)


def transposed(strides):
    def apply(x, kernel):
        return jax.lax.conv_transpose(x, kernel, strides, "SAME", dimension_numbers=SPATIAL)

    return apply


def keras_transposed(strides):
    return lambda x, kernel: transposed(strides)(x, jnp.swapaxes(kernel, -1, -2))


IMAGE = (1, 16, 16)
TWO = (2, 2)
LAYERS = [
    Layer("dense", (12, 8), Layout(), (1, 12), lambda x, w: x @ w),
    Layer("convolution", (3, 5, 12, 8), Layout(), (*IMAGE, 12), convolution()),
    Layer("strided", (3, 4, 12, 8), Layout(strides=TWO), (*IMAGE, 12), convolution(strides=TWO)),
    Layer("grouped", (3, 5, 3, 8), Layout(groups=4), (*IMAGE, 12), convolution(groups=4)),
    Layer("depthwise of Flax", (3, 5, 1, 24), Layout(groups=12), (*IMAGE, 12), convolution(12)),
    Layer(
        "depthwise of Keras",
        (3, 5, 12, 2),
        Layout(in_axes=(), stack_axes=(-2,)),
        (*IMAGE, 12),
        keras_depthwise,
    ),
    Layer(
        "transposed of Flax",
        (4, 6, 12, 8),
        Layout(strides=TWO, transposed=True),
        (*IMAGE, 12),
        transposed(TWO),
    ),
    Layer(
        "transposed of Flax, three by three",
        (3, 3, 12, 8),
        Layout(strides=TWO, transposed=True),
        (*IMAGE, 12),
        transposed(TWO),
    ),
    Layer(
        "transposed of Keras",
        (4, 6, 8, 12),
        Layout(in_axes=(-1,), out_axes=(-2,), strides=TWO, transposed=True),
        (*IMAGE, 12),
        keras_transposed(TWO),
    ),
    Layer(
        "attention inwards",
        (12, 4, 5),
        Layout(in_axes=(0,), out_axes=(1, 2)),
        (1, 12),
        lambda x, w: jnp.einsum("bi,ihd->bhd", x, w),
    ),
    Layer(
        "attention outwards",
        (4, 5, 12),
        Layout(in_axes=(0, 1), out_axes=(2,)),
        (1, 4, 5),
        lambda x, w: jnp.einsum("bhd,hdo->bo", x, w),
    ),
    Layer(
        "stacked",
        (7, 12, 8),
        Layout(stack_axes=(0,)),
        (7, 12),
        lambda x, w: jnp.einsum("li,lio->lo", x, w),
    ),
]
EACH = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)


def interior(values):
    """Positions that no border touches, an even number along each axis."""
    return values[:, 3:-3, 3:-3] if values.ndim == 4 else values


@EACH
def test_fans_are_what_the_layer_itself_connects(layer):
    # Ones everywhere: an output counts what it reads, a gradient counts where an input goes.
    x, kernel = jnp.ones(layer.inputs), jnp.ones(layer.shape)
    fan_in, fan_out = fans(layer.shape, layer.layout)
    outputs = layer.apply(x, kernel)
    gradient = jax.grad(lambda x: layer.apply(x, kernel).sum())(x)
    # Exact: small whole numbers, summed in float64, over a whole number of strides.
    assert interior(np.asarray(outputs, np.float64)).mean() == fan_in
    assert interior(np.asarray(gradient, np.float64)).mean() == fan_out


@EACH
@pytest.mark.parametrize(
    ("name", "of_fans"),
    [("lecun_normal", lambda i, o: 1 / i), ("glorot_uniform", lambda i, o: 2 / (i + o))],
)
def test_a_law_draws_with_the_fans_of_the_layer(layer, name, of_fans):
    law = laid_out(INITIALIZERS[name](), layer.layout)
    keys = jax.random.split(jax.random.key(0), 400)
    kernels = np.asarray(jax.vmap(lambda key: law(key, layer.shape))(keys), np.float64)
    assert kernels.shape == (400, *layer.shape)
    # Kurtosis is at most 2.37: 5 standard errors are 3 % for the smallest kernel.
    tolerance = 5 * math.sqrt(1.37 / kernels.size)
    assert kernels.var() == pytest.approx(of_fans(*fans(layer.shape, layer.layout)), rel=tolerance)


@EACH
def test_the_signal_keeps_its_second_moment(layer):
    # LeCun's variance in a linear layer, of inputs whose squares are one: what fan-in is for.
    law = laid_out(INITIALIZERS["fan_in_normal"](1.0), layer.layout)
    key_inputs, key_kernels = jax.random.split(jax.random.key(1))
    x = jax.random.rademacher(key_inputs, layer.inputs, jnp.float32)
    num_kernels = 300

    def second_moment(key):
        return jnp.mean(interior(layer.apply(x, law(key, layer.shape))) ** 2)

    moments = jax.jit(jax.vmap(second_moment))(jax.random.split(key_kernels, num_kernels))
    each = np.asarray(moments, np.float64)
    # The standard error of a mean over independent kernels, 3 % or less.
    error = each.std() / math.sqrt(num_kernels)
    assert error < 0.03
    assert each.mean() == pytest.approx(1.0, abs=5 * error)


def test_the_default_layout_changes_nothing():
    law = INITIALIZERS["he_normal"]()
    plain, laid = (one(jax.random.key(0), (3, 3, 4, 8)) for one in (law, laid_out(law, Layout())))
    np.testing.assert_array_equal(plain, laid)


def test_a_law_of_jax_is_drawn_for_each_group():
    law = laid_out(jax.nn.initializers.orthogonal(), Layout(groups=4))
    kernel = np.asarray(law(jax.random.key(0), (1, 1, 8, 32)), np.float64)[0, 0]
    for group in np.split(kernel, 4, axis=-1):
        # Householder QR in float32.
        np.testing.assert_allclose(group.T @ group, np.eye(8), atol=1e-5)


def test_heads_of_attention_are_one_orthogonal_matrix():
    law = laid_out(INITIALIZERS["orthogonal"](), Layout(in_axes=(0,), out_axes=(1, 2)))
    kernel = np.asarray(law(jax.random.key(0), (32, 4, 8)), np.float64).reshape(32, 32)
    np.testing.assert_allclose(kernel.T @ kernel, np.eye(32), atol=1e-5)


@pytest.mark.parametrize(
    ("shape", "layout", "message"),
    [
        (
            (3, 4),
            {"in_axes": (2,)},
            "`shape` must have the axes (2, -1) of its layout, got (3, 4).",
        ),
        (
            (3, 4),
            {"in_axes": (1,)},
            "the axes (1, -1) of a layout must differ, for a shape (3, 4).",
        ),
        ((3, 4), {"groups": 3}, "`groups` = 3 must divide the outputs of (3, 4)."),
        ((3, 4), {"groups": 0}, "`groups` must be positive, got 0."),
        ((3, 4), {"strides": (2, 0)}, "`strides` must be positive, got (2, 0)."),
    ],
)
def test_what_does_not_fit_is_refused(shape, layout, message):
    with pytest.raises(ValueError) as caught:
        fans(shape, Layout(**layout))
    assert str(caught.value) == message
