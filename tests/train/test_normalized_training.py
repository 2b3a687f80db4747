"""Normalization, dropout, augmentation, a head beside: training against a loop in plain Python."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from initlab.architectures.families import FAMILIES, Family
from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Convolution,
    Dense,
    Dropout,
    Norm,
    Pool,
    Repeat,
)
from initlab.data import input_scaling, load
from initlab.data.augmentation import augment
from initlab.initializers import INITIALIZERS
from initlab.models import Pass
from initlab.train.batches import make_batches
from initlab.train.devices import run_mesh
from initlab.train.keys import AUGMENTATION, DROPOUT, purpose_key
from initlab.train.parameters import Sampler
from initlab.train.program import network_of
from tests.train.conftest import of_run, variant

WEIGHT = 0.3  # of the loss of the head beside
SHARE = 0.1  # of a new batch in the running averages, the first one's being whole


def with_dropout(recipe):
    block = (Convolution(recipe.width), Norm("batch"), Activation(), Dropout(0.25))
    head = Auxiliary((Pool("global"), Dense(recipe.classes)), WEIGHT)
    return (*block, head, Repeat(recipe.depth - 2, block), Dense(recipe.classes))


def drawn(run, network):
    laws = (("kernel", INITIALIZERS["lecun_normal"]()), ("bias", INITIALIZERS["zeros"]()))
    layers = sum(stack.count for stack in network.stacks)
    kernels, biases = ([[law] * layers] * 2 for law in laws)
    both = Sampler(run_mesh())(network, [run.seed] * 2, kernels, biases)
    return jax.tree.map(lambda leaf: jnp.asarray(leaf[0]), both)


def cross_entropy(logits, labels):
    return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()


def test_training_agrees_with_a_plain_loop(train, monkeypatch):
    monkeypatch.setitem(FAMILIES, "convnet", Family(with_dropout, norm="batch"))
    run = variant(
        model="convnet",
        norm="batch",
        width=3,
        learning_rate=0.5,
        augmentation=({"name": "translation", "pixels": 1}, "flip"),
        measure={"steps": "every", "spectral_steps": 7},
    )
    images = load("digits")
    shift, scale = input_scaling(images.train_images, images.max_value, run.inputs)
    network = network_of(run, jnp.tanh, images)
    parameters = drawn(run, network)
    changes = augment(run.augmentation, max_value=images.max_value)
    batches = make_batches(len(images.train_labels), run.batch_size, 32, run_mesh())
    chosen = np.asarray(batches(np.array([run.seed] * 2, np.uint32), 0))[0]
    optimizer = optax.sgd(run.learning_rate, run.momentum)
    state, averages = optimizer.init(parameters), None
    seed, test_inputs = (
        jnp.uint32(run.seed),
        jnp.asarray((images.test_images - shift) * scale, "float32"),
    )
    train_losses, test_losses = [], []
    for step in range(run.steps + 1):
        keys = [jax.random.fold_in(purpose_key(seed, p), step) for p in (AUGMENTATION, DROPOUT)]
        pixels = changes(keys[0], jnp.asarray(images.train_images[chosen[step]]))
        inputs, labels = (pixels - shift) * scale, images.train_labels[chosen[step]]

        def objective(parameters, inputs=inputs, labels=labels, key=keys[1]):
            passing = Pass(key=key)
            loss = cross_entropy(network.passed(parameters, inputs, passing), labels)
            [(_, answer)] = passing.answers
            return loss + WEIGHT * cross_entropy(answer, labels), passing.found

        (loss, found), gradient = jax.value_and_grad(objective, has_aux=True)(parameters)
        averages = (
            found
            if averages is None
            else jax.tree.map(lambda old, new: (1 - SHARE) * old + SHARE * new, averages, found)
        )
        logits = network.passed(parameters, test_inputs, Pass(statistics=averages))
        train_losses.append(float(loss))
        test_losses.append(float(cross_entropy(logits, images.test_labels)))
        update, state = optimizer.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, update)
    steps = of_run(train(run).steps, run)
    # Float32 sums in another order; normalization divides by deviations of about 1.
    assert steps["train_loss"] == pytest.approx(train_losses, rel=1e-3)
    assert steps["test_loss"] == pytest.approx(test_losses, rel=1e-3)
