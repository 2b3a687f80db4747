import pandas as pd
import pytest

from initlab.analysis.selection import grid_runs, name_readouts, one_setting, select, trial_fields

from .literal_tables import runs_table


def grid():
    product = [
        {"activation": activation, "depth": depth, "initializer": initializer}
        for activation in ("relu", "tanh")
        for depth in (5, 10)
        for initializer in ("he_normal", "zeros")
    ]
    cases = [
        {"depth": 10, "inputs": "raw"},
        {"depth": 10, "bias_initializer": "constant(value=1)"},
        {"depth": 10, "initializer": "normal(stddev=0.125)"},
        {"depth": 10, "readout_initializer": "lecun_normal"},
    ]
    return runs_table(*product, *cases), len(product)


def test_select_takes_values_and_collections():
    runs, _ = grid()
    assert len(select(runs, activation="tanh", depth=[5, 10])) == 4
    assert len(select(runs, depth=5, initializer="zeros")) == 2


def test_an_unknown_field_is_named():
    with pytest.raises(ValueError) as caught:
        select(grid()[0], colour="red")
    assert str(caught.value).startswith("`runs` has no fields ['colour']; it has ['activation'")


def test_grid_leaves_every_kind_of_case_out():
    runs, number = grid()
    kept = grid_runs(runs)
    assert kept["run_id"].tolist() == runs["run_id"].iloc[:number].tolist()


def test_a_grid_of_other_inputs_is_a_grid():
    runs, number = grid()
    assert len(grid_runs(runs.assign(inputs="unit"))) > 0
    assert len(grid_runs(runs.iloc[:number].assign(inputs="unit"))) == number


def test_one_pair_of_activation_and_depth_keeps_its_initializers():
    runs, _ = grid()
    alone = select(runs.iloc[:8], activation="relu", depth=5)
    assert len(grid_runs(alone)) == 2
    assert grid_runs(runs.iloc[:0]).empty


def test_a_cut_of_one_pair_is_a_grid_beside_cases_of_another_pair():
    runs, _ = grid()
    cut = select(runs, activation="relu", depth=5)
    cases = select(runs, initializer="normal(stddev=0.125)")
    kept = grid_runs(pd.concat([cases, cut]))
    assert kept["run_id"].tolist() == cut["run_id"].tolist()
    assert grid_runs(pd.concat([cases, cut.iloc[:1]])).empty


def test_trials_are_told_apart_by_what_varies():
    runs, number = grid()
    assert trial_fields(runs.iloc[:number]) == ["activation", "depth", "initializer"]
    assert set(trial_fields(runs)) == {
        "activation",
        "depth",
        "initializer",
        "readout_initializer",
        "bias_initializer",
        "inputs",
    }


def test_another_readout_is_named_with_its_initializer():
    runs = runs_table({}, {"readout_initializer": "zeros"})
    assert name_readouts(runs)["initializer"].tolist() == ["he_normal", "he_normal + readout zeros"]
    assert trial_fields(name_readouts(runs)) == ["activation", "depth", "initializer"]


def test_the_commonest_setting_is_kept_and_named():
    runs = runs_table({"learning_rate": 0.1}, {"learning_rate": 0.1}, {"learning_rate": 0.5})
    kept, held = one_setting(runs)
    assert kept["learning_rate"].tolist() == [0.1, 0.1]
    assert held == "learning rate 0.1"
    assert one_setting(kept)[1] == ""
