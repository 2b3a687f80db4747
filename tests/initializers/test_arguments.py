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
    ("variance_scaling", {"scale": 0.0}, "`scale` must be positive, got 0.0."),
    ("variance_scaling", {"scale": math.inf}, "`scale` must be finite, got inf."),
    ("he_leaky_normal", {"negative_slope": math.nan}, "`negative_slope` must be finite, got nan."),
    ("he_leaky_uniform", {"negative_slope": math.inf}, "`negative_slope` must be finite, got inf."),
    ("lenet_class_uniform", {"pool_area": 0}, "`pool_area` must be at least 1, got 0."),
    ("siren_first", {"folded_omega": 0.0}, "`folded_omega` must be positive, got 0.0."),
    ("siren_hidden", {"omega": -1.0}, "`omega` must be positive, got -1.0."),
    ("sparse", {"sparsity": 1.5}, "`sparsity` must be from 0 to 1, got 1.5."),
    ("sparse", {"sparsity": math.nan}, "`sparsity` must be from 0 to 1, got nan."),
    ("sparse", {"sparsity": 0.5, "stddev": -1.0}, "`stddev` must not be negative, got -1.0."),
    ("sparse_incoming", {"connections": 0}, "`connections` must be at least 1, got 0."),
    ("sparse_incoming", {"stddev": math.inf}, "`stddev` must be finite, got inf."),
    ("delta_orthogonal", {"gain": 0.0}, "`gain` must be positive, got 0.0."),
    ("sobel", {"gain": 0.0}, "`gain` must be positive, got 0.0."),
    ("gabor", {"gain": math.inf}, "`gain` must be finite, got inf."),
    ("gabor", {"cycles": 0.0}, "`cycles` must be positive, got 0.0."),
    ("gabor", {"orientations": 0}, "`orientations` must be at least 1, got 0."),
]


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSED)
def test_bad_numbers_are_refused(name, arguments, message):
    with pytest.raises(ValueError) as caught:
        INITIALIZERS[name](**arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "tied_halves",
            {"weight_variance": 1.0, "tie": "rows"},
            "`tie` must be one of inputs, units, both, got 'rows'.",
        ),
        (
            "variance_scaling",
            {"scale": 1.0, "mode": "fan"},
            "`mode` must be one of fan_in, fan_out, fan_avg, fan_geo_avg, got 'fan'.",
        ),
        (
            "variance_scaling",
            {"scale": 1.0, "distribution": "untruncated_normal"},
            "`distribution` must be one of truncated_normal, normal, uniform, "
            "got 'untruncated_normal'.",
        ),
        (
            "caffe_xavier",
            {"mode": "average"},
            "`mode` must be one of fan_in, fan_out, fan_avg, got 'average'.",
        ),
        (
            "caffe_msra",
            {"mode": "fan_geo_avg"},
            "`mode` must be one of fan_in, fan_out, fan_avg, got 'fan_geo_avg'.",
        ),
        (
            "random_walk",
            {"activation": "tanh"},
            "`activation` must be one of linear, relu, got 'tanh'.",
        ),
        ("sobel", {"spare": "none"}, "`spare` must be one of random, repeat, got 'none'."),
        ("x_detector", {"form": "raw"}, "`form` must be one of binary, mean_removed, got 'raw'."),
    ],
)
def test_an_unknown_word_is_refused(name, arguments, message):
    # Unwrapped, since the type checker of the tests would refuse it first.
    with pytest.raises(ValueError) as caught:
        inspect.unwrap(INITIALIZERS[name])(**arguments)
    assert str(caught.value) == message
