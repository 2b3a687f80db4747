"""Means over seeds of shares."""

import pandas as pd
import pytest

from initlab.analysis.intervals import Interval
from initlab.analysis.over_seeds import (
    average,
    by_seed,
    correlation_interval,
    magnitude_interval,
    rank_interval,
    seed_interval,
    share_interval,
)

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


def test_a_size_is_averaged_geometrically_and_its_interval_stays_above_0():
    sizes = pd.Series([1e-3, 1e-2, 1e18, 1e-1, 1e-3])
    found = magnitude_interval(sizes)
    # Logarithms to base ten: -3, -2, 18, -1, -3, whose mean is 1.8.
    assert found.centre == pytest.approx(10**1.8)
    assert 0 < found.low < found.centre < found.high
    assert seed_interval(sizes).low < 0


def test_a_size_of_zero_counts_and_its_interval_ends_at_0():
    found = magnitude_interval(pd.Series([0.0, 0.0, 1.0, 1.0, 1.0]))
    assert (found.centre, found.low, found.n) == (0.6, 0.0, 5)
    assert found.high == pytest.approx(HIGH)
    assert magnitude_interval(pd.Series([0.0] * 5)) == Interval(0.0, 0.0, 0.0, 5)


def test_a_size_below_0_is_refused():
    with pytest.raises(ValueError, match="must not be negative in the log domain, got -1"):
        magnitude_interval(pd.Series([-1.0, 1.0]))


def test_intervals_of_shares_and_ranks_end_where_they_do():
    values = pd.Series([0.0, 0.0, 1.0, 1.0, 1.0])
    assert share_interval(values)[1:3] == (0.0, 1.0)
    assert rank_interval(values)[1:3] == (0.0, pytest.approx(HIGH))
    assert correlation_interval(2 * values - 1)[1:3] == (-1.0, 1.0)
