"""What becomes of a trial, in words and numbers, from one row of its factors."""

import math

import pandas as pd
import pytest

from initlab.analysis.fates import factor_rows, verdict, with_expectations

TIMES = "\N{MULTIPLICATION SIGN}"
HOLDS = {
    "activation": "relu", "depth": 50, "initializer": "he_normal", "direction": "forward",
    "factor": 0.99, "low": 0.97, "high": 1.01, "n": 5, "num_layers": 49, "least_layers_used": 49,
    "total": 0.6, "total_low": 0.3, "total_high": 1.2, "total_n": 5, "num_runs": 5,
    "num_diverged": 0, "num_lost": 0, "num_over": 0, "fate": "holds",
    "measured": 0.98, "measured_low": 0.96, "measured_high": 1.0, "predicted": 1.0,
    "expected_low": 0.94, "expected_high": 1.04, "unstable": False,
}  # fmt: skip
LOST = {"fate": "vanishes", "num_lost": 5, "least_layers_used": 30, "measured": 0.5}
UNKNOWN = {"fate": "unknown", "total": math.nan, "n": 0, "predicted": math.nan}
ZEROS = {"fate": "vanishes", "num_lost": 5, "least_layers_used": 0, "n": 0, "predicted": math.nan}


@pytest.mark.parametrize(
    ("different", "said"),
    [
        ({}, f"holds: 0.980 a layer, predicted 1.00; {TIMES} 0.600 across 49 layers"),
        ({"predicted": math.nan}, f"holds: 0.990 a layer; {TIMES} 0.600 across 49 layers"),
        (
            LOST | {"predicted": 0.5},
            "vanishes: 0.500 a layer, predicted 0.500; nothing left of the signal after 30 of 49 "
            "layers",
        ),
        (
            {"fate": "explodes", "num_over": 5, "least_layers_used": 42, "measured": 64.0},
            "explodes: 64.0 a layer, predicted 1.00; overflows after 42 layers",
        ),
        ({"total_low": 0.01}, f"is undecided: 0.980 a layer, predicted 1.00; {TIMES} 0.600 across "
                              "49 layers"),
        (UNKNOWN, "no number: the forward pass overflows"),
        (ZEROS, "vanishes: no layer carries it"),
        ({"num_layers": 1}, "one layer"),
    ],
)  # fmt: skip
def test_a_verdict_is_said_in_words(different, said):
    assert verdict(HOLDS | different) == said


def test_the_factor_beside_a_prediction_is_of_the_same_layers():
    both = pd.DataFrame([HOLDS, HOLDS | {"direction": "backward", "measured": 0.5}])
    (row,) = factor_rows(both, "forward").to_dict("records")
    assert (row["factor"], row["low"], row["high"]) == (0.98, 0.96, 1.0)
    assert (row["predicted"], row["expected high"]) == (1.0, 1.04)
    assert factor_rows(both, "backward")["factor"].tolist() == [0.5]
    alone = pd.DataFrame([HOLDS | {"predicted": math.nan}])
    assert factor_rows(alone, "forward")["factor"].tolist() == [0.99]


@pytest.mark.parametrize(("measured", "said"), [(0.95, "yes"), (0.9, "no"), (math.nan, None)])
def test_a_trial_is_as_theory_says_within_the_expected_range(measured, said):
    factors = pd.DataFrame([HOLDS])[["activation", "depth", "initializer", "direction"]]
    grid = factors.drop(columns="direction").assign(trial_id="t")
    names = ("predicted", "expected_low", "expected_high")
    expected = {name: HOLDS[name] for name in names} if said else dict.fromkeys(names, math.nan)
    expected |= {"trial_id": "t", "direction": "forward", "measured": measured}
    (found,) = with_expectations(factors, grid, pd.DataFrame([expected]))["as_theory"]
    assert found == said if said else pd.isna(found)
