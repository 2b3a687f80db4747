"""What a trained network answers to probes, against plain arithmetic."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.data import load
from initlab.models import at
from initlab.train.probes import PIXELS, SHARES, without_units
from initlab.train.program import network_of
from initlab.train.step import Trainer
from tests.train.conftest import of_run, variant
from tests.train.plain_loop import forward, plain_parameters

FEW = {"statistics": "moments"}
NAMES = {"shifts": "shifted", "removals": "removed", "dropout": "dropped"}


def kept(result, run, probe):
    return result.arrays[f"{NAMES[probe]}_accuracy/{run.run_id}"]


def moved_by_hand(images, down, right):
    """Images moved by slices of an empty frame, one image after the other."""
    _, height, width, _ = images.shape
    found = np.zeros_like(images)
    for row in range(height):
        for column in range(width):
            if 0 <= row + down < height and 0 <= column + right < width:
                found[:, row + down, column + right] = images[:, row, column]
    return found


def test_moved_images_are_answered_as_by_a_plain_network(train):
    run = variant(measure=FEW, steps=0, probes=["shifts"])
    result = train(run)
    images = load(run.dataset)
    parameters = plain_parameters(run)
    pixels = images.train_images
    shift, scale = pixels.mean(), 1 / pixels.std()

    def accuracy(part):
        x = jnp.asarray((part.reshape(len(part), -1) - shift) * scale, jnp.float32)
        guesses = np.asarray(forward(parameters, x)[-1]).argmax(axis=1)
        return float((guesses == images.test_labels).mean())

    wanted = [accuracy(images.test_images)]
    for d in PIXELS[1:]:
        ways = ((0, d), (0, -d), (d, 0), (-d, 0))
        each = [accuracy(moved_by_hand(images.test_images, *way)) for way in ways]
        wanted.append(np.mean(each))
    found = kept(result, run, "shifts")
    assert found[:, 0].tolist() == list(PIXELS)
    # One image of 360 may stand on the edge between two answers.
    assert found[:, 1] == pytest.approx(wanted, abs=1.5 / 360)
    assert len(set(wanted)) > 1


def test_nothing_changed_is_the_test_accuracy(train):
    run = variant(probes=["shifts", "removals", "dropout"], validation_fraction=0.1)
    result = train(run)
    last = of_run(result.steps, run)["test_accuracy"][-1]
    for probe in NAMES:
        changes, values = kept(result, run, probe).T
        assert changes[0] == 0.0
        assert values[0] == pytest.approx(last, abs=1e-6)
        assert np.isfinite(values).all()
    assert kept(result, run, "removals")[:, 0] == pytest.approx(SHARES)


def test_a_network_without_dropout_answers_alike_where_it_acts(train):
    run = variant(measure=FEW, probes=["dropout"])
    one, two = kept(train(run), run, "dropout")[:, 1]
    assert one == two
    dropping = variant(measure=FEW, probes=["dropout"], dropout=0.5, steps=20)
    one, two = kept(train(dropping), dropping, "dropout")[:, 1]
    assert one != two


def test_removed_units_have_zeros_for_weights_and_biases_in_hidden_layers_alone():
    run = variant(bias_initializer={"name": "normal", "stddev": 1.0}, width=10)
    network = network_of(run, jnp.tanh, load(run.dataset))
    task = Trainer(network, jnp.tanh, run)
    ones = jax.tree.map(lambda leaf: jnp.ones(leaf.shape, leaf.dtype), task.network.parameters)
    changed = without_units(task, ones, jax.random.key(0), jnp.float32(0.3))
    numbers = []
    for stack in task.network.stacks:
        layer = at(changed, stack.path)
        kernel, bias = (np.asarray(layer[name][...]) for name in ("kernel", "bias"))
        kernel, bias = kernel.reshape(stack.count, -1, kernel.shape[-1]), np.atleast_2d(bias)
        gone = ~bias.astype(bool)
        assert (kernel.any(axis=1) == ~gone).all()
        assert (kernel.all(axis=1) == ~gone).all()
        numbers += gone.sum(axis=1).tolist()
    assert numbers == [3, 3, 3, 0]


def test_a_diverged_run_answers_nothing(train):
    run = variant(
        measure=FEW,
        activation="relu",
        learning_rate=1e6,
        initializer="he_normal",
        probes=["shifts"],
    )
    result = train(run)
    assert result.outcomes[0].status == "diverged"
    assert np.isnan(kept(result, run, "shifts")[:, 1]).all()
