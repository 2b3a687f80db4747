"""Networks drawn at finite width from the same descriptions that theory walks through."""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from scipy.stats import norm

from initlab.activations import ACTIVATIONS
from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Norm,
    Pool,
    Residual,
)
from initlab.theory.places import taps


class Measured(NamedTuple):
    """Of each network and layer, `[network, layer]`.

    Mean square, mean product of two inputs, mean square of the gradient, and the mean square of the
    first input and of its gradient alone.
    """

    square: np.ndarray
    product: np.ndarray
    gradient: np.ndarray
    first_square: np.ndarray
    first_gradient: np.ndarray


def orthogonal_inputs(size, correlation):
    """Returns two inputs whose places are exactly uncorrelated, of mean square 1, channels last."""
    places = math.prod(size)
    channels = 2 * places
    axes = np.linalg.qr(np.random.default_rng(0).normal(size=(channels, channels)))[0]
    one, two = axes[:places], axes[places:]
    two = correlation * one + math.sqrt(1 - correlation**2) * two
    return math.sqrt(channels) * np.stack([one, two]).reshape(2, *size, channels)


def draw(layers, inputs, networks):
    """Draws networks, and measures each layer's output in the order in which theory tells them."""
    x = jnp.asarray(inputs, jnp.float32)
    counted = Numbers(jax.ShapeDtypeStruct((10**8,), jnp.float32))
    kinds = jax.eval_shape(lambda flat: through(layers, x, counted.of(flat), None)[1], counted.flat)
    slots = [jnp.zeros(kind.shape) for kind in kinds]

    def one(flat):
        numbers = Numbers(flat)
        y, back, outputs = jax.vjp(
            lambda added: through(layers, x, numbers, list(added)), slots, has_aux=True
        )
        (slopes,) = back(numbers.take(y.shape))
        return [measured(*pair) for pair in zip(outputs, slopes, strict=True)]

    total = counted.used + math.prod(kinds[-1].shape)
    drawn = np.random.default_rng(0).standard_normal((networks, total), np.float32)
    rows = jax.jit(lambda drawn: lax.map(one, drawn))(drawn)
    return Measured(*np.array(rows, float).transpose(1, 2, 0))


class Numbers:
    """Standard normal numbers that are taken one after the other: compiling draws takes longer."""

    def __init__(self, flat):
        self.flat, self.used = flat, 0

    def of(self, flat):
        self.flat = flat
        return self

    def take(self, shape):
        first, self.used = self.used, self.used + math.prod(shape)
        return self.flat[first : self.used].reshape(shape)


def measured(values, slopes):
    """Returns what is measured of one layer's output and of the gradient there."""
    flat = values.reshape(len(values), -1)
    number, total = len(flat), (flat.sum(axis=0) ** 2).mean()
    square = (flat**2).mean()
    product = (total - number * square) / (number * (number - 1))
    return square, product, (slopes**2).mean(), (flat[0] ** 2).mean(), (slopes[0] ** 2).mean()


def through(layers, x, numbers, slots):
    """Returns what layers make of `x`, and the output of each, a slot added to it."""
    outputs = []
    for layer in layers:
        if isinstance(layer, Residual):
            branch, inner = through(layer.branch, x, numbers, slots)
            shortcut, beside = through(layer.shortcut, x, numbers, slots)
            x, outputs = shortcut + layer.scale * branch, outputs + inner + beside
        else:
            x = applied(layer, x, numbers)
        x = x if slots is None else x + slots.pop(0)
        outputs.append(x)
    return x, outputs


def applied(layer, x, numbers):
    """Returns one layer's output, its weights drawn from a Gaussian."""
    axes = tuple(range(1, x.ndim))
    match layer:
        case Dense(width, weights, biases):
            flat = x.reshape(len(x), -1)
            return flat @ kernel_of(numbers, (flat.shape[1], width), weights) + shifts(
                numbers, width, biases
            )
        case Convolution(channels, weights, biases, window):
            shape = (*window, x.shape[-1] // layer.groups, channels)
            kernel = kernel_of(numbers, shape, weights)
            return convolved(layer, x, kernel) + shifts(numbers, channels, biases)
        case Activation(phi):
            return ACTIVATIONS[phi].function(x) if isinstance(phi, str) else phi(x)
        case Dropout(rate):
            return x * (numbers.take(x.shape) > norm.ppf(rate)) / (1 - rate)
        case Pool("global"):
            return x.mean(axis=axes[:-1])
        case Pool(kind, window, strides, padding):
            least = -jnp.inf if kind == "max" else 0.0
            patches, size = windows(x, window, strides or window, padding, least)
            pooled = patches.max(axis=2) if kind == "max" else patches.mean(axis=2)
            return pooled.reshape(len(x), *size, x.shape[-1])
        case Norm("batch"):
            return standardized(x, (0, *axes[:-1]))
        case Norm("layer"):
            return standardized(x, (x.ndim - 1,))
        case Norm("group", groups):
            split = x.reshape(*x.shape[:-1], groups, -1)
            return standardized(split, (*axes[:-1], x.ndim)).reshape(x.shape)


def convolved(layer, x, kernel):
    """Returns XLA's convolution, which knows nothing of what theory says that windows meet."""
    axes = len(layer.window)
    strides, dilation = layer.strides or (1,) * axes, layer.dilation or (1,) * axes
    padding = layer.padding
    if padding == "CIRCULAR":
        reach = [(taps - 1) * apart + 1 for taps, apart in zip(layer.window, dilation, strict=True)]
        wrapped = lax.padtype_to_pads(x.shape[1:-1], reach, strides, "SAME")
        x, padding = jnp.pad(x, [(0, 0), *wrapped, (0, 0)], mode="wrap"), "VALID"
    elif isinstance(padding, int):
        padding = [(padding, padding)] * axes
    letters = "HW"[:axes]
    return lax.conv_general_dilated(
        x,
        kernel,
        strides,
        padding,
        rhs_dilation=dilation,
        dimension_numbers=(f"N{letters}C", f"{letters}IO", f"N{letters}C"),
        feature_group_count=layer.groups,
    )


def windows(x, window, strides, padding, outside=0.0):
    """Returns what each window meets, `(input, place, tap, channel)`, and the output's size."""
    met, size = taps(x.shape[1:-1], window, strides, padding)
    flat = x.reshape(len(x), -1, x.shape[-1])
    return jnp.pad(flat, ((0, 0), (0, 1), (0, 0)), constant_values=outside)[:, met.T], size


def kernel_of(numbers, shape, weight_variance):
    return numbers.take(shape) * math.sqrt(weight_variance / math.prod(shape[:-1]))


def shifts(numbers, width, bias_variance):
    return numbers.take((width,)) * math.sqrt(bias_variance)


def standardized(x, axes):
    centred = x - x.mean(axis=axes, keepdims=True)
    return centred / jnp.sqrt((centred**2).mean(axis=axes, keepdims=True))
