"""muP's claim: what a few steps change at each layer does not depend on the width."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from initlab.initializers.mup import mup

INPUTS, CLASSES, BATCH, STEPS, SEEDS = 16, 4, 32, 3, 8
WIDTHS = (64, 512)
RATES = {"sgd": 0.02, "adam": 0.02}


def shapes(width):
    return {"input": (INPUTS, width), "hidden": (width, width), "output": (width, CLASSES)}


def changes(width, optimizer, *, scaled, seed):
    """Mean absolute change of each layer's preactivations over a few steps."""
    keys = jax.random.split(jax.random.key(seed), 5)
    x = jax.random.normal(keys[0], (BATCH, INPUTS))
    y = jax.random.randint(keys[1], (BATCH,), 0, CLASSES)
    kernels, rates = {}, {}
    for key, (kind, shape) in zip(keys[2:], shapes(width).items(), strict=True):
        own, at_first = (mup(kind, optimizer, shapes(w)[kind]) for w in (width, WIDTHS[0]))
        variance = own.variance if scaled else 1 / shape[0]
        kernels[kind] = jnp.sqrt(variance) * jax.random.normal(key, shape)
        ratio = own.learning_rate / at_first.learning_rate
        rates[kind] = RATES[optimizer] * (ratio if scaled else 1.0)

    def forward(kernels):
        first = x @ kernels["input"]
        second = jnp.tanh(first) @ kernels["hidden"]
        return first, second, jnp.tanh(second) @ kernels["output"]

    def loss(kernels):
        logits = forward(kernels)[-1]
        return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(logits, y))

    rule = optax.scale_by_adam() if optimizer == "adam" else optax.identity()
    state, before = rule.init(kernels), forward(kernels)
    for _ in range(STEPS):
        update, state = rule.update(jax.grad(loss)(kernels), state)
        kernels = {kind: kernels[kind] - rates[kind] * update[kind] for kind in kernels}
    pairs = zip(forward(kernels), before, strict=True)
    return jnp.stack([jnp.mean(jnp.abs(after - start)) for after, start in pairs])


def growth(optimizer, *, scaled):
    """What each layer changes by at the larger width over what it changes by at the smaller."""
    found = []
    for width in WIDTHS:
        measure = jax.jit(
            jax.vmap(lambda seed, w=width: changes(w, optimizer, scaled=scaled, seed=seed))
        )
        found.append(np.asarray(measure(jnp.arange(SEEDS))).mean(axis=0))
    return found[1] / found[0]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_changes_do_not_grow_with_the_width(optimizer):
    """Within the band that the authors' own coordinate check asks for, a fifth, over a factor 8."""
    ratios = growth(optimizer, scaled=True)
    assert (ratios > 1 / 1.2).all(), ratios
    assert (ratios < 1.2).all(), ratios


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_with_one_rate_for_all_arrays_changes_depend_on_the_width(optimizer):
    ratios = growth(optimizer, scaled=False)
    assert np.abs(np.log(ratios)).max() > np.log(2), ratios


def test_the_table_is_that_of_the_paper():
    dense, bias = (8, 32), (32,)
    assert mup("input", "sgd", dense) == (1 / 8, 32)
    assert mup("input", "adam", dense) == (1 / 8, 1)
    assert mup("hidden", "sgd", dense) == (1 / 8, 1)
    assert mup("hidden", "adam", dense) == (1 / 8, 1 / 8)
    assert mup("output", "sgd", dense) == mup("output", "adam", dense) == (1 / 64, 1 / 8)
    assert mup("input", "sgd", bias) == (1, 32)
    assert mup("hidden", "adam", (3, 3, 8, 32)) == (1 / 72, 1 / 72)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("first", "sgd", (8, 8)), "`kind` must be one of input, hidden, output, got 'first'."),
        (("input", "momentum", (8, 8)), "`optimizer` must be one of sgd, adam, got 'momentum'."),
        (
            ("hidden", "sgd", (8,)),
            "`kind` of a bias of shape (8,) must be 'input', got 'hidden'.",
        ),
    ],
)
def test_what_the_table_lacks_is_refused(arguments, message):
    with pytest.raises(ValueError) as caught:
        inspect.unwrap(mup)(*arguments)
    assert str(caught.value) == message
