"""The compiled loop trains as a plain loop in JAX and optax does, and measures what it says."""

import jax.numpy as jnp
import numpy as np
import optax
import pytest

from initlab.measure.histogram import LIMIT, NUM_BINS, NUM_INPUTS
from initlab.train.batches import make_batches
from initlab.train.devices import run_mesh
from tests.train.conftest import of_run, variant
from tests.train.plain_loop import plain_loop

FEW = {"steps": "every", "statistics": "moments", "spectral_steps": 0, "keep": ["first_kernel"]}
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
    "adam and decay": (
        dict(optimizer="adam", learning_rate=0.01, weight_decay=0.5),
        lambda r: optax.adamw(0.01, weight_decay=0.5),
    ),
    "cosine": (
        dict(optimizer="sgd", learning_rate_schedule="cosine"),
        lambda r: optax.sgd(optax.cosine_decay_schedule(0.1, 6)),
    ),
    "linear with a warm-up": (
        dict(optimizer="sgd", learning_rate_schedule="linear", warmup_steps=2, loss="mse"),
        lambda r: optax.sgd(
            lambda t: 0.1 * jnp.minimum(1, (t + 1) / 3) * (1 - jnp.clip((t - 2) / 4, 0, 1))
        ),
    ),
    "raw inputs, biases and smaller images": (
        dict(inputs="unit", image_size=4, bias_initializer={"name": "normal", "stddev": 0.3}),
        lambda r: optax.sgd(r.learning_rate, 0.9),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_training_agrees_with_a_plain_loop(train, case):
    fields, optimizer = CASES[case]
    run = variant(**fields, measure=FEW)
    found = train(run)
    plain = plain_loop(run, optimizer(run))
    # Float32 sums in another order: 7 steps of a net of condition number about 10.
    assert of_run(found.steps, run)["train_loss"] == pytest.approx(plain.losses, rel=1e-4)
    trained = found.arrays[f"first_kernel_final/{run.run_id}"]
    assert trained == pytest.approx(plain.kernels[-1][0], rel=1e-3, abs=1e-5)


def test_variances_of_weights_and_gradients_are_those_of_a_plain_loop(train):
    run = variant()
    plain = plain_loop(run, optax.sgd(0.1, 0.9))
    layers = of_run(train(run).layers, run)
    measured = np.stack([layers["kernel_variance"], layers["kernel_gradient_variance"]], axis=-1)
    assert measured.reshape(plain.variances.shape) == pytest.approx(plain.variances, rel=1e-3)


@pytest.mark.parametrize("fraction", [0.0, 0.2])
def test_held_out_parts_are_measured_on_the_spectral_schedule_and_train_nothing(train, fraction):
    run = variant(validation_fraction=fraction)
    steps = of_run(train(run).steps, run)
    plain = plain_loop(run, optax.sgd(0.1, 0.9))
    assert set(plain.held_out) == {"test"} | ({"validation"} if fraction else set())
    assert steps["train_loss"] == pytest.approx(plain.losses, rel=1e-4)
    for part, wanted in plain.held_out.items():
        loss, accuracy = steps[f"{part}_loss"], steps[f"{part}_accuracy"]
        assert np.flatnonzero(np.isfinite(loss)).tolist() == [0, 6]
        assert loss[[0, 6]] == pytest.approx(wanted[:, 0], rel=1e-4)
        # One image of 287 or 360 may lie nearer to a border than float32 tells.
        assert accuracy[[0, 6]] == pytest.approx(wanted[:, 1], abs=1.01 / 287)


def test_what_is_kept_is_that_of_the_first_and_of_the_last_step(train):
    run = variant(measure={"keep": ["histograms", "first_kernel"]})
    kept = train(run).arrays
    plain = plain_loop(run, optax.sgd(0.1, 0.9))
    for when, kernels in zip(("initial", "final"), plain.kernels, strict=True):
        kernel = kept[f"first_kernel_{when}/{run.run_id}"]
        assert kernel == pytest.approx(kernels[0], rel=1e-4, abs=1e-5)
    for histograms, sites in zip(kept[f"histograms/{run.run_id}"], plain.activations, strict=True):
        for histogram, site in zip(histograms, sites, strict=True):
            counted = site[:NUM_INPUTS] / np.sqrt(np.mean(site**2, dtype=np.float64))
            edges = np.linspace(-LIMIT, LIMIT, NUM_BINS + 1)
            shares = np.histogram(counted, edges)[0] / counted.size
            # An entry may lie nearer to an edge than float32 tells; a step of training moves a
            # third of them.
            assert np.abs(histogram - shares).sum() / 2 <= 2.01 / counted.size


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
    run = variant(loss="mse", initializer="zeros", measure=FEW)
    # Logits of 0 against a one-hot target: 1/2. (With outputs of 0.1 each it would be 0.45.)
    assert of_run(train(run).steps, run)["train_loss"][0] == pytest.approx(0.5)
