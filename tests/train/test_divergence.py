"""A run that diverges keeps its rows, tells where its numbers broke, and freezes."""

import numpy as np
import pytest

from initlab.train.records import Outcome
from tests.train.conftest import of_run, variant


def test_overflow_in_the_forward_pass_names_step_layer_and_direction(train):
    run = variant(activation="relu", initializer={"name": "constant", "value": 1e15})
    found = train(run)
    (outcome,) = found.outcomes
    # Inputs of order 1 grow by 64 * 1e15, then by 8 * 1e15 a layer: layer 3 passes 3.4e38.
    assert outcome.status == "diverged"
    assert (outcome.diverged_at_step, outcome.first_nonfinite_layer) == (0, 3)
    assert outcome.first_nonfinite_direction == "forward"
    layers = of_run(found.layers, run)
    assert layers["step"].tolist() == [0, 0, 0, 0]
    assert np.isfinite(layers["preactivation_second_moment"]).tolist() == [True, True, False, False]


def test_overflow_in_the_backward_pass_alone_names_the_layer_nearest_to_the_loss(train):
    run = variant(activation="sin", depth=7, initializer={"name": "normal", "stddev": 1e9}, steps=1)
    found = train(run)
    (outcome,) = found.outcomes
    # A sine keeps the signal below 1 and its slope has a root mean square of 0.7, so a gradient
    # grows by 1e9 * sqrt(8) * 0.7 a layer and begins with 0.03 at the readout: about 6e7 at
    # layer 6, 5e35 at layer 3, 1e45 at layer 2, where float32 ends at 3e38.
    assert outcome == Outcome("diverged", 0, 2, "backward")
    layers = of_run(found.layers, run)
    assert np.isfinite(layers["preactivation_second_moment"]).all()
    gradients = layers["preactivation_gradient_second_moment"]
    assert np.isfinite(gradients).tolist() == [False] * 2 + [True] * 5
    assert np.isfinite(of_run(found.steps, run)["train_loss"]).all()


def test_rows_before_the_divergence_are_those_of_a_tame_run(train):
    wild = variant(activation="relu", initializer="he_normal", learning_rate=1e6, optimizer="sgd")
    found = train(wild)
    (outcome,) = found.outcomes
    assert outcome.status == "diverged"
    assert 0 < outcome.diverged_at_step <= wild.steps
    steps = of_run(found.steps, wild)["step"].tolist()
    assert steps == list(range(outcome.diverged_at_step + 1))
    first = of_run(found.layers, wild)["preactivation_second_moment"][:4]
    tame = variant(activation="relu", initializer="he_normal", learning_rate=0.1, optimizer="sgd")
    assert np.array_equal(
        first, of_run(train(tame).layers, tame)["preactivation_second_moment"][:4]
    )


def test_the_diverging_batch_is_measured_at_the_next_scheduled_step(train):
    fields = dict(activation="relu", initializer="he_normal", learning_rate=1e6, optimizer="sgd")
    every = variant(**fields)
    sparse = variant(**fields, measure={"steps": [0], "spectral_steps": 0})
    (at_once,) = train(every).outcomes
    found = train(sparse)
    assert found.outcomes == (at_once,)
    layers = of_run(found.layers, sparse)
    assert sorted(set(layers["step"].tolist())) == [0, at_once.diverged_at_step]
    wanted = of_run(train(every).layers, every)
    mine, theirs = (t["step"] == at_once.diverged_at_step for t in (layers, wanted))
    name = "preactivation_second_moment"
    assert np.array_equal(layers[name][mine], wanted[name][theirs], equal_nan=True)


def test_a_vanished_signal_is_a_small_number_and_no_divergence(train):
    run = variant(
        activation="tanh", depth=30, initializer={"name": "normal", "stddev": 0.01}, steps=0
    )
    found = train(run)
    assert found.outcomes[0].status == "completed"
    q = of_run(found.layers, run)["preactivation_second_moment"]
    assert 0 < q[21] < 1e-60
    # Eight units of standard deviation 0.01: a factor of 8e-4 a layer, give or take a half.
    factor = (q[21] / q[5]) ** (1 / 16)
    assert factor == pytest.approx(8e-4, rel=0.5)


def test_an_overflowing_statistic_is_no_divergence(train):
    run = variant(
        activation="identity", initializer={"name": "constant", "value": 3e9}, steps=0, depth=3
    )
    found = train(run)
    assert found.outcomes[0].status == "completed"
    assert of_run(found.layers, run)["preactivation_second_moment"][2] > 1e38
