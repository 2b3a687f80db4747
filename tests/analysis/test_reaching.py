import math

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.reaching import bounded, reaching_table, smoothed, steps_reaching

RUNS = pd.DataFrame(
    {
        "run_id": ["a", "b"],
        "seed": [0, 1],
        "activation": "relu",
        "depth": 4,
        "initializer": "he_normal",
        "steps": 4,
    }
)


def records(**accuracies):
    """A row a step of each run, in no order."""
    rows = [
        {"run_id": run, "step": step, "train_accuracy": value}
        for run, values in accuracies.items()
        for step, value in enumerate(values)
    ]
    return pd.DataFrame(rows).sample(frac=1.0, random_state=0)


def test_accuracy_is_the_mean_of_the_last_steps_and_step_0_is_none_of_them():
    found = smoothed(records(a=[1.0, 0.0, 0.4, 0.8], b=[0.0, 0.5, 0.5, 0.5]), over=2)
    by_run = {run: rows.sort_values("step") for run, rows in found.groupby("run_id")}
    assert by_run["a"]["train_accuracy"].tolist() == pytest.approx([1.0, 0.0, 0.2, 0.6])
    assert by_run["b"]["train_accuracy"].tolist() == pytest.approx([0.0, 0.5, 0.5, 0.5])


def test_one_good_batch_reaches_nothing():
    measured = records(a=[0.9, 0.1, 0.9, 0.6, 0.9], b=[0.1, 0.2, 0.2, 0.2, 0.2])
    alone = steps_reaching(RUNS, measured, accuracy=0.75, over=1)
    assert alone["a"] == 2.0
    assert steps_reaching(RUNS, measured, accuracy=0.75, over=2)["a"] == 3.0
    assert math.isnan(alone["b"])


def test_a_run_that_never_gets_there_counts_with_its_last_step():
    steps = pd.Series({"a": 2.0, "b": math.nan})
    found = bounded(RUNS, steps)
    assert found["a"] == pytest.approx(math.log10(2))
    assert found["b"] == pytest.approx(math.log10(4))


def test_the_table_holds_the_geometric_mean_of_those_that_get_there():
    five = pd.concat([RUNS.iloc[[0]].assign(run_id=str(n), seed=n) for n in range(6)])
    steps = pd.Series({str(n): 2.0**n if n < 5 else math.nan for n in range(6)})
    (row,) = reaching_table(five, steps).to_dict("records")
    assert row["n"] == 5
    assert row["value"] == pytest.approx(np.exp(np.mean(np.log([1, 2, 4, 8, 16]))))
    # Steps to an accuracy are no accuracy: their interval does not end at 1.
    assert row["high"] > row["value"] > row["low"] > 0


def test_a_mean_over_no_step_is_refused():
    with pytest.raises(ValueError, match=r"`over` must be at least 1, got 0\."):
        smoothed(records(a=[0.1], b=[0.1]), over=0)
