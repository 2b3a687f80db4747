"""Predictions site by site, against closed forms and against networks drawn in NumPy."""

import math

import numpy as np
import pytest

from initlab.architectures.layers import Activation, Convolution, Dense, Pool
from initlab.theory import predict_dense, relative_scatter
from initlab.theory.inputs import white_inputs
from initlab.theory.network import predict_sites

INPUTS = {"input_second_moment": 1.0, "input_correlation": 0.5}


def predicted(phi, layers, *, input_second_moment, input_correlation):
    inputs = white_inputs(1, second_moment=input_second_moment, correlation=input_correlation)
    walked = [part for layer in layers for part in (Activation(phi), layer)][1:]
    return predict_sites(walked, inputs)


def test_equal_layers_are_those_of_predict_dense():
    layers = [Dense(100, 1.5, 0.05)] * 6
    known = predict_dense(
        "tanh", depth=6, weight_variance=1.5, bias_variance=0.05, width=100, **INPUTS
    )
    for site, row in zip(predicted("tanh", layers, **INPUTS), known, strict=True):
        shared = [
            "preactivation_second_moment",
            "batch_correlation",
            "preactivation_gradient_second_moment",
            "preactivation_second_moment_scatter",
            "preactivation_gradient_second_moment_scatter",
        ]
        for name in shared:
            assert getattr(site, name) == pytest.approx(getattr(row, name), rel=1e-12), name


def test_scatter_is_that_of_layers_below_and_of_the_layer_s_own_units():
    rows = predict_dense("tanh", depth=6, weight_variance=1.5, bias_variance=0.05, width=100)
    first = rows[0].preactivation_second_moment
    below = [0.0, *relative_scatter("tanh", [100] * 5, 1.5, 0.05, first)]
    for row, relative in zip(rows, below, strict=True):
        own = math.sqrt(math.log1p(relative + 0.02 * (1 + relative)))
        assert row.preactivation_second_moment_scatter == pytest.approx(own, rel=1e-12)


def test_each_layer_has_its_own_fans():
    first, hidden, readout = (
        Dense(128, 4.0),
        Dense(128, 2.0, 0.5),
        Dense(10, 1.0),
    )
    one, two, last = predicted("relu", [first, hidden, readout], **INPUTS)
    squares = [site.preactivation_second_moment for site in (one, two, last)]
    assert squares == pytest.approx([4.0, 4.5, 2.25], rel=1e-12)
    assert [one.activation_second_moment, two.activation_second_moment] == pytest.approx([2, 2.25])
    assert math.isnan(last.activation_second_moment)
    gradients = [site.preactivation_gradient_second_moment for site in (one, two, last)]
    assert gradients == pytest.approx([5 / 128, 5 / 128, 1.0], rel=1e-12)
    spread = [site.preactivation_gradient_second_moment_scatter for site in (one, two, last)]
    step = math.log1p(5 / 128)
    assert spread == pytest.approx([math.sqrt(2 * step), math.sqrt(step), 0.0], rel=1e-9)


def test_scatter_is_that_of_drawn_networks():
    width, depth, number = 64, 6, 2000
    rng = np.random.default_rng(0)
    forward = np.empty((number, depth))
    backward = np.empty((number, depth))
    for seed in range(number):
        kernels = rng.normal(size=(depth, width, width)) * math.sqrt(2 / width)
        h, a = [], np.ones(width)
        for kernel in kernels:
            h.append(a @ kernel)
            a = np.maximum(h[-1], 0)
        gradient = rng.normal(size=width)
        gradient /= math.sqrt((gradient**2).mean())
        forward[seed] = [(x**2).mean() for x in h]
        backward[seed, -1] = 1.0
        for layer in range(depth - 2, -1, -1):
            gradient = (kernels[layer + 1] @ gradient) * (h[layer] > 0)
            backward[seed, layer] = (gradient**2).mean()
    layers = [Dense(width, 2.0)] * depth
    found = predicted("relu", layers, input_second_moment=1.0, input_correlation=1.0)
    for layer, site in enumerate(found):
        for measured, mean, scatter in (
            (
                forward[:, layer],
                site.preactivation_second_moment,
                site.preactivation_second_moment_scatter,
            ),
            (
                backward[:, layer],
                site.preactivation_gradient_second_moment,
                site.preactivation_gradient_second_moment_scatter,
            ),
        ):
            # Five standard errors of a mean; of the deviation of logarithms 1 / sqrt(2 n), and
            # what is beyond first order in depth / width, here 6 * 5 / 64 / 4.
            error = 5 * math.sqrt(math.expm1(scatter**2) / number)
            assert measured.mean() == pytest.approx(mean, rel=error + 1e-12)
            tolerance = 5 / math.sqrt(2 * number) + 0.12
            assert np.log(measured).std() == pytest.approx(scatter, rel=tolerance, abs=1e-12)


def test_what_leaves_single_precision_or_theory_is_not_a_number():
    layers = [Dense(128, 128.0)] * 50
    rows = predicted("relu", layers, **INPUTS)
    squares = [row.preactivation_second_moment for row in rows]
    assert squares[40] == pytest.approx(128.0 * 64.0**40, rel=1e-9)
    assert math.isnan(squares[41])
    assert math.isnan(rows[0].preactivation_gradient_second_moment)
    assert rows[-1].preactivation_gradient_second_moment == 1.0


def test_gradients_are_told_over_that_at_the_last_site_though_a_pool_follows_it():
    layers = [Convolution(8, 2.0), Activation("relu"), Convolution(4, 1.0), Pool("global")]
    inputs = white_inputs(2, size=(4, 4), second_moment=1.0, correlation=0.0)
    last = predict_sites(layers, inputs)[-1]
    assert last.preactivation_gradient_second_moment == pytest.approx(1.0, rel=1e-12)
