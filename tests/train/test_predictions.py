"""Predictions of a group's trials, beside what is measured of them."""

import jax
import numpy as np
import pytest

from initlab import theory
from initlab.activations import ACTIVATIONS
from initlab.architectures.layers import Convolution
from initlab.data import load
from initlab.spec.laws import Constant, Gained, Normal, PlainLaw
from initlab.spec.schema import RunSpec
from initlab.train.predictions import (
    centre_keeps_places,
    input_moments,
    make_predictions,
    predict_trial,
)
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


@pytest.mark.parametrize("size", ["own", 4])
def test_input_moments_are_those_of_the_inputs(size):
    images = load("digits", size).train_images.reshape(1437, -1).astype(np.float64)
    x = (images - images.mean()) / images.std()
    cosines = (x @ x.T) / np.outer(*[np.linalg.norm(x, axis=1)] * 2)
    mean = (cosines.sum() - 1437) / (1437 * 1436)
    found = input_moments("digits", size, "all", 0.0, "standardized")
    assert found == pytest.approx((1.0, mean), rel=1e-9)


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


def test_an_orthogonal_network_scatters_less_than_one_of_independent_weights():
    run = RunSpec(**BASE, activation="relu", initializer=Gained(name="orthogonal"))
    columns = predictions(run)
    # 64 inputs on 32 units: every singular value is 1, and half of the directions are lost.
    assert columns["preactivation_second_moment"][0] == pytest.approx(1.0)
    spread = columns["preactivation_second_moment_scatter"].filled(np.nan) ** 2
    # Then three over the width a layer, where independent weights add five.
    first = np.log1p([1 / 32, 4 / 32])
    assert spread[:4] == pytest.approx([*first, *(first[1] + np.log1p(3 / 32) * np.arange(1, 3))])
    assert jax.config.jax_enable_x64 is False


def test_orthogonal_convolutions_have_no_scatter():
    fields = {"model": "convnet", "depth": 4, "width": 8, "steps": 0}
    for name in ("orthogonal", "delta_orthogonal"):
        columns = predictions(RunSpec(**fields, initializer=Gained(name=name)))
        assert columns["preactivation_second_moment_scatter"].mask.all()
        assert not columns["preactivation_second_moment"].mask.any()


def test_a_normalized_convnet_is_predicted_as_its_layers_are():
    run = RunSpec(model="convnet", depth=4, width=6, norm="batch", activation="tanh", steps=0)
    columns = predictions(run)
    names = ["conv_1", "norm_1", "conv_2", "norm_2", "conv_3", "norm_3", "readout"]
    assert list(columns["layer_name"]) == names
    assert list(columns["layer"]) == [1, 1, 2, 2, 3, 3, 4]
    images = load("digits").train_images.astype(np.float64)
    inputs = theory.inputs_like((images - images.mean()) / images.std())
    block = [theory.Norm("batch"), theory.Activation("tanh")]
    layers = [part for _ in range(3) for part in (theory.Convolution(6, 2.0), *block)]
    rows = theory.predict_network([*layers, theory.Dense(10, 2.0)], inputs)
    sites = [row for row in rows if not row.name.startswith("activation")]
    for name, wanted in (
        ("preactivation_second_moment", [row.second_moment for row in sites]),
        ("batch_correlation", [row.batch_correlation for row in sites]),
        ("preactivation_gradient_second_moment", [row.gradient_second_moment for row in sites]),
    ):
        assert columns[name].filled(np.nan) == pytest.approx(wanted, rel=1e-6)
    activated = [row.second_moment for row in rows if row.name.startswith("activation")]
    assert list(columns["activation_second_moment"].mask) == [True, False] * 3 + [True]
    assert columns["activation_second_moment"].compressed() == pytest.approx(activated, rel=1e-6)


def test_a_net_whose_branches_begin_as_nothing_is_predicted_as_its_shortcuts():
    fields = {"model": "resnet20", "dataset": "fashion", "width": 4, "steps": 0}
    run = RunSpec(**fields, residual="skip_init")
    rows = {
        site.name: row
        for site, row in zip(
            network_of(run, jax.nn.relu, load("fashion")).sites,
            predict_trial(run, jax.nn.relu),
            strict=True,
        )
    }
    sums = [rows[f"sum_{number}"] for number in range(1, 10)]
    assert sums[2][:4] == sums[1][:4] == sums[0][:4]
    first = rows["conv_1"].activation_second_moment
    assert sums[0].preactivation_second_moment == pytest.approx(first)
    # Half the channels are zeros, and then three quarters; what is between two sums stays.
    halves = [sums[index].preactivation_second_moment / first for index in (3, 6)]
    assert halves == pytest.approx([1 / 2, 1 / 4], rel=0.1)  # other places than all are met
    gradients = [row.preactivation_gradient_second_moment for row in sums]
    # Each image that is halved is met at a quarter of its places; zeros have none of it.
    assert gradients[::3] == pytest.approx([gradients[8] / 4, gradients[8] / 2, gradients[8]])
    assert rows["conv_2"].preactivation_gradient_second_moment == 0


def test_delta_orthogonal_filters_lose_nothing_at_the_border():
    fields = {"model": "convnet", "depth": 5, "width": 8, "steps": 0, "activation": "identity"}
    squares = {}
    for name in ("orthogonal", "delta_orthogonal"):
        columns = predictions(RunSpec(**fields, initializer=Gained(name=name)))
        squares[name] = columns["preactivation_second_moment"].filled(np.nan)
        gradient = columns["preactivation_gradient_second_moment"].filled(np.nan)[:-1]
        assert (gradient[0] == pytest.approx(gradient[-1])) == (name == "delta_orthogonal")
    # One channel of mean square 1 on 8 filters of length 1; then rotations; then 512 inputs.
    assert squares["delta_orthogonal"] == pytest.approx([0.125] * 5)
    # The border meets six or four of nine taps: a convolution loses there with every layer.
    lost = squares["orthogonal"][1:4] / squares["orthogonal"][:3]
    assert (lost < 0.95).all()


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"padding": "CIRCULAR", "strides": (1, 1)}, True),
        ({"padding": "VALID"}, False),
        ({"strides": (2, 2)}, False),
        ({"dilation": (2, 2)}, False),
    ],
)
def test_the_centre_of_a_window_meets_each_place_at_stride_one(change, kept):
    assert centre_keeps_places(Convolution(8, **change)) is kept
