"""Predictions of a group's trials, beside what is measured of them."""

import jax
import numpy as np
import pytest

from initlab.activations import ACTIVATIONS
from initlab.data import load
from initlab.spec.laws import Constant, Gained, Normal, PlainLaw
from initlab.spec.schema import RunSpec
from initlab.train.predictions import input_moments, make_predictions
from initlab.train.program import network_of

BASE = {"depth": 5, "width": 32, "steps": 0}


def predictions(*runs):
    function = ACTIVATIONS[runs[0].activation.name].function
    return make_predictions(runs, network_of(runs[0], function, load("digits")), function)


def test_a_trial_has_a_row_a_site_and_its_seeds_share_it():
    runs = [RunSpec(**BASE, seed=seed) for seed in (0, 1)]
    columns = predictions(*runs)
    assert list(columns["trial_id"]) == [runs[0].trial_id] * 5
    assert list(columns["layer_name"]) == ["dense_1", "dense_2", "dense_3", "dense_4", "readout"]
    # He's law keeps the input's mean square times two, whatever the fans.
    squares = columns["preactivation_second_moment"].filled(np.nan)
    assert squares == pytest.approx(np.full(5, 2.0), rel=1e-9)
    gradient = columns["preactivation_gradient_second_moment"].filled(np.nan)
    assert gradient == pytest.approx([10 / 32] * 4 + [1.0], rel=1e-9)
    assert list(columns["activation_second_moment"].mask) == [False] * 4 + [True]


def test_input_moments_are_those_of_the_inputs():
    images = load("digits").train_images.reshape(1437, -1).astype(np.float64)
    x = (images - images.mean()) / images.std()
    cosines = (x @ x.T) / np.outer(*[np.linalg.norm(x, axis=1)] * 2)
    mean = (cosines.sum() - 1437) / (1437 * 1436)
    assert input_moments("digits", 0.0, "standardized") == pytest.approx((1.0, mean), rel=1e-9)


@pytest.mark.parametrize(
    "fields",
    [
        {"initializer": PlainLaw(name="zeros")},
        {"initializer": Normal(name="normal", stddev=0.1, mean=0.02)},
        {"readout_initializer": PlainLaw(name="zeros")},
        {"bias_initializer": Constant(name="constant", value=1.0)},
    ],
)
def test_what_theory_says_nothing_of_has_no_row(fields):
    assert len(predictions(RunSpec(**BASE, **fields))["trial_id"]) == 0


def test_an_orthogonal_network_has_no_scatter_of_independent_weights():
    columns = predictions(RunSpec(**BASE, initializer=Gained(name="orthogonal")))
    assert columns["preactivation_second_moment_scatter"].mask.all()
    # 64 inputs on 32 units: every singular value is 1, and half of the directions are lost.
    assert columns["preactivation_second_moment"][0] == pytest.approx(1.0)
    assert jax.config.jax_enable_x64 is False
