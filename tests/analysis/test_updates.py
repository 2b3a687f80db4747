import math

import pytest

from initlab.analysis.updates import RATIO, lower_layer_lag, relative_updates, update_profiles

from .literal_tables import layers_table, runs_table

RUNS = runs_table(*[{}] * 5, depth=4)


def updates(ratios):
    """The updates of five runs: three hidden layers, and a readout that does not count."""
    layers = layers_table({f"run-{seed}": [*ratios, 9.0] for seed in range(5)}, statistic=RATIO)
    return relative_updates(RUNS, layers)


def test_the_lag_is_what_the_drawn_profile_falls_by():
    found = updates([0.001, 0.01, 0.1])
    drawn = update_profiles(RUNS, found).set_index("layer")["value"]
    assert drawn.to_dict() == pytest.approx({1: 0.001, 2: 0.01, 3: 0.1})
    assert lower_layer_lag(RUNS, found).tolist() == pytest.approx([-2.0] * 5)


def test_a_layer_at_rest_counts_as_what_float32_holds_at_least():
    found = updates([0.0, 0.0, 1.0])
    assert lower_layer_lag(RUNS, found).tolist() == pytest.approx([math.log10(2.0**-126)] * 5)


def test_without_updates_there_is_neither_lag_nor_profile():
    found = updates([math.nan] * 3)
    assert lower_layer_lag(RUNS, found).empty
    assert update_profiles(RUNS, found).empty
