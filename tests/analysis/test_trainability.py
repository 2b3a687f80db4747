import numpy as np
import pandas as pd
import pytest

from initlab.analysis.best_trials import best_trials
from initlab.analysis.trainability import (
    CELL,
    depths_over_scale,
    frontier_depth,
    frontiers,
    late_accuracy,
    trainability,
)

from .literal_tables import runs_table, steps_table

LABEL = "fan_in_normal(weight_variance=1.5)"


def grid(accuracies, *, seeds=5, **fields):
    """Runs of one column of the map, their accuracies by depth, and its scale."""
    runs = runs_table(
        *[
            {"depth": depth, "initializer": LABEL, "seed": seed, "trial_id": f"t{depth}"} | fields
            for depth in accuracies
            for seed in range(seeds)
        ]
    )
    by_run = runs.set_index("run_id")["depth"].map(accuracies)
    scales = pd.DataFrame(
        {
            "activation": ["relu"],
            "initializer": [LABEL],
            "weight_variance": [1.5],
            "gradient_factor": [0.75],
            "xi": [3.476],
        }
    )
    return runs, by_run, scales


@pytest.mark.parametrize(
    ("accuracies", "depth"),
    [
        ((0.9, 0.9, 0.1), 40 * 2.5**0.5),  # halfway from 40 to 100, in the logarithm
        ((0.9, 0.1, 0.9), 20.0),  # the first fall counts
        ((0.9, 0.9, 0.9), 100.0),
        ((0.1, 0.1, 0.1), 10.0),
    ],
)
def test_frontier_is_where_accuracy_first_falls_below_half(accuracies, depth):
    assert frontier_depth([10, 40, 100], accuracies) == pytest.approx(depth)


def test_late_accuracy_is_that_of_the_last_quarter_and_a_guess_where_it_diverged():
    runs = runs_table({}, {"diverged_at_step": 9, "status": "diverged"}, steps=10)
    records = steps_table({"run-0": {0: 0.0, 7: 0.2, 8: 0.6, 10: 0.8}, "run-1": {0: 0.0, 8: 0.9}})
    assert late_accuracy(runs, records).to_dict() == pytest.approx({"run-0": 0.7, "run-1": 0.1})


def test_of_several_rates_the_one_that_trains_best_stands_in_a_cell():
    runs = runs_table(
        {"trial_id": "slow", "seed": 0}, {"trial_id": "fast", "seed": 0}, {"trial_id": "fast"}
    )
    accuracy = pd.Series({"run-0": 0.6, "run-1": 0.9, "run-2": 0.5})
    assert best_trials(runs, accuracy, CELL)["trial_id"].tolist() == ["fast", "fast"]


def test_map_has_a_mean_a_scale_and_a_frontier_in_each_cell():
    table = trainability(*grid({10: 0.9, 40: 0.1}))
    assert table["value"].tolist() == [0.9, 0.1]
    assert table["frontier"].tolist() == pytest.approx([20.0, 20.0])
    assert table["xi"].tolist() == [3.476, 3.476]


def test_runs_that_diverged_are_counted_and_in_no_mean():
    runs, accuracy, scales = grid({10: 0.9, 40: 0.5})
    broken = (runs["depth"] == 40) & (runs["seed"] == 0)
    runs.loc[broken, "diverged_at_step"] = 3
    table = trainability(runs, accuracy, scales)
    means = table[table["seed"].isna()]
    assert means["num_diverged"].tolist() == [0, 1]
    assert means["n"].tolist() == [5, 4]


def test_depths_are_put_over_the_scale_where_the_map_reaches_six_of_them():
    runs, accuracy, scales = grid({10: 0.9, 40: 0.1})
    found = frontiers(runs, accuracy).merge(scales, on=["activation", "initializer"])
    ratios = depths_over_scale(found, low=10, high=40)
    assert ratios["ratio"].tolist() == pytest.approx([20 / 3.476] * 5)
    assert set(ratios["side"]) == {"below"}
    assert depths_over_scale(found, low=25, high=40).empty
    assert np.isfinite(ratios["ratio"]).all()
