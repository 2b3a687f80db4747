"""Krähenbühl's claims: unit channels within layers, equal rates of change between them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import SCHEMES
from initlab.initializers.schemes.krahenbuhl import change_rates
from initlab.initializers.schemes.statistics import mean_and_deviation
from tests.initializers.schemes.models import (
    Convolutions,
    applied,
    drawn,
    images,
    observed,
    perceptron,
)

RELU, DEEP = perceptron(6, jax.nn.relu), perceptron(20, jax.nn.relu)
TANH, SIGMOID = perceptron(6, jnp.tanh), perceptron(6, jax.nn.sigmoid)
CONVOLUTIONS = Convolutions(jax.nn.relu)
# Of float32 sums over a batch of 64, each entry of order 1.
ROUNDING = 1e-4


def channels(model, parameters, batch):
    """Least and greatest mean and deviation of a layer's channels, `(layer, 4)`."""

    def ends(h):
        mean, deviation = mean_and_deviation(h)
        return jnp.stack([mean.min(), mean.max(), deviation.min(), deviation.max()])

    return observed(model, parameters, batch.inputs, ends)


def measured_rates(model, parameters, batch, key):
    """Rates and the deviation of a logit, in a pass that changes nothing."""

    def outputs(parameters):
        return model.logits(parameters, batch.inputs), None

    return jax.jit(lambda p: change_rates(model, p, outputs, key)[:2])(parameters)


def rates(model, parameters, batch, seed=0):
    return np.asarray(measured_rates(model, parameters, batch, jax.random.key(seed))[0])


@pytest.mark.parametrize(
    ("model", "offset", "bias"),
    [(DEEP, 0.0, 0.0), (TANH, 0.5, 2.0), (CONVOLUTIONS, 0.5, 2.0)],
)
def test_within_layers_every_channel_has_its_mean_and_deviation_one(model, offset, bias):
    batch = images()
    scheme = SCHEMES["krahenbuhl"](max_rounds=0, offset=offset)
    result = applied(scheme, model, drawn(model, "glorot_normal", bias=bias), batch)
    found = channels(model, result.parameters, batch)
    centred = found[1:] if model is CONVOLUTIONS else found  # its first layer has no bias
    assert np.abs(centred[:, :2] - offset).max() < ROUNDING
    assert np.abs(found[:, 2:] - 1).max() < ROUNDING
    assert result.passes == 1


@pytest.mark.parametrize("model", [DEEP, CONVOLUTIONS])
def test_between_layers_one_round_makes_rates_equal_where_rectifiers_are(model):
    batch, parameters = images(), drawn(model, "glorot_normal")
    within = applied(SCHEMES["krahenbuhl"](max_rounds=0), model, parameters, batch)
    result = applied(SCHEMES["krahenbuhl"](), model, parameters, batch)
    before = rates(model, within.parameters, batch)
    after = rates(model, result.parameters, batch)
    assert before.max() > 1.2 * before.min()
    assert after / np.exp(np.log(after).mean()) == pytest.approx(np.ones(len(after)), rel=0.01)
    assert result.passes == 2 + 1


def test_between_layers_the_function_of_a_rectifier_net_stays():
    model, batch = RELU, images()
    parameters = drawn(model, "glorot_normal")
    within = applied(SCHEMES["krahenbuhl"](max_rounds=0), model, parameters, batch)
    result = applied(SCHEMES["krahenbuhl"](), model, parameters, batch)
    logits = [model.logits(one.parameters, batch.inputs) for one in (within, result)]
    assert np.abs(logits[0] - logits[1]).max() < 10 * ROUNDING
    found = channels(model, result.parameters, batch)
    assert np.abs(found[:, :2]).max() < ROUNDING * found[:, 3].max()
    assert found[:, 2] == pytest.approx(found[:, 3], rel=ROUNDING)


def off(model, parameters, batch, seed=0):
    """By how much a rate is off the rate of all, as the scheme says, in logarithms."""
    found, size = map(np.asarray, measured_rates(model, parameters, batch, jax.random.key(seed)))
    target = (np.log(found).sum() + np.log(size)) / len(found)
    return np.abs(np.log(found) - target).max()


@pytest.mark.parametrize(("model", "seed"), [(TANH, 2), (SIGMOID, 0)], ids=["tanh", "sigmoid"])
def test_between_layers_six_rounds_make_rates_equal_where_a_repeated_step_takes_nine(model, seed):
    batch, parameters = images(), drawn(model, "orthogonal", seed=seed)
    result = applied(SCHEMES["krahenbuhl"](max_rounds=6), model, parameters, batch)
    assert off(model, result.parameters, batch) <= np.log1p(0.01) + ROUNDING
    assert 2 + 1 < result.passes <= 2 + 6
    found = channels(model, result.parameters, batch)
    assert np.abs(found[:, :2]).max() < ROUNDING * found[:, 3].max()


def test_a_round_that_strays_is_not_what_is_returned():
    # In this net the second round ends with rates further apart than the first, by a factor
    # of 4.3 instead of 2.3.
    model, batch = perceptron(20, jax.nn.softplus), images()
    parameters = drawn(model, "orthogonal", seed=1)
    once, twice = (
        applied(SCHEMES["krahenbuhl"](max_rounds=rounds), model, parameters, batch)
        for rounds in (1, 2)
    )
    assert (once.passes, twice.passes) == (2 + 1, 2 + 2)
    assert jax.tree.all(jax.tree.map(jnp.array_equal, once.parameters, twice.parameters))


def test_rates_are_those_of_finite_differences():
    model, batch = perceptron(3, jnp.tanh, width=6), images(8)
    parameters, key = drawn(model), jax.random.key(3)
    found, _ = measured_rates(model, parameters, batch, key)
    layers, step = model.layers(parameters), 1e-2

    def weighted(kernels):
        changed = [
            layer | {"kernel": kernel} for layer, kernel in zip(layers, kernels, strict=True)
        ]
        logits = model.logits(model.with_layers(parameters, tuple(changed)), batch.inputs)
        return jnp.sum(jax.random.normal(key, logits.shape) * logits)

    kernels = [layer["kernel"] for layer in layers]
    for index, kernel in enumerate(kernels):
        moves = step * jnp.eye(kernel.size).reshape(-1, *kernel.shape)

        def moved(move, index=index, kernel=kernel):
            return weighted([*kernels[:index], kernel + move, *kernels[index + 1 :]])

        slopes = jax.jit(jax.vmap(lambda m, f=moved: (f(m) - f(-m)) / (2 * step)))(moves)
        rate = np.sqrt(np.mean(np.square(slopes)) / np.mean(kernel**2))
        # A central difference is off by a third derivative times 1e-4 / 6, and by the rounding of
        # sums of about 10 over 2e-2.
        assert found[index] == pytest.approx(rate, rel=1e-3)


@pytest.mark.parametrize("law", ["zeros", "ones"])
def test_what_does_not_vary_is_left_alone_and_stays_finite(law):
    model, batch = perceptron(4, jax.nn.relu), images()
    result = applied(SCHEMES["krahenbuhl"](), model, drawn(model, law), batch)
    assert all(bool(jnp.isfinite(leaf).all()) for leaf in jax.tree.leaves(result.parameters))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"offset": float("inf")}, "`offset` must be finite, got inf."),
        ({"tolerance": 0.0}, "`tolerance` must be positive, got 0.0."),
        ({"max_rounds": -1}, "`max_rounds` must not be negative, got -1."),
    ],
)
def test_bad_numbers_are_refused(numbers, message):
    with pytest.raises(ValueError) as caught:
        SCHEMES["krahenbuhl"](**numbers)
    assert str(caught.value) == message
