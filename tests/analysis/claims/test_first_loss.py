import math

import pandas as pd
import pytest

from initlab.analysis.claims.first_loss import first_loss_claims
from initlab.analysis.claims.trials import each_trial

RUNS = pd.DataFrame(
    {
        "run_id": [f"run-{seed}" for seed in range(5)],
        "seed": range(5),
        "loss": "cross_entropy",
        "initializer": "normal(stddev=1)",
        "activation": "relu",
        "depth": 20,
    }
)


def claim(losses):
    records = pd.DataFrame({"run_id": RUNS["run_id"], "step": 0, "train_loss": losses})
    (found,) = each_trial(first_loss_claims(RUNS, records, source="ours", figure="f"))
    return found


def test_losses_of_many_sizes_are_averaged_geometrically():
    away = [1e2, 1e4, 1e6, 1e8, 1e20]
    found = claim([math.log(10) + size for size in away])
    assert found.measured == pytest.approx(1e8)
    assert found.verdict == "refuted"
    assert 0 < found.interval[0] < 1e8 < found.interval[1]


def test_a_loss_that_is_exactly_without_preference_counts():
    found = claim([math.log(10)] * 5)
    assert (found.measured, found.interval, found.verdict) == (0.0, (0.0, 0.0), "supported")


def test_a_loss_that_is_not_finite_refutes():
    found = claim([math.log(10) + 1e-4] * 4 + [math.inf])
    assert (found.verdict, found.n) == ("refuted", 4)
