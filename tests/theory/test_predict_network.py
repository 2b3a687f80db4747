"""What theory expects of networks of all kinds of layers, against networks that are drawn."""

import math

import numpy as np
import pytest

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Norm,
    Pool,
    Residual,
)
from initlab.spec.laws import Normal, PlainLaw
from initlab.theory.inputs import inputs_like, white_inputs
from initlab.theory.layer_factors import max_pool_moments
from initlab.theory.pooling import SAMPLES
from initlab.theory.predict import predict_network
from tests.theory.drawn_networks import draw, orthogonal_inputs

RELU, TANH = Activation("relu"), Activation("tanh")
READOUT = Dense(48, 1.0)
SIZE, CORRELATION, NETWORKS = (4, 4), 0.4, 100


def conv(weights=2.0, biases=0.0, **others):
    return Convolution(48, weights, biases, **others)


def block(**others):
    return Residual((RELU, conv(), RELU, conv(1.0)), **others)


NETS = {
    "zero padding": [conv(), RELU, conv(), RELU, READOUT],
    "strides, no padding and a circle": [
        conv(1.5, 0.1, window=(4, 3)),
        TANH,
        conv(1.5, 0.1, window=(3, 2), padding="CIRCULAR", strides=(1, 2)),
        TANH,
        conv(1.5, 0.1, window=(2, 2), padding="VALID", strides=(2, 1)),
        TANH,
        READOUT,
    ],
    "dilation": [
        conv(1.5, 0.1, dilation=(2, 1)),
        TANH,
        conv(1.5, 0.1, window=(2, 2), padding="VALID", dilation=(2, 2)),
        TANH,
        READOUT,
    ],
    "a border of zeros": [
        conv(1.5, 0.1, padding=2),
        TANH,
        conv(1.5, 0.1, window=(2, 3), padding=1, strides=(2, 2)),
        TANH,
        READOUT,
    ],
    "groups of channels": [
        conv(),
        RELU,
        conv(2.0, 0.1, groups=3),
        RELU,
        conv(1.5, 0.1, groups=2, padding="CIRCULAR"),
        RELU,
        READOUT,
    ],
    "a window for each channel": [conv(), RELU, conv(groups=48), RELU, conv(), RELU, READOUT],
    "averages": [conv(), RELU, Pool("average"), conv(), RELU, Pool("global"), READOUT],
    "averages of overlapping windows": [
        conv(),
        Pool("average", (3, 3), (1, 1), "SAME"),
        RELU,
        conv(),
        RELU,
        READOUT,
    ],
    "maxima": [conv(), TANH, Pool("max"), conv(), RELU, Pool("max", (2, 2), (1, 1)), READOUT],
    "blocks": [conv(), block(scale=0.7), block(), RELU, Pool("global"), READOUT],
    "a block that halves the image": [
        conv(),
        Residual(
            (RELU, conv(strides=(2, 2)), RELU, conv()),
            (conv(1.0, window=(1, 1), strides=(2, 2)),),
        ),
        RELU,
        READOUT,
    ],
    "dropout": [conv(), RELU, Dropout(0.3), conv(), Dense(64, 2.0), RELU, Dropout(0.5), READOUT],
}


def bounds(values):
    """Returns the mean over networks and by how much it may miss theory.

    Five standard errors, and the square of the networks' own relative scatter: what a smooth
    function's mean differs by, to second order, from the function of the mean.
    """
    mean, scatter = values.mean(axis=0), values.std(axis=0, ddof=1)
    return mean, 5 * scatter / math.sqrt(len(values)) + scatter**2 / np.abs(mean)


def compare(rows, found, slack=0.0):
    """Compares mean squares, products and gradients layer by layer; `slack` is relative."""
    squares = np.array([row.second_moment for row in rows])
    gradients = np.array([row.gradient_second_moment for row in rows])
    products = squares * [row.batch_correlation for row in rows]
    expected = {
        "square": (squares, squares),
        "product": (products, squares),
        "gradient": (gradients, gradients),
    }
    for name, (column, scale) in expected.items():
        mean, error = bounds(getattr(found, name))
        assert np.isfinite(column).all(), name
        missed = np.abs(mean - column) / (error + slack * scale + 1e-6 * scale)
        assert (missed <= 1).all(), (name, missed.tolist())


@pytest.mark.parametrize("name", NETS)
def test_moments_are_those_of_drawn_networks(name):
    layers, inputs = NETS[name], orthogonal_inputs(SIZE, CORRELATION)
    rows = predict_network(layers, white_inputs(inputs.shape[-1], SIZE, correlation=CORRELATION))
    # Maxima are sampled by theory: five standard errors of a mean square of a few relative units.
    slack = 10 / math.sqrt(SAMPLES) if name == "maxima" else 0.0
    compare(rows, draw(layers, inputs, NETWORKS), slack)


def test_one_axis_is_enough():
    layers = [Convolution(64, 2.0, window=(3,)), RELU, Pool("max", (2,)), Dense(64, 1.0)]
    inputs = orthogonal_inputs((12,), CORRELATION)
    rows = predict_network(layers, white_inputs(24, (12,), correlation=CORRELATION))
    compare(rows, draw(layers, inputs, NETWORKS), 10 / math.sqrt(SAMPLES))


def test_images_have_the_moments_that_are_measured_of_them():
    rng = np.random.default_rng(1)
    rough = rng.normal(size=(2, *SIZE, 48))
    images = 0.5 + rough + np.roll(rough, 1, axis=1) + np.roll(rough, 1, axis=2)
    images /= np.sqrt((images**2).mean(axis=(1, 2, 3), keepdims=True))
    layers = [conv(1.0), TANH, Pool("average"), conv(1.5), TANH, Pool("global"), READOUT]
    # Of two images that differ a little, one over the root of the channels, each has its moments.
    compare(predict_network(layers, inputs_like(images)), draw(layers, images, NETWORKS), 1 / 48)


@pytest.mark.parametrize("kind", ["layer", "group"])
def test_normalized_networks_are_as_drawn(kind):
    width = 256
    layers = [
        *(Dense(width, 1.5, 0.3), Norm(kind), RELU),
        *(Dense(width, 2.0, 0.3), RELU, Norm(kind)),
        Dense(width, 2.0),
    ]
    inputs = orthogonal_inputs((), CORRELATION).repeat(32, axis=1)
    rows = predict_network(layers, white_inputs(64, correlation=CORRELATION))
    # The inverse of a variance over n units exceeds that of its mean by the variance's own, in
    # relative terms 2 / n of a Gaussian and 5 / n of its positive part.
    compare(rows, draw(layers, inputs, 50), (2 + 5) / width)


def test_groups_of_channels_are_normalized_over_all_places():
    layers = [conv(2.0), Norm("group", 2), TANH, conv(2.0), Norm("layer"), RELU, READOUT]
    inputs = orthogonal_inputs(SIZE, CORRELATION)
    rows = predict_network(layers, white_inputs(32, SIZE, correlation=CORRELATION))
    # As above: of 24 channels over 16 places, and of 48.
    compare(rows, draw(layers, inputs, NETWORKS), 2 / (24 * 16) + 2 / 48)


def test_a_large_batch_is_normalized_as_drawn():
    batch, width = 128, 512
    layers = [
        Dense(width, 2.0),
        Norm("batch"),
        RELU,
        Dense(width, 2.0),
        Norm("batch"),
        RELU,
        READOUT,
    ]
    rng = np.random.default_rng(0)
    shared, own = rng.normal(size=(1, width)), rng.normal(size=(batch, width))
    inputs = math.sqrt(CORRELATION) * shared + math.sqrt(1 - CORRELATION) * own
    rows = predict_network(layers, white_inputs(width, correlation=CORRELATION))
    found = draw(layers, inputs, 20)
    # What a batch of B leaves out: 1 / B of each mean, of each of two normalizations, of values
    # that have a kurtosis of 3 and of 6; the inputs' own correlation is one of 512 units.
    compare(rows, found, 2 * (1 + 5) / batch + 1 / math.sqrt(width))


def test_blocks_with_batch_normalization_grow_like_their_number():
    branch = (Norm("batch"), RELU, Dense(64, 2.0))
    layers = [Dense(64, 1.0), *[Residual(branch)] * 6]
    rows = predict_network(layers, white_inputs(64))
    sums = [row.second_moment for row in rows if row.name.count("_") == 1]
    assert sums == pytest.approx([1, 2, 3, 4, 5, 6, 7], rel=1e-9)


def test_scatter_is_that_of_drawn_networks():
    networks, channels = 600, 32
    thin = Convolution(channels, 2.0)
    layers = [
        thin,
        RELU,
        thin,
        Residual((TANH, thin)),
        RELU,
        Dropout(0.3),
        Dense(channels, 2.0),
        RELU,
        Dropout(0.2),
        Dense(channels, 1.0),
    ]
    inputs = orthogonal_inputs((3, 3), CORRELATION)
    rows = predict_network(layers, white_inputs(18, (3, 3), correlation=CORRELATION))
    found = draw(layers, inputs, networks)
    # Of a deviation of n numbers 1 / sqrt(2 n), five of them; and one order further in 1 / width.
    tolerance = 5 / math.sqrt(2 * networks) + len(layers) / channels / 4
    forward = [row.second_moment_scatter for row in rows]
    assert np.log(found.first_square).std(axis=0) == pytest.approx(forward, rel=tolerance)
    backward = [row.gradient_second_moment_scatter for row in rows[-4:-1]]
    measured = np.log(found.first_gradient / found.first_gradient[:, -1:]).std(axis=0)
    assert measured[-4:-1] == pytest.approx(backward, rel=tolerance)


def test_scatter_of_groups_is_that_of_drawn_networks():
    networks, channels = 600, 64
    grouped = Convolution(channels, 2.0, groups=2)
    layers = [Convolution(channels, 2.0), *[RELU, grouped] * 3]
    inputs = orthogonal_inputs((3, 3), CORRELATION)
    rows = predict_network(layers, white_inputs(18, (3, 3), correlation=CORRELATION))
    found = draw(layers, inputs, networks)
    # As above; one order further is one over the channels of a group.
    tolerance = 5 / math.sqrt(2 * networks) + len(layers) / (channels / 2) / 4
    forward = [row.second_moment_scatter for row in rows]
    assert np.log(found.first_square).std(axis=0) == pytest.approx(forward, rel=tolerance)


@pytest.mark.parametrize(("groups", "lost"), [(1, False), (3, False), (4, True), (48, True)])
def test_groups_of_few_channels_have_no_scatter_and_say_why(groups, lost):
    rows = predict_network([conv(), RELU, conv(groups=groups)], white_inputs(48, SIZE))
    assert math.isnan(rows[-1].second_moment_scatter) == lost
    assert ("no scatter of convolutions that see few channels" in rows[-1].note) == lost


def test_convolutions_of_few_channels_have_no_scatter_but_over_given_inputs():
    thin = Convolution(8, 2.0)
    rows = predict_network([thin, RELU, thin], white_inputs(1, SIZE))
    assert [math.isnan(row.second_moment_scatter) for row in rows] == [False, False, True]
    wide = Convolution(16, 2.0)
    rows = predict_network([wide, RELU, wide], white_inputs(1, SIZE))
    assert not math.isnan(rows[-1].second_moment_scatter)


def test_known_factors_are_those_of_the_walk():
    norm = (Dense(64, 2.0), Norm("batch"), RELU)
    rows = predict_network([*norm * 5, Dense(64, 2.0)], white_inputs(64))
    gradients = [row.gradient_second_moment for row in rows if row.name.startswith("dense")]
    factors = np.divide(gradients[:-1], gradients[1:])
    # The last layer's is not normalized, and the first is fed by inputs, which are not positive.
    assert factors[1:-1] == pytest.approx(np.full(3, math.pi / (math.pi - 1)), rel=1e-9)
    assert factors[0] == pytest.approx(0.5, rel=1e-9)
    blocks = [Dense(64, 1.0), *[Residual((RELU, Dense(64, 2.0)), scale=0.5)] * 4]
    grown = predict_network(blocks, white_inputs(64))[-1].second_moment
    assert grown == pytest.approx((1 + 0.5**2) ** 4, rel=1e-9)
    one = conv(1.0, window=(1, 1))
    averaged = predict_network([one, Pool("average")], white_inputs(1, (8, 8)))[-1].second_moment
    assert averaged == pytest.approx(1 / 4, rel=1e-12)
    kept = [Dense(64, 1.0), RELU, Dropout(0.3), Dense(64, 2.0 * 0.7)]
    assert predict_network(kept, white_inputs(64))[-1].second_moment == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(
    ("window", "size", "known"),
    [((3, 3), (8, 8), (22 / 24) ** 2), ((5, 5), (32, 32), 0.926406), ((1, 1), (7, 7), 1.0)],
)
def test_zero_padding_leaves_the_share_of_taps_that_meet_the_image(window, size, known):
    [row] = predict_network([conv(1.0, window=window)], white_inputs(1, size))
    assert row.second_moment == pytest.approx(known, abs=5e-7)


def test_a_window_of_even_size_is_padded_as_its_taps_lie():
    [row] = predict_network([Convolution(8, 1.0, window=(4,))], white_inputs(1, (10,)))
    ones = np.convolve(np.ones(10), np.ones(4), mode="same").mean() / 4
    assert row.second_moment == pytest.approx(ones)


def test_maxima_of_independent_places_are_order_statistics():
    around = Convolution(8, 1.0, window=(1, 1))
    row = predict_network([around, Pool("max")], white_inputs(8, (8, 8)))[-1]
    known = max_pool_moments(4)
    # Five standard errors of a mean over 16 windows of both inputs.
    error = 5 / math.sqrt(2 * 16 * SAMPLES)
    assert row.mean == pytest.approx(known.mean, abs=error * math.sqrt(known.variance))
    assert row.second_moment == pytest.approx(known.second_moment, rel=2 * error)


def test_a_law_is_drawn_for_the_layer_that_it_meets():
    law = PlainLaw(name="he_normal")
    layers = [Convolution(16, law, padding="CIRCULAR"), RELU, Dense(5, law)]
    squares = [row.second_moment for row in predict_network(layers, white_inputs(3, (4, 4)))]
    assert squares == pytest.approx([2.0, 1.0, 2.0], rel=1e-8)
    fixed = predict_network([Dense(5, Normal(name="normal", stddev=0.1))], white_inputs(3, (4, 4)))
    assert fixed[0].second_moment == pytest.approx(3 * 16 * 0.01)
    message = "dense_1: `weights` drawn by ones have no variance to work with: theory needs "
    with pytest.raises(ValueError, match=message):
        predict_network([Dense(5, PlainLaw(name="ones"))], white_inputs(3))


@pytest.mark.parametrize(
    ("layers", "lost", "note"),
    [
        ([RELU, READOUT], "second_moment", "an activation of values that are not Gaussian"),
        ([conv(), RELU, Dropout(0.5), Pool("max")], "second_moment", "pool before dropout"),
        ([conv(0.0), RELU], "second_moment", "preactivations of mean square 0"),
        ([conv(), Norm("batch")], "second_moment_scatter", "no scatter after normalization"),
        (
            [conv(), Pool("average", (3, 3), (1, 1)), Pool("global")],
            "gradient_second_moment",
            "gradients of overlapping windows that are not independent",
        ),
    ],
)
def test_what_theory_has_no_number_for_is_nan_and_says_why(layers, lost, note):
    rows = predict_network(layers, white_inputs(2, SIZE))
    missing = [row for row in rows if math.isnan(getattr(row, lost))]
    assert missing
    assert all(note in row.note for row in missing)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([READOUT, Pool("max")], "pool_1: `layers` pool after a dense layer"),
        ([Residual((conv(), Pool("average")))], "residual_1: the branch gives 48 channels of "),
        ([conv(), Norm("group", 5)], "norm_1: `groups` must divide the 48 channels, got 5."),
        (
            [conv(), conv(groups=5)],
            "convolution_2: `groups` must divide the 48 input and the 48 output channels, got 5: ",
        ),
        ([conv(window=(5,))], "convolution_1: `window` must have an axis for each"),
        ([Residual((conv(window=(1,)),))], "residual_1.convolution_1: `window` must have"),
    ],
)
def test_layers_that_do_not_fit_are_refused_by_name(layers, message):
    with pytest.raises(ValueError) as caught:
        predict_network(layers, white_inputs(2, SIZE))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Residual((RELU,)), "`branch` must have a dense layer or a convolution"),
        (lambda: Dropout(1.0), "`rate` must lie in [0, 1), got 1.0."),
        (lambda: Dense(0, 1.0), "`width` must be positive, got 0."),
        (lambda: conv(strides=(1,)), "`strides` must be positive, one for each axis"),
        (lambda: white_inputs(3, correlation=2.0), "`correlation` must lie between -1 and 1"),
        (lambda: inputs_like(np.ones((1, 3))), "`images` must be at least two, got 1."),
    ],
)
def test_descriptions_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError) as caught:
        make()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("phi", ["relu", "sigmoid"])
def test_two_inputs_that_have_met_stay_together(phi):
    layers = [Dense(64, 0.01, 0.05), *[Activation(phi), Dense(64, 0.01, 0.05)] * 12]
    rows = predict_network(layers, white_inputs(64, correlation=CORRELATION))
    # A layer keeps a hundredth of what parts them, at most: after twelve nothing in float64.
    assert rows[-1].batch_correlation == pytest.approx(1.0, abs=1e-14)
    assert [row.note for row in rows] == [""] * len(rows)
