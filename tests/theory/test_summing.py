"""Sums whose branch begins as nothing are predicted as if it were not there."""

import numpy as np
import pytest

from initlab.architectures.layers import (
    Activation,
    Convolution,
    Dense,
    Norm,
    Pool,
    Residual,
    ZeroChannels,
)
from initlab.architectures.scalars import Multiplier, Offset
from initlab.theory import predict_network
from initlab.theory.inputs import white_inputs

RELU = Activation("relu")
START = (Dense(64, 1.5, 0.1), RELU)
END = (Dense(10, 1.0),)
INSIDE = (Dense(64, 2.0), RELU, Dense(64, 2.0))
BLOCKS = {
    "skip_init": (Residual((*INSIDE, Multiplier(0.0))), RELU),
    "rezero": (Residual((*INSIDE, RELU, Multiplier(0.0))),),
    "zero_gamma": (Residual((*INSIDE, Norm("layer", first_scale=0.0))), RELU),
    "fixup": (
        Residual((Offset(), Dense(64, 2.0), RELU, Dense(64, 0.0), Multiplier(), Offset())),
        RELU,
    ),
}


def predicted(*layers):
    rows = predict_network(layers, white_inputs(20, second_moment=1.0, correlation=0.3))
    return {row.name: row[1:5] for row in rows}


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_that_begin_as_nothing_leave_signal_and_gradient_alone(name):
    alone = predicted(*START, *END)
    among = predicted(*START, *BLOCKS[name] * 3, *END)
    assert among["dense_1"] == pytest.approx(alone["dense_1"], rel=1e-12)
    assert among["activation_1"][:3] == pytest.approx(alone["activation_1"][:3], rel=1e-12)
    assert among["residual_3"][:3] == pytest.approx(alone["activation_1"][:3], rel=1e-12)
    assert among["dense_2"] == pytest.approx(alone["dense_2"], rel=1e-12)


def test_nothing_comes_back_through_a_multiplier_of_zero():
    among = predicted(*START, *BLOCKS["skip_init"], *END)
    inner = [among[f"residual_1.{name}"][3] for name in ("dense_1", "activation_1", "dense_2")]
    assert inner == [0, 0, 0]


def test_a_multiplier_at_the_end_of_a_branch_is_the_factor_of_the_branch():
    one = predicted(*START, Residual((*INSIDE, Multiplier(0.5))), *END)
    other = predicted(*START, Residual(INSIDE, (), 0.5), *END)
    for name in ("dense_1", "residual_1", "dense_2", "residual_1.dense_1"):
        assert one[name] == pytest.approx(other[name], rel=1e-12)


def test_a_normalization_has_its_first_scale():
    plain, halved = (
        predicted(*START[:1], Norm("layer", first_scale=scale), *END) for scale in (1.0, 0.5)
    )
    assert halved["norm_1"][0] == pytest.approx(plain["norm_1"][0] / 4, rel=1e-12)
    assert halved["dense_1"][3] == pytest.approx(plain["dense_1"][3] / 4, rel=1e-12)


def test_a_rectifier_of_rectified_values_halves_the_gradient_once():
    rng = np.random.default_rng(0)
    h = rng.standard_normal(100_000)
    gradient = rng.standard_normal(100_000) * (np.maximum(h, 0) > 0)  # at the sum
    among = predicted(*START, *BLOCKS["skip_init"], *END)
    sum_, first = among["residual_1"][3], among["dense_1"][3]
    assert sum_ / among["activation_2"][3] == pytest.approx(np.mean(gradient**2), rel=0.03)
    assert first == pytest.approx(sum_, rel=1e-12)


@pytest.mark.parametrize("name", ["skip_init", "rezero"])
def test_channels_of_zeros_carry_nothing_on_and_nothing_back(name):
    inside = (Dense(64, 2.0), RELU, Dense(128, 2.0), Multiplier(0.0))
    block = (Residual(inside, (ZeroChannels(128),)), *[RELU] * (name == "skip_init"))
    inside = (Dense(64, 2.0), RELU, Dense(256, 2.0), Multiplier(0.0))
    again = (Residual(inside, (ZeroChannels(256),)), *[RELU] * (name == "skip_init"))
    alone, among = predicted(*START, *END), predicted(*START, *block, *again, *END)
    assert among["residual_2"][0] == pytest.approx(alone["activation_1"][0] / 4, rel=1e-12)
    assert among["dense_2"][0] == pytest.approx(alone["dense_2"][0] / 4, rel=1e-12)
    # The readout's weights are of a fan-in four times as large.
    assert among["dense_1"][3] == pytest.approx(alone["dense_1"][3] / 4, rel=1e-12)


def test_a_window_of_one_entry_chooses_places_as_they_are():
    inputs = white_inputs(20, size=(4, 4), second_moment=1.0, correlation=0.3)
    layers = (Convolution(8, 1.5, 0.1, padding="CIRCULAR"), RELU)
    alone = predict_network(layers, inputs)[-1]
    choice = Pool("average", (1, 1), (2, 2))
    chosen = predict_network((*layers, choice, RELU, Dense(3, 1.0)), inputs)
    assert chosen[2][1:4] == pytest.approx(alone[1:4], rel=1e-6)
    assert chosen[3][1:4] == chosen[2][1:4]
    # A quarter of the places is met, and half of the units there.
    assert chosen[1].gradient_second_moment == pytest.approx(
        chosen[3].gradient_second_moment / 8, rel=1e-12
    )
