"""The known faults are found: each departs, by the factor that it is known by."""

import pytest

from initlab import theory
from scripts.conformance import published
from scripts.conformance.laws import SQUARES
from scripts.conformance.layers import DENSE
from tests.theory.known_answers import KNOWN

SIGNATURES = KNOWN["bug_signatures_per_layer_second_moment_factor"]
CUT = KNOWN["truncated_normal"]
# The layer has 128 inputs and 256 outputs.
FACTORS = {
    "He, cut at two deviations, not corrected (TF.js)": SIGNATURES[
        "he with truncation at 2 sd and NO 0.8796 correction"
    ],
    "He, cut, times 0.8796 instead of over it": CUT["var_pm2"] ** 2,
    "He, `fan_in` from the axis of the outputs": SIGNATURES[
        "he variance used as fan_out when fan_out=2*fan_in"
    ],
    "He, bound sqrt(2 / fan-in)": SIGNATURES[
        "he_uniform with bound sqrt(2/fan_in) instead of sqrt(6/fan_in)"
    ],
    "Gain of ReLU from its deviation, 1.712859": SIGNATURES[
        "variance-matching gain 1/std(relu)=1.712859 instead of sqrt2"
    ],
    "PyTorch's gain of tanh, 5/3": SIGNATURES[
        "torch gain 5/3 on tanh, at q=1 (1.0 would be preserved)"
    ],
    "PyTorch's gain of SELU, 3/4": SIGNATURES["torch gain 0.75 on selu at q=1"],
    "PyTorch's gain of sigmoid, 1": SIGNATURES["torch gain 1 on sigmoid at q=1"],
    "RandomWalk of brainstorm, divided by the width": 1 / 128,
    # The mean square about 0, of mean 0.01 and deviation 1.
    "`normal_(0.01)`, which sets the mean": 1 / 0.01**2 + 1,
    "LeNet tutorial, bound 1 / fan-in as in its text": 1 / 128,
    "VGG's ports, deviation 0.01": 0.01,
    "Half-stable biases of SiLU, 0.055514317": 0.1,
}


@pytest.fixture(scope="module")
def found():
    rows = published.FRAMEWORK.initializers
    assert len({named.written for named in rows}) == len(rows)
    return {named.written: published.FRAMEWORK.row(named)[0] for named in rows}


def test_every_fault_that_is_drawn_has_its_known_factor(found):
    assert set(found) == set(FACTORS)


@pytest.mark.parametrize("name", FACTORS)
def test_a_known_fault_is_found_by_its_factor(found, name):
    cell = found[name]
    assert cell.departs
    assert cell.factor == pytest.approx(FACTORS[name], rel=cell.tolerance)


def test_stated_moments_are_those_of_theory():
    for activation, square in SQUARES.items():
        assert square == pytest.approx(theory.second_moment(activation, 1.0), abs=1e-10)
    (point,) = theory.half_stable_points("silu")
    assert published.SILU_BIAS_VARIANCE == pytest.approx(point.bias_variance, abs=5e-9)
    assert published.SILU_BIAS_VARIANCE == published.FRAMEWORK.initializers[-1].law.variance(DENSE)
