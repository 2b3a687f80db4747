"""The compiled loop trains as a plain loop in JAX and optax does, and measures what it says."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from initlab.data import input_scaling, load
from initlab.initializers import INITIALIZERS
from initlab.train.batches import make_batches
from initlab.train.devices import run_mesh
from initlab.train.keys import BIAS, KERNEL, purpose_key
from tests.train.conftest import of_run, variant


def plain_parameters(run):
    images = load(run.dataset)
    sizes = [images.train_images[0].size, *[run.width] * (run.depth - 1), 10]
    parameters = []
    for layer, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes), start=1):
        law = run.readout_law if layer == run.depth else run.initializer
        draw = INITIALIZERS[law.name](**law.arguments())
        seed = jnp.uint32(run.seed)
        kernel = draw(jax.random.fold_in(purpose_key(seed, KERNEL), layer), (fan_in, fan_out))
        bias_law = INITIALIZERS[run.bias_initializer.name](**run.bias_initializer.arguments())
        bias = bias_law(jax.random.fold_in(purpose_key(seed, BIAS), layer), (fan_in, fan_out))[0]
        parameters.append((kernel, bias))
    return parameters


def plain_loop(run, optimizer, steps):
    """Trains `run` step by step, and returns losses and every kernel's and gradient's variance."""
    images = load(run.dataset)
    shift, scale = input_scaling(images.train_images, images.max_value, run.inputs)
    batches = make_batches(len(images.train_labels), run.batch_size, 32, run_mesh())
    chosen = np.asarray(batches(np.array([run.seed, run.seed], np.uint32), 0))[0]
    parameters = plain_parameters(run)
    state = optimizer.init(parameters)

    def loss_of(parameters, x, labels):
        for kernel, bias in parameters[:-1]:
            x = jnp.tanh(x @ kernel + bias)
        logits = x @ parameters[-1][0] + parameters[-1][1]
        if run.loss == "mse":
            return 0.5 * jnp.mean(jnp.sum((logits - jax.nn.one_hot(labels, 10)) ** 2, axis=1))
        return -jnp.mean(jax.nn.log_softmax(logits)[jnp.arange(len(labels)), labels])

    losses, variances = [], []
    for step in range(steps + 1):
        pixels = images.train_images[chosen[step]].reshape(run.batch_size, -1)
        x = (jnp.asarray(pixels, jnp.float32) - shift) * scale
        loss, gradient = jax.value_and_grad(loss_of)(
            parameters, x, images.train_labels[chosen[step]]
        )
        losses.append(float(loss))
        variances.append(
            [
                [float(k.var()), float(g.var())]
                for (k, _), (g, _) in zip(parameters, gradient, strict=True)
            ]
        )
        update, state = optimizer.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, update)
    return np.array(losses), np.array(variances)


CASES = {
    "sgd": (dict(optimizer="sgd"), lambda r: optax.sgd(r.learning_rate)),
    "momentum": (
        dict(optimizer="momentum", momentum=0.8),
        lambda r: optax.sgd(r.learning_rate, 0.8),
    ),
    "adam": (
        dict(optimizer="adam", learning_rate=0.01, adam_beta2=0.99),
        lambda r: optax.adam(0.01, b2=0.99),
    ),
    "clip and decay": (
        dict(optimizer="sgd", gradient_clip=0.5, weight_decay=0.1),
        lambda r: optax.chain(
            optax.clip_by_global_norm(0.5),
            optax.add_decayed_weights(0.1),
            optax.sgd(r.learning_rate),
        ),
    ),
    "schedule": (
        dict(optimizer="sgd", learning_rate_schedule="linear", warmup_steps=2, loss="mse"),
        lambda r: optax.sgd(
            lambda t: 0.1 * jnp.minimum(1, (t + 1) / 3) * (1 - jnp.clip((t - 2) / 4, 0, 1))
        ),
    ),
    "raw inputs and biases": (
        dict(inputs="unit", bias_initializer={"name": "normal", "stddev": 0.3}),
        lambda r: optax.sgd(r.learning_rate, 0.9),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_training_agrees_with_a_plain_loop(train, case):
    fields, optimizer = CASES[case]
    run = variant(**fields)
    found = train(run)
    losses, variances = plain_loop(run, optimizer(run), run.steps)
    # Float32 sums in another order: 7 steps of a net of condition number about 10.
    assert of_run(found.steps, run)["train_loss"] == pytest.approx(losses, rel=1e-4)
    layers = of_run(found.layers, run)
    measured = np.stack([layers["kernel_variance"], layers["kernel_gradient_variance"]], axis=-1)
    assert measured.reshape(variances.shape) == pytest.approx(variances, rel=1e-3)


def test_test_metrics_stand_on_the_spectral_schedule_alone(train):
    run = variant()
    steps = of_run(train(run).steps, run)
    assert np.flatnonzero(np.isfinite(steps["test_loss"])).tolist() == [0, 6]


def test_validation_part_is_held_out_and_measured(train):
    run = variant(validation_fraction=0.2)
    steps = of_run(train(run).steps, run)
    assert np.flatnonzero(np.isfinite(steps["validation_loss"])).tolist() == [0, 6]


def test_every_image_is_seen_once_an_epoch():
    batches = make_batches(100, 30, 32, run_mesh())
    seeds = np.array([0, 7], np.uint32)
    chosen = np.concatenate([np.asarray(batches(seeds, first)) for first in (0, 32)], axis=1)
    for run in chosen:
        for epoch in range(0, 63, 3):
            seen = run[epoch : epoch + 3].reshape(-1)
            assert len(set(seen.tolist())) == 90
        assert len({tuple(batch) for batch in run.tolist()}) == len(run)
    again = np.asarray(batches(seeds, 5))
    assert np.array_equal(again[:, :20], chosen[:, 5:25])


def test_initial_measurement_needs_no_training(train):
    run = variant(steps=0)
    found = train(run)
    first = of_run(train(variant()).layers, variant())
    alone = of_run(found.layers, run)
    for name in ("preactivation_variance", "preactivation_gradient_variance", "kernel_variance"):
        assert np.array_equal(alone[name], first[name][:4])


def test_half_the_summed_squared_error_of_no_preference(train):
    run = variant(loss="mse", initializer="zeros")
    # Logits of 0 against a one-hot target: 1/2. (With outputs of 0.1 each it would be 0.45.)
    assert of_run(train(run).steps, run)["train_loss"][0] == pytest.approx(0.5)
