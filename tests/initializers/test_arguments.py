"""What the factories refuse, and in which words."""

import inspect
import math

import pytest

from initlab.initializers import INITIALIZERS

REFUSED = [
    ("constant", {"value": math.nan}, "`value` must be finite, got nan."),
    ("constant", {"value": math.inf}, "`value` must be finite, got inf."),
    ("normal", {"stddev": -1.0}, "`stddev` must not be negative, got -1.0."),
    ("normal", {"stddev": math.nan}, "`stddev` must not be negative, got nan."),
    ("normal", {"stddev": math.inf}, "`stddev` must be finite, got inf."),
    ("normal", {"stddev": 1.0, "mean": -math.inf}, "`mean` must be finite, got -inf."),
    ("truncated_normal", {"stddev": -1.0}, "`stddev` must not be negative, got -1.0."),
    ("truncated_normal", {"stddev": 1.0, "mean": math.nan}, "`mean` must be finite, got nan."),
    ("uniform", {"low": 1.0, "high": 1.0}, "`low` must be below `high`, got 1.0 and 1.0."),
    ("uniform", {"low": 1.0, "high": 0.0}, "`low` must be below `high`, got 1.0 and 0.0."),
    ("uniform", {"low": math.nan, "high": 0.0}, "`low` must be finite, got nan."),
    ("uniform", {"low": 0.0, "high": math.inf}, "`high` must be finite, got inf."),
    ("fan_in_normal", {"weight_variance": 0.0}, "`weight_variance` must be positive, got 0.0."),
    ("fan_in_normal", {"weight_variance": -1.0}, "`weight_variance` must be positive, got -1.0."),
    ("fan_in_normal", {"weight_variance": math.inf}, "`weight_variance` must be finite, got inf."),
    ("orthogonal", {"gain": 0.0}, "`gain` must be positive, got 0.0."),
    ("orthogonal", {"gain": math.nan}, "`gain` must be positive, got nan."),
    ("identity", {"gain": -2.0}, "`gain` must be positive, got -2.0."),
    ("identity", {"gain": math.inf}, "`gain` must be finite, got inf."),
    ("tied_halves", {"weight_variance": math.nan}, "`weight_variance` must be positive, got nan."),
]


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSED)
def test_bad_numbers_are_refused(name, arguments, message):
    with pytest.raises(ValueError) as caught:
        INITIALIZERS[name](**arguments)
    assert str(caught.value) == message


def test_an_unknown_tie_is_refused():
    # Unwrapped, since the type checker of the tests would refuse it first.
    factory = inspect.unwrap(INITIALIZERS["tied_halves"])
    with pytest.raises(ValueError) as caught:
        factory(1.0, tie="rows")
    assert str(caught.value) == "`tie` must be one of inputs, units, both, got 'rows'."
