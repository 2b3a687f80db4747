"""Means over seeds of shares."""

import pandas as pd
import pytest

from initlab.analysis.over_seeds import average, by_seed, seed_interval

from .literal_tables import runs_table

REACH = 2.776445105 * (0.3 / 5) ** 0.5  # t(0.975, 4), and variance 0.3 of five values
LOW, HIGH = 0.6 - REACH, 0.6 + REACH


@pytest.mark.parametrize(
    ("statistic", "ends"),
    [
        ("train_accuracy", (0.0, 1.0)),
        ("dead_fraction", (0.0, 1.0)),
        ("effective_rank", (0.0, HIGH)),
        ("unit_cosine", (LOW, 1.0)),
        ("train_loss", (LOW, HIGH)),
    ],
)
def test_intervals_end_where_the_statistic_does(statistic, ends):
    values = [0.0, 0.0, 1.0, 1.0, 1.0]
    long = pd.DataFrame(
        {
            "statistic": statistic,
            "seed": range(5),
            "run_id": [f"run-{seed}" for seed in range(5)],
            "value": values,
            "diverged": False,
        }
    )
    row = average(long, log=False).iloc[0]
    assert row["value"] == pytest.approx(0.6)
    assert (row["low"], row["high"]) == pytest.approx(ends)


def test_runs_of_a_seed_are_averaged_before_seeds_are():
    runs = runs_table({"seed": 0}, {"seed": 0}, {"seed": 1}, {"seed": 2})
    values = by_seed(runs, pd.Series({"run-0": 1.0, "run-1": 3.0, "run-2": 5.0}))
    assert values.to_dict() == {0: 2.0, 1: 5.0}
    assert seed_interval(values).n == 2
