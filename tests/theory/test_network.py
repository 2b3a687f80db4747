"""Predictions site by site, against closed forms and against networks drawn in NumPy."""

import math
from itertools import pairwise

import numpy as np
import pytest

from initlab.analysis.verdicts import rectifier_increment
from initlab.architectures.layers import Activation, Convolution, Dense, Pool
from initlab.spec.laws import Gained
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


def rotated(phi, widths, gain=1.0):
    rotation = Gained(name="orthogonal", gain=gain)
    walked = [part for width in widths[1:] for part in (Activation(phi), Dense(width, rotation))]
    return predict_sites(walked[1:], white_inputs(widths[0]))


def scatters(sites):
    return [site[4:] for site in sites]


def test_an_orthogonal_linear_network_does_not_scatter_where_it_keeps_lengths():
    # To the root of what rounding leaves of a variance.
    found = scatters(rotated("identity", [64, 64, 64, 64]))
    assert np.array(found) == pytest.approx(np.zeros((3, 2)), abs=1e-7)


def test_what_an_orthogonal_kernel_leaves_out_of_a_direction_scatters():
    # 32 of 64 coordinates of a direction hold half of it but for 2 / 32 - 2 / 64 of relative
    # variance; the next 32 all of that. On its way back a gradient loses nothing.
    half = math.sqrt(math.log1p(1 / 32))
    found = scatters(rotated("identity", [64, 32, 32]))
    assert np.array(found) == pytest.approx(np.array([(half, 0.0)] * 2), abs=1e-7)
    found = scatters(rotated("identity", [32, 32, 64]))
    assert np.array(found) == pytest.approx(np.array([(0.0, half), (0.0, 0.0)]), abs=1e-7)


@pytest.mark.parametrize("width", [32, 128])
def test_after_an_orthogonal_kernel_units_are_coordinates_of_a_direction(width):
    # Of mean square 1 each, in so many dimensions: a density on -1 to 1.
    u = np.linspace(-1, 1, 200_001)[1:-1]
    density = np.exp((width - 3) / 2 * np.log1p(-(u**2)))
    density /= density.sum()
    square = density @ np.tanh(math.sqrt(width) * u) ** 2
    slope = density @ (1 - np.tanh(math.sqrt(width) * u) ** 2) ** 2
    one, two = rotated("tanh", [width] * 3)
    assert two.preactivation_second_moment == pytest.approx(square, rel=4 / width**2)
    assert one.preactivation_gradient_second_moment == pytest.approx(slope, rel=4 / width**2)
    gaussian = predicted("tanh", [Dense(width, 1.0)] * 2, **INPUTS)
    assert gaussian[1].preactivation_second_moment != pytest.approx(square, rel=8 / width**2)


def test_what_goes_along_with_a_given_mean_square_is_no_scatter_of_a_gradient():
    z = np.linspace(-12, 12, 200_001)
    mass = np.exp(-(z**2) / 2) / np.exp(-(z**2) / 2).sum()
    squares = (1 - np.tanh(z) ** 2) ** 2
    second = mass @ squares
    kurtosis = mass @ squares**2 / second**2
    elasticity = (mass @ (squares * z**2) / second - 1) / 2
    assert 2 * elasticity**2 > 0.2
    one = scatters(rotated("tanh", [100] * 3))[0]
    expected = math.log1p((3 * kurtosis - 3 - 2 * elasticity**2) / 100)
    assert one[1] ** 2 == pytest.approx(expected, rel=1e-6)


def test_an_orthogonal_rectifier_scatters_by_three_over_the_width_a_layer():
    # Of independent weights 5: 2 are those of a mean square that rotations keep.
    step = math.log1p(3 / 100)
    found = scatters(rotated("relu", [100] * 6, math.sqrt(2)))
    expected = [(math.sqrt(layer * step), math.sqrt((4 - layer) * step)) for layer in range(5)]
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-9)
    _, variance = rectifier_increment(100, orthogonal=True)
    assert step == pytest.approx(variance, rel=10 / 100)  # the exact one; the next order is left


@pytest.mark.parametrize(
    ("phi", "function", "slope"),
    [
        ("tanh", np.tanh, lambda h: 1 - np.tanh(h) ** 2),
        ("relu", lambda h: np.maximum(h, 0), lambda h: (h > 0) * 1.0),
    ],
)
def test_scatter_of_orthogonal_kernels_is_that_of_drawn_networks(phi, function, slope):
    widths, gain, number = [64, 48, 64, 64, 32], 1.5, 1500
    rng = np.random.default_rng(0)
    forward, backward = np.empty((2, number, len(widths) - 1))
    for seed in range(number):
        hidden, kernels, a = [], [], np.ones(widths[0])
        for rows, columns in pairwise(widths):
            q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
            kernel = gain * q * np.sign(np.diagonal(r))
            kernels.append(kernel if rows >= columns else kernel.T)
            hidden.append(a @ kernels[-1])
            a = function(hidden[-1])
        gradient = rng.normal(size=widths[-1])
        gradient /= math.sqrt((gradient**2).mean())
        for layer in reversed(range(len(hidden))):
            forward[seed, layer] = (hidden[layer] ** 2).mean()
            backward[seed, layer] = (gradient**2).mean()
            if layer:
                gradient = (kernels[layer] @ gradient) * slope(hidden[layer - 1])
    found = np.array(scatters(rotated(phi, widths, gain)))
    measured = np.stack([np.log(forward).std(axis=0), np.log(backward).std(axis=0)], axis=1)
    # Of a deviation of n numbers 1 / sqrt(2 n), five of them; and one order further in 1 / width.
    tolerance = 5 / math.sqrt(2 * number) + len(hidden) / 48 / 4
    assert measured == pytest.approx(found, rel=tolerance, abs=1e-12)


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
