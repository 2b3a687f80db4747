"""Weights for outputs of variance 1, by closed forms and by what theory predicts with them."""

import math

import pytest
from scipy.stats import norm

from initlab.architectures.families import FAMILIES
from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Concatenation,
    Convolution,
    Dense,
    Dropout,
    LocalResponse,
    Norm,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
from initlab.architectures.recipe import Recipe
from initlab.architectures.scalars import Multiplier, Offset
from initlab.architectures.walk import walk
from initlab.theory.inputs import white_inputs
from initlab.theory.predict import predict_network
from initlab.theory.unit_weights import unit_weights

RUN = Activation()  # the run's own
INPUTS, IMAGE = (100,), (8, 8, 3)
ONE = Convolution(16, window=(1, 1))
OF_TANH = 1 / 0.3942944904  # 1 / E[tanh(z)^2], of known_answers.json
MEAN = 1 / math.sqrt(2 * math.pi)  # of a rectified Gaussian variable; its mean square is a half


def rectified_square(mean, variance):
    """The mean square of a rectified Gaussian variable."""
    deviation = math.sqrt(variance)
    z = mean / deviation
    return (mean**2 + variance) * norm.cdf(z) + mean * deviation * norm.pdf(z)


@pytest.mark.parametrize(
    ("phi", "after"), [("relu", 2.0), ("tanh", OF_TANH), ("selu", 1.0), ("identity", 1.0)]
)
def test_in_a_perceptron_they_are_one_over_the_mean_square_of_the_nonlinearity(phi, after):
    layers = [Dense(64), RUN, Dense(32), RUN, Dense(10)]
    assert unit_weights(layers, INPUTS, phi) == pytest.approx([1.0, after, after], rel=1e-9)


def test_a_layer_that_names_its_nonlinearity_has_that_one():
    layers = [Dense(64), Activation("tanh"), Dense(32), RUN, Dense(10)]
    assert unit_weights(layers, INPUTS, "relu") == pytest.approx([1.0, OF_TANH, 2.0], rel=1e-9)


@pytest.mark.parametrize(
    ("between", "square"),
    [
        # A sum of two of variance 1, and half of it after a ReLU.
        ([Residual((RUN, Dense(64)))], 2.0),
        ([Residual((RUN, Dense(64))), RUN], 1.0),
        ([Residual((RUN, Dense(64)), scale=0.5), RUN], 1.25 / 2),
        ([Residual((RUN, Dense(64)), (Dense(64),)), RUN], 1.0),
        ([Repeat(3, (Residual((RUN, Dense(64))),)), RUN], 2.0),
        # The shortcut is rectified: of that mean, and half less its square in variance.
        ([RUN, Residual((Dense(64),)), RUN], rectified_square(MEAN, 1.5 - MEAN**2)),
        ([RUN, Dropout(0.5)], 1.0),
        ([RUN, Norm("batch", first_scale=0.5)], 0.25),
        ([RUN, Multiplier(3.0), Offset()], 4.5),
        ([RUN, ZeroChannels(128)], 0.25),
        ([RUN, LocalResponse(size=4, alpha=0.5, beta=0.75, k=2.0)], 0.5 * 3**-1.5),
        ([Concatenation(((Dense(16),), (Dense(48), RUN)))], (16 + 48 / 2) / 64),
        ([Auxiliary((RUN, Dense(10)), 0.3), RUN], 0.5),
    ],
)
def test_what_is_between_two_layers_is_followed(between, square):
    layers = [Dense(64), *between, Dense(10)]
    assert unit_weights(layers, INPUTS, "relu")[-1] == pytest.approx(1 / square, rel=1e-4)


def test_they_come_in_the_order_of_the_rows():
    block = Residual((RUN, Dense(64)), (Dense(64),))
    layers = [Dense(64), block, Auxiliary((Dense(10, first_scale=0.0),), 0.3), RUN, Dense(10)]
    assert unit_weights(layers, INPUTS, "relu") == pytest.approx([1, 2, 1, 0, 1], rel=1e-9)


@pytest.mark.parametrize(("padding", "share"), [("SAME", 0.840278), ("CIRCULAR", 1), ("VALID", 1)])
def test_zeros_of_the_padding_are_among_what_reaches_a_convolution(padding, share):
    # ((3 H - 2) / 3 H)^2 of the taps meet a place, of an image of eight places a side.
    [weights] = unit_weights([Convolution(16, padding=padding)], IMAGE)
    assert weights == pytest.approx(1 / share, rel=1e-6)


@pytest.mark.parametrize(
    ("pool", "square"),
    [
        (Pool("average"), 0.5 / 4 + 0.75 * MEAN**2),  # a fourth of E[relu^2], the rest E[relu]^2
        (Pool("global"), 0.5 / 64 + 63 / 64 * MEAN**2),
        (Pool("norm"), 4 * 0.5),
        # The largest of four Gaussian values of that mean and variance.
        (Pool("max"), (MEAN + 1.029375373 * math.sqrt(0.5 - MEAN**2)) ** 2
                      + 0.491715237 * (0.5 - MEAN**2)),
    ],
)  # fmt: skip
def test_pools_of_places_that_are_independent(pool, square):
    weights = unit_weights([ONE, RUN, pool, Dense(10)], IMAGE, "relu")
    assert weights[1] == pytest.approx(1 / square, rel=1e-6)


@pytest.mark.parametrize("phi", ["relu", "tanh"])
@pytest.mark.parametrize(("padding", "off"), [("CIRCULAR", 1e-6), ("SAME", 0.2)])
def test_theory_predicts_variance_one_after_every_convolution(phi, padding, off):
    # Places next to an edge have less, and the windows of the next layer meet them less often:
    # of mean and variance followed over all places that is left out.
    layer = Convolution(16, padding=padding)
    weights = unit_weights([layer, RUN, layer, RUN, layer], IMAGE, phi)
    given = [Convolution(16, one, padding=padding) for one in weights]
    layers = [given[0], Activation(phi), given[1], Activation(phi), given[2]]
    rows = predict_network(layers, white_inputs(3, IMAGE[:2]))[::2]
    assert [row.second_moment for row in rows] == pytest.approx([1.0] * 3, rel=off)


@pytest.mark.parametrize(
    "name",
    [
        "textbook",
        "lenet",
        "alexnet",
        "nin",
        "vgg11",
        "googlenet",
        "squeezenet",
        "resnet20",
        "resnet18",
        "plain20",
        "local",
    ],
)
def test_there_is_a_number_for_every_weight_layer_of_every_family(name):
    family = FAMILIES[name]
    recipe = Recipe((32, 32, 3), 10, family.depth, family.width, norm=family.norm)
    layers = family.layers(recipe)
    rows = [row for row in walk(layers, (32, 32, 3)) if row.kernel_shape]
    weights = unit_weights(layers, (32, 32, 3), "relu")
    assert len(weights) == len(rows)
    assert all(0.1 < one < 100 for one in weights)


def test_a_layer_that_begins_with_zeros_keeps_them():
    layers = [Dense(64), Residual((RUN, Dense(64, first_scale=0.0))), RUN, Dense(10)]
    assert unit_weights(layers, INPUTS, "relu") == pytest.approx([1.0, 0.0, 2.0], rel=1e-9)


@pytest.mark.parametrize(
    ("layers", "phi", "said"),
    [
        ([Dense(8), Multiplier(0.0), Dense(10)], "relu", "nothing reaches Dense(width=10, "),
        ([Dense(8), RUN], None, "`phi` must be given where layers leave their nonlinearity to"),
        ([Dense(8), RUN], "rleu", "phi: unknown name 'rleu'. Did you mean `relu`?"),
        ([Dense(8), Pool("max")], "relu", "needs an image, got the 8 units of a dense layer"),
    ],
)
def test_what_has_no_number_is_told(layers, phi, said):
    with pytest.raises(ValueError) as caught:
        unit_weights(layers, IMAGE, phi)
    assert said in str(caught.value)
