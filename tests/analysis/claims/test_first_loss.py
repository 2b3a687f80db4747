import math

import pandas as pd
import pytest

from initlab.analysis.claims.first_loss import first_loss_claims
from initlab.analysis.claims.trials import each_trial

RUNS = pd.DataFrame(
    {
        "run_id": [f"run-{seed}" for seed in range(5)],
        "seed": range(5),
        "model": "mlp",
        "scale": "small",
        "dataset": "digits",
        "loss": "cross_entropy",
        "initializer": "normal(stddev=1)",
        "activation": "relu",
        "depth": 20,
    }
)


def claim(losses, **fields):
    records = pd.DataFrame({"run_id": RUNS["run_id"], "step": 0, "train_loss": losses})
    runs = RUNS.assign(**fields)
    (found,) = each_trial(first_loss_claims(runs, records, source="ours", figure="f"))
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


@pytest.mark.parametrize(("classes", "verdict"), [(100, "supported"), (10, "refuted")])
def test_a_loss_without_preference_is_that_of_the_number_of_classes(classes, verdict):
    found = claim([math.log(classes)] * 5, dataset="cifar100")
    assert found.verdict == verdict
    assert "between the 100 classes, with a first loss of 4.6052" in found.statement
