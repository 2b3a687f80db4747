"""The known answers on symmetry: ranks of gradients and copies of units, step by step."""

import functools
import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.initializers import INITIALIZERS
from initlab.measure.weights import KERNEL, SYMMETRY, weight_statistics
from tests.theory.known_answers import KNOWN

SIZES = (6, 8, 8, 4)  # two hidden layers
HIDDEN = len(SIZES) - 2
KNOWN_FACTS = KNOWN["constant_init_symmetry"]
STEPS, LEARNING_RATE = 4, 0.5
# A mean over the batch of float32 products below 0.1 that cancel: they round by 2^-24 each.
NOTHING = 1e-8


def parameters(*laws):
    shapes = itertools.pairwise(SIZES)
    keys = jax.random.split(jax.random.key(1), len(laws))
    return [
        {"kernel": law(key, shape), "bias": jnp.zeros(shape[1])}
        for law, key, shape in zip(laws, keys, shapes, strict=True)
    ]


def loss(layers, activation, x, labels):
    for layer in layers[:-1]:
        x = activation(x @ layer["kernel"] + layer["bias"])
    logits = x @ layers[-1]["kernel"] + layers[-1]["bias"]
    return -jnp.mean(jax.nn.log_softmax(logits)[jnp.arange(len(x)), labels])


def inputs():
    key, other = jax.random.split(jax.random.key(0))
    # Classes of unequal number, so that the biases have something to learn.
    labels = jnp.minimum(jax.random.randint(other, (32,), 0, 7), SIZES[-1] - 1)
    return jax.random.normal(key, (32, SIZES[0])), labels


@functools.cache
def step_of(activation):
    """One step of descent: the layers after it, the loss before, slopes and their statistics."""

    def step(layers):
        value, slopes = jax.value_and_grad(loss)(layers, activation, *inputs())
        found = [
            weight_statistics(own["kernel"], slope["kernel"], slope["kernel"], jnp.bool_(True))
            for own, slope in zip(layers, slopes, strict=True)
        ]
        after = jax.tree.map(lambda p, g: p - LEARNING_RATE * g, layers, slopes)
        return after, value, slopes, found

    return jax.jit(step)


def trained(laws, activation):
    """Each step's loss, statistics of each kernel, and the last bias's largest slope."""
    layers, found = parameters(*laws), []
    for _ in range(STEPS):
        layers, value, slopes, statistics = step_of(activation)(layers)
        rows = [
            dict(zip(KERNEL + SYMMETRY, np.asarray(own).tolist(), strict=True))
            | {"slope": float(jnp.abs(slope["kernel"]).max())}
            for own, slope in zip(statistics, slopes, strict=True)
        ]
        found.append((float(value), rows, float(jnp.abs(slopes[-1]["bias"]).max())))
    return found


def ranks(found):
    """Ranks of the kernel gradients, `(step, layer)`; 0 where a gradient is rounding alone."""
    return [
        [round(row["kernel_gradient_rank"], 3) if row["slope"] > NOTHING else 0 for row in rows]
        for _, rows, _ in found
    ]


def law(name, **numbers):
    return INITIALIZERS[name](**numbers)


@pytest.mark.parametrize("activation", [jnp.tanh, jax.nn.relu])
def test_of_zeros_only_the_last_bias_learns(activation):
    assert KNOWN_FACTS["zeros_tanh_or_relu"].startswith("all kernel gradients identically 0")
    found = trained([law("zeros")] * 3, activation)
    assert ranks(found) == [[0, 0, 0]] * STEPS
    assert all(row["slope"] == 0 for _, rows, _ in found for row in rows)
    assert found[0][2] > 0.01
    assert found[-1][0] < found[0][0]


def test_zeros_under_a_sigmoid_wake_from_the_top_one_layer_a_step():
    assert "last hidden at step 1, first hidden at step 2" in KNOWN_FACTS["zeros_sigmoid"]
    found = trained([law("zeros")] * 3, jax.nn.sigmoid)
    assert ranks(found) == [[0, 0, 1], [0, 1, 1], [1, 1, 1], [1, 1, 1]]
    copies(found)


def copies(found):
    """Every hidden unit is a copy of the others at every step."""
    for _, rows, _ in found:
        assert all(row["duplicate_unit_fraction"] == 1.0 for row in rows[:HIDDEN])


def test_one_constant_everywhere_has_no_hidden_gradient_at_first_and_rank_one_after():
    assert "grad rank of hidden kernels = 0" in (KNOWN_FACTS["softmax_CE_all_layers_same_constant"])
    found = trained([law("constant", value=0.1)] * 3, jnp.tanh)
    assert ranks(found) == [[0, 0, 1]] + [[1, 1, 1]] * (STEPS - 1)
    copies(found)


def test_a_random_readout_gives_constant_layers_a_gradient_of_rank_one_at_once():
    assert KNOWN_FACTS["constant_hidden_random_output"] == "rank 1 from step 0"
    hidden = [law("constant", value=0.1)] * HIDDEN
    found = trained([*hidden, law("lecun_normal")], jnp.tanh)
    assert [row[:HIDDEN] for row in ranks(found)] == [[1, 1]] * STEPS
    # Units of the last hidden layer are told apart by their readout weights, those below by none.
    first, last = ([rows[one]["duplicate_unit_fraction"] for _, rows, _ in found] for one in (0, 1))
    assert first == [1.0] * STEPS
    assert last == [1.0] + [0.0] * (STEPS - 1)


@pytest.mark.parametrize("name", ["zeros", "constant"])
def test_the_first_loss_is_that_of_a_guess(name):
    assert KNOWN_FACTS["initial_loss"].startswith("ln(number of classes): ln10=2.302585092994")
    numbers = {"value": 0.1} if name == "constant" else {}
    found = trained([law(name, **numbers)] * 3, jnp.tanh)
    assert found[0][0] == pytest.approx(math.log(SIZES[-1]), rel=1e-6)
    assert math.log(10) == pytest.approx(2.302585092994, rel=1e-12)
    assert math.log(1000) == pytest.approx(6.907755278982, rel=1e-12)


def test_every_known_fact_is_held_here():
    assert set(KNOWN_FACTS) == {
        "softmax_CE_all_layers_same_constant",
        "constant_hidden_random_output",
        "zeros_tanh_or_relu",
        "zeros_sigmoid",
        "initial_loss",
    }
