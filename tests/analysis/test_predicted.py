"""What stands beside a profile: theory's mean, and the band of the seeds' geometric mean."""

import math

import pandas as pd
import pytest

from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import BACKWARD, FORWARD, VARIANCES

RUNS = pd.DataFrame({"initializer": ["a", "b"], "depth": [2, 2], "trial_id": ["t", "u"]})


def beside(statistic, monkeypatch, predicted=None):
    monkeypatch.setattr("initlab.analysis.predicted.trial_fields", lambda runs: ["initializer"])
    table = pd.DataFrame(
        {
            "initializer": ["a", "a", "b"],
            "depth": 2,
            "layer": [1, 2, 1],
            "site": [0, 1, 0],
            "statistic": statistic,
            "seed": pd.array([pd.NA] * 3, dtype="Int64"),
            "value": [3.0, 5.0, 7.0],
            "n": 4,
        }
    )
    predictions = pd.DataFrame(
        {
            "trial_id": ["t", "t"],
            "site": [0, 1],
            predicted or statistic: [2.0, 1.0],
            f"{predicted or statistic}_scatter": [0.5, 0.0],
        }
    )
    return with_predictions(table, RUNS, predictions)


def test_the_band_reaches_from_below_the_typical_network_to_above_the_mean(monkeypatch):
    found = beside(FORWARD, monkeypatch)
    assert found["predicted"].tolist()[:2] == [2.0, 1.0]
    assert found["predicted_low"][0] == pytest.approx(2 * math.exp(-0.125 - 1.96 * 0.25))
    assert found["predicted_high"][0] == pytest.approx(2 * math.exp(1.96 * 0.25))
    assert found["predicted"].isna().tolist() == [False, False, True]  # trial b has no prediction


def test_gradients_end_at_what_was_measured_at_the_last_site(monkeypatch):
    found = beside(BACKWARD, monkeypatch)
    assert found["predicted"].tolist()[:2] == [10.0, 5.0]


def test_of_a_variance_the_mean_square_is_expected(monkeypatch):
    found = beside(VARIANCES["forward"], monkeypatch, predicted=FORWARD)
    assert found["predicted"].tolist()[:2] == [2.0, 1.0]
    found = beside(VARIANCES["backward"], monkeypatch, predicted=BACKWARD)
    assert found["predicted"].tolist()[:2] == [10.0, 5.0]


def test_a_table_without_predictions_stays_as_it_is():
    table = pd.DataFrame({"statistic": [FORWARD]})
    assert with_predictions(table, RUNS, pd.DataFrame({"trial_id": []})) is table
