"""Ten layers of 500 units on standard normal inputs, as cs231n draws them, layer by layer."""

import math
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab import theory
from initlab.initializers import fan_in_normal, normal
from tests.theory.known_answers import KNOWN

WIDTH, DEPTH, NUM_INPUTS, NUM_NETWORKS = 500, 10, 200, 16
SEQUENCES = KNOWN["cs231n_10_layer_mean_field_prediction"]
LAWS = {
    "0.01*randn": normal(stddev=0.01),
    "1.0*randn": normal(stddev=1.0),
    "randn/sqrt(n)": fan_in_normal(1.0),
    "randn/sqrt(n/2)": fan_in_normal(2.0),
}
ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu}
WEIGHT_VARIANCES = {
    "0.01*randn": 0.01**2 * WIDTH,
    "1.0*randn": WIDTH,
    "randn/sqrt(n)": 1.0,
    "randn/sqrt(n/2)": 2.0,
}
# What the lectures print of one network (cs231n 2016 and 2017, lecture 6), with the unit of the
# last digit: deviations of the layers from the first on.
LECTURES = {
    "0.01*randn (tanh)": (
        [0.213081, 0.047551, 0.010630, 0.002378, 0.000532, 0.000119, 0.000026],
        1e-6,
    ),
    "1.0*randn (tanh)": ([0.982045], 1e-6),
    "randn/sqrt(n) (tanh)": ([0.627953, 0.486051, 0.407723], 1e-6),
    "randn/sqrt(n/2) (relu)": ([0.825232], 1e-6),
}
# The means that they print beside these, of the first layer.
LECTURE_MEANS = {"randn/sqrt(n/2) (relu)": (0.562488, 1e-6)}
# A tutorial on images of clothes, of inputs of mean square 1, prints the variance of each layer of
# a network of identities: what it meant for the deviation, 0.01, is the mean of its weights.
TUTORIAL_SIZES = (784, 512, 256, 256, 128)
TUTORIAL_VARIANCES = (821, 4.5e5, 1.1e8, 3.4e10)


def layers_of(law, activation, key):
    """Mean and mean square of the activations of each layer of one network."""
    key_inputs, *keys = jax.random.split(key, DEPTH + 1)
    x, found = jax.random.normal(key_inputs, (NUM_INPUTS, WIDTH)), []
    for key_layer in keys:
        x = activation(x @ law(key_layer, (WIDTH, WIDTH)))
        found.append((jnp.mean(x), jnp.mean(x**2)))
    return found


@pytest.fixture(scope="module", params=SEQUENCES)
def sequence(request):
    """Its name, and means and variances `[network, layer]` of the activations."""
    scale, name = request.param.removesuffix(")").split(" (")
    activation = ACTIVATIONS[name]
    draw = jax.jit(lambda key: jnp.array(layers_of(LAWS[scale], activation, key)))
    networks = [draw(key) for key in jax.random.split(jax.random.key(0), NUM_NETWORKS)]
    means, squares = np.moveaxis(np.asarray(networks, np.float64), -1, 0)
    return request.param, means, squares - means**2


def of_finite_width(name):
    """By layer, to first order in 1 / width: how far the activations' mean square is shifted, as a
    share of itself, and the relative variance of the preactivations' one that it is made of.
    """
    scale, nonlinearity = name.removesuffix(")").split(" (")
    phi, weight_variance = ACTIVATIONS[nonlinearity], WEIGHT_VARIANCES[scale]
    q, shift, variance, near = weight_variance, 0.0, 2 / WIDTH, 0.01  # the inputs' own: 2 / width
    found = []
    for _ in range(DEPTH):
        low, mean, high = (theory.second_moment(phi, q * by) for by in (1 - near, 1, 1 + near))
        slope, bend = (high - low) / (2 * near * mean), (high - 2 * mean + low) / (near**2 * mean)
        kurtosis = theory.second_moment(lambda x, phi=phi: phi(x) ** 2, q) / mean**2
        shift = slope * shift + bend * variance / 2
        found.append((shift, variance))
        variance = slope**2 * variance + (kurtosis - 1) / WIDTH
        q = weight_variance * mean
    return np.array(found).T


def test_every_layer_has_the_known_deviation_and_mean(sequence):
    name, means, variances = sequence
    known = np.array(SEQUENCES[name]["layer_std"])
    relative = variances / known**2
    # Five standard errors over the networks, and what theory leaves out: the shift of a mean
    # square, and the square of a mean over the units, which scatters by at most a part in these.
    error = relative.std(axis=0, ddof=1) / math.sqrt(NUM_NETWORKS)
    depths = np.arange(1, DEPTH + 1)
    # No wider than of a single input: (1 + 5 / n)^l - 1 is the greatest of these, ReLU's.
    assert (error < np.sqrt(((1 + 5 / WIDTH) ** depths - 1) / NUM_NETWORKS)).all()
    shift, variance = of_finite_width(name)
    assert (np.abs(relative.mean(axis=0) - 1 - shift) < 5 * error + 1 / WIDTH).all()
    error = means.std(axis=0, ddof=1) / math.sqrt(NUM_NETWORKS)
    known = np.array(SEQUENCES[name]["layer_mean"])
    # ReLU's mean is one of square roots, an eighth of the variance less; that of tanh is 0.
    away = np.abs(means.mean(axis=0) - known * (1 - variance / 8))
    assert (away < 5 * error).all()


def test_the_lectures_network_is_one_of_these(sequence):
    name, _, variances = sequence
    printed, unit = LECTURES.get(name, ([], 0.0))
    deviations = np.sqrt(variances)
    for layer, known in enumerate(printed):
        # Six deviations of one network, two of the means over sixteen being in it, and the
        # lecture's rounding. Its thousand inputs scatter less than these.
        scatter = 6 * deviations[:, layer].std(ddof=1)
        assert abs(known - deviations[:, layer].mean()) < scatter + unit / 2, layer


def test_the_lectures_numbers_are_told_apart(sequence):
    # A test of the one above: a scale that is 5 % off is outside of its scatter in the first layer.
    name, _, variances = sequence
    first = np.sqrt(variances[:, 0])
    if name != "1.0*randn (tanh)":  # saturated: nothing is seen of the scale
        assert 6 * first.std(ddof=1) < 0.04 * first.mean()


def test_the_lectures_mean_is_that_of_one_of_these(sequence):
    name, means, _ = sequence
    if name in LECTURE_MEANS:
        printed, unit = LECTURE_MEANS[name]
        first = means[:, 0]
        # As above; and known to a hundredth.
        assert abs(printed - first.mean()) < 6 * first.std(ddof=1) + unit / 2
        assert 6 * first.std(ddof=1) < 0.03 * first.mean()


def logs_of_variances(law, number=60):
    """Logarithms of each layer's variance in networks of the tutorial's sizes, of one input."""
    rng = np.random.default_rng(0)
    found = np.empty((number, len(TUTORIAL_VARIANCES)))
    draw = jax.jit(lambda key: [law(key, shape) for shape in pairwise(TUTORIAL_SIZES)])
    for network, key in enumerate(jax.random.split(jax.random.key(0), number)):
        x = rng.standard_normal(TUTORIAL_SIZES[0])
        for layer, kernel in enumerate(draw(key)):
            x = x @ np.asarray(kernel, np.float64)
            found[network, layer] = math.log(x.var())
    return found


def test_a_deviation_that_is_given_as_a_mean_has_the_tutorials_signature():
    printed = np.log(TUTORIAL_VARIANCES)
    wrong = logs_of_variances(normal(stddev=1.0, mean=0.01))
    # Four deviations of one network; and the last digit that is printed.
    assert (np.abs(printed - wrong.mean(axis=0)) < 4 * wrong.std(axis=0) + 0.02).all()
    meant = logs_of_variances(normal(stddev=0.01))
    assert (np.abs(printed - meant.mean(axis=0)) > 20 * meant.std(axis=0)).all()
    # What a layer multiplies by, its inputs' number, is not what the sizes of outputs would give.
    assert wrong.mean(axis=0)[0] == pytest.approx(math.log(784), abs=0.05)


def test_every_lecture_is_of_a_known_sequence():
    assert set(LECTURES) < set(SEQUENCES)
    assert set(LECTURE_MEANS) < set(SEQUENCES)
    assert {name.partition(" ")[0] for name in SEQUENCES} == set(LAWS)
