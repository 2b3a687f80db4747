import math

import numpy as np
import pandas as pd
import pytest

from initlab.analysis.intervals import interval
from initlab.analysis.over_seeds import means
from initlab.analysis.profiles import FORWARD, depth_profiles, layer_profiles

from .literal_tables import layers_table, runs_table


def profile(runs, layers, **how):
    return depth_profiles(runs, layers, statistics=[FORWARD], **how)


def test_mean_over_seeds_is_the_interval_function_s():
    rng = np.random.default_rng(0)
    values = {f"run-{seed}": rng.lognormal(-90, 5, 4) for seed in range(6)}
    table = profile(runs_table(*[{}] * 6), layers_table(values))
    assert table["layer"].tolist() == [1, 2, 3, 4]
    for place, row in table.iterrows():
        expected = interval([numbers[place] for numbers in values.values()], log=True)
        assert (row["value"], row["low"], row["high"], row["n"]) == pytest.approx(expected[:4])


def test_zeros_are_counted_and_in_no_mean():
    values = {"run-0": [4.0, 0.0], "run-1": [9.0, 0.0], "run-2": [1.0, 5.0]}
    table = means(profile(runs_table({}, {}, {}), layers_table(values)))
    assert table["value"].tolist() == pytest.approx([36 ** (1 / 3), 5.0])
    assert table["num_zero"].tolist() == [0, 2]
    assert table["n"].tolist() == [3, 1]
    assert table["num_runs"].tolist() == [3, 3]


def test_a_signal_that_is_zero_everywhere_has_rows_without_a_value():
    table = profile(runs_table({}, {}), layers_table({"run-0": [0.0] * 4, "run-1": [0.0] * 4}))
    assert len(table) == 4
    assert table["value"].isna().all()
    assert (table["num_zero"] == 2).all()


def test_few_seeds_are_rows_of_their_own_and_five_are_not():
    values = {f"run-{seed}": [float(seed + 1)] for seed in range(5)}
    few = profile(runs_table(*[{}] * 3), layers_table(values))
    assert few["seed"].tolist() == [pd.NA, 0, 1, 2]
    assert few["value"].tolist() == pytest.approx([6 ** (1 / 3), 1.0, 2.0, 3.0])
    assert few["low"].isna().all()
    enough = profile(runs_table(*[{}] * 5), layers_table(values))
    assert enough["seed"].tolist() == [pd.NA]
    assert enough["low"].notna().all()


def test_one_seed_is_its_own_mean():
    table = means(profile(runs_table({}), layers_table({"run-0": [3.0, 2.0]})))
    assert table["value"].tolist() == pytest.approx([3.0, 2.0])
    assert table["n"].tolist() == [1, 1]


def diverging():
    runs = runs_table({}, {"status": "diverged", "diverged_at_step": 2})
    layers = pd.concat(
        [
            layers_table({"run-0": [1.0, 1.0], "run-1": [1.0, 4.0]}, step=0),
            layers_table({"run-0": [1.0, 1.0], "run-1": [9.0, math.nan]}, step=2),
            layers_table({"run-0": [1.0, 1.0]}, step=10),
        ]
    )
    return runs, layers


def test_a_diverged_run_is_counted_from_where_it_was_no_number():
    table = means(profile(*diverging(), steps=None)).set_index(["step", "layer"])
    assert table["num_diverged"].to_dict() == {
        (0, 1): 0,
        (0, 2): 0,
        (2, 1): 0,
        (2, 2): 1,
        (10, 1): 1,
        (10, 2): 1,
    }
    assert table.loc[(2, 1), "value"] == pytest.approx(3.0)
    assert (table["num_runs"] == 2).all()


def test_a_trial_of_which_every_run_diverged_still_has_its_last_step():
    runs, layers = diverging()
    table = profile(runs.iloc[1:], layers[layers["run_id"] == "run-1"], steps=None)
    last = table[table["step"] == 10]
    assert last["layer"].tolist() == [1, 2]
    assert (last["num_diverged"] == 1).all()
    assert (last["n"] == 0).all()


def test_other_runs_rows_do_not_count():
    layers = layers_table({"run-0": [1.0], "stranger": [100.0]})
    assert means(profile(runs_table({}), layers))["value"].tolist() == pytest.approx([1.0])


def test_trials_are_kept_apart_and_in_reading_order():
    runs = runs_table({"activation": "tanh"}, {"initializer": "zeros"}, {"learning_rate": 0.5})
    values = {"run-0": [1.0], "run-1": [2.0], "run-2": [3.0]}
    table = means(profile(runs, layers_table(values)))
    assert table["value"].tolist() == pytest.approx([2.0, 3.0, 1.0])
    assert table["learning_rate"].tolist() == [0.1, 0.5, 0.1]


def test_fractions_are_averaged_as_they_are_and_zero_is_a_value():
    layers = layers_table({"run-0": [0.0], "run-1": [0.5]}, statistic="positive_fraction")
    table = means(layer_profiles(runs_table({}, {}), layers, statistics=["positive_fraction"]))
    assert table["value"].tolist() == [0.25]
    assert table["n"].tolist() == [2]


def test_the_readout_has_no_activation_and_is_not_taken_for_diverged():
    runs = runs_table({"status": "diverged", "diverged_at_step": 0}, depth=2)
    layers = layers_table({"run-0": [1.0, math.nan]}, statistic="activation_variance")
    table = depth_profiles(runs, layers, statistics=["activation_variance"])
    assert means(table)["layer"].tolist() == [1]


def test_an_unknown_statistic_is_named():
    with pytest.raises(ValueError) as caught:
        depth_profiles(runs_table({}), layers_table({"run-0": [1.0]}), statistics=["variance"])
    assert str(caught.value).startswith("no statistics ['variance'] among [")
