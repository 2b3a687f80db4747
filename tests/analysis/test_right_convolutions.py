"""Convolutional networks of the right scale are not called wrong, however narrow."""

import pandas as pd
import pytest
from scipy.stats import binom

from initlab.analysis.expected_factors import astray, expected_factors, run_expectations
from initlab.architectures.layers import Activation, Convolution, Dense
from initlab.theory.inputs import white_inputs
from initlab.theory.network import predict_sites
from tests.theory.drawn_networks import draw, orthogonal_inputs

from .drawn_networks import tables

DEPTH, SIZE, CORRELATION, NETWORKS = 8, (6, 6), 0.4, 1000
RIGHT = 0.01  # of right networks that may be called wrong
SCALES = {"relu": 2.0, "tanh": 2.53617543}  # each keeps a mean square of one


def drawn_convolutions(activation, width, padding):
    """Tables of networks that differ in nothing but the draw, measured on two inputs."""
    layer = Convolution(width, SCALES[activation], padding=padding)
    layers = [layer, *[Activation(activation), layer] * (DEPTH - 2)]
    layers += [Activation(activation), Dense(10, 1.0)]
    inputs = orthogonal_inputs(SIZE, CORRELATION)
    sites = predict_sites(layers, white_inputs(inputs.shape[-1], SIZE, correlation=CORRELATION))
    told = pd.DataFrame([site._asdict() for site in sites])
    told = told.assign(layer=range(1, DEPTH + 1), site=range(DEPTH))
    found = draw(layers, inputs, NETWORKS)
    return tables(found.square[:, ::2], found.gradient[:, ::2], told, activation)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "width", "padding"),
    [("relu", 8, "SAME"), ("relu", 16, "CIRCULAR"), ("tanh", 8, "CIRCULAR"), ("tanh", 16, "SAME")],
)
def test_right_convolutions_are_not_called_wrong(activation, width, padding):
    runs, layers, predictions = drawn_convolutions(activation, width, padding)
    expectations = run_expectations(runs, layers, predictions)
    assert not expectations["unstable"].any()
    # Theory has the scatter of no gradient over places, and forward from 16 channels on.
    alone = expectations.assign(astray=astray(expectations)).dropna(subset="astray")
    assert set(alone["direction"]) == ({"forward"} if width == 16 else set())
    assert alone["astray"].sum() <= RIGHT * len(alone)
    trials = runs.assign(trial_id=[f"trial-{number // 5}" for number in range(NETWORKS)])
    table = expected_factors(trials, expectations)
    right = table["measured"].between(table["expected_low"], table["expected_high"])
    assert len(table) == 400
    # As many as one in a hundred gives in all but one of a hundred samples.
    assert (~right).sum() <= binom.ppf(0.99, len(table), RIGHT)
