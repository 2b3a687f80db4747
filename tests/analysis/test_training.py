import math

import pandas as pd
import pytest

from initlab.analysis.over_seeds import means
from initlab.analysis.symmetry import first_unlike_step, symmetry_over_steps
from initlab.analysis.training import (
    divergence,
    final_accuracy,
    final_values,
    scheduled_steps,
    steps_to,
    training_curves,
)

from .literal_tables import layers_table, runs_table, steps_table

ENDED = {"status": "diverged", "diverged_at_step": 1}


def test_losses_are_averaged_geometrically_and_accuracies_arithmetically():
    records = steps_table({"run-0": {0: 0.2}, "run-1": {0: 0.8}}).assign(train_loss=[1.0, 4.0])
    table = means(training_curves(runs_table({}, {}), records)).set_index("statistic")
    assert table.loc["train_accuracy", "value"] == pytest.approx(0.5)
    assert table.loc["train_loss", "value"] == pytest.approx(2.0)


def test_no_mean_is_drawn_where_a_diverging_run_alone_has_a_row():
    records = steps_table({"run-0": {0: 0.1, 10: 0.9}, "run-1": {0: 0.3, 7: 0.0}})
    runs = runs_table({}, {"status": "diverged", "diverged_at_step": 7})
    table = means(training_curves(runs, records, statistics=["train_accuracy"]))
    assert table[["step", "value", "n"]].to_numpy().tolist() == [[0, 0.2, 2], [10, 0.9, 1]]


def test_the_schedule_is_known_where_every_run_diverged():
    ended = [{"status": "diverged", "diverged_at_step": step} for step in (0, 3, 7)]
    records = steps_table(
        {"run-0": {0: 0.1}, "run-1": {0: 0.1, 1: 0.1, 3: 0.1}, "run-2": dict.fromkeys((0, 1, 7), 0)}
    )
    assert scheduled_steps(runs_table(*ended), records) == {0, 1, 10}
    assert scheduled_steps(runs_table(*ended[:1], {"run_id": "run-1"}), records) == {0, 1, 3, 10}


def test_diverged_runs_have_no_final_value_and_are_counted():
    records = steps_table({"run-0": {0: 0.1, 10: 0.9}, "run-1": {0: 0.1, 1: 0.2}})
    runs = runs_table({}, ENDED)
    table = means(final_values(runs, records, statistics=["train_accuracy"]))
    row = table.iloc[0]
    assert (len(table), row["value"], row["n"], row["num_diverged"]) == (1, 0.9, 1, 1)


def test_a_trial_of_diverged_runs_alone_is_in_the_table():
    records = steps_table({"run-0": {0: 0.1, 1: 0.2}})
    table = final_values(runs_table(ENDED), records, statistics=["train_accuracy"])
    assert table[["step", "n", "num_runs", "num_diverged"]].to_numpy().tolist() == [[10, 0, 1, 1]]


def test_runs_of_different_length_end_at_their_own_last_step():
    records = steps_table({"run-0": {0: 0.1, 10: 0.9}, "run-1": {0: 0.1, 10: 0.4, 20: 0.7}})
    runs = runs_table({}, {"steps": 20, "initializer": "zeros"})
    table = means(final_values(runs, records, statistics=["train_accuracy"]))
    assert dict(zip(table["initializer"], table["value"], strict=True)) == {
        "he_normal": 0.9,
        "zeros": 0.7,
    }


def test_divergence_is_counted_with_wilson_s_interval():
    table = divergence(runs_table({}, {}, {}, {}, ENDED | {"diverged_at_step": 7}))
    row = table.iloc[0]
    assert (row["num_diverged"], row["n"], row["rate"], row["first_step"]) == (1, 5, 0.2, 7)
    # (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n) by hand, z = 1.959964.
    assert (row["low"], row["high"]) == pytest.approx((0.03622411, 0.62446501), abs=1e-6)


def test_steps_to_an_accuracy_are_over_the_runs_that_reach_it():
    records = steps_table(
        {"run-0": {0: 0.1, 3: 0.5, 10: 0.4}, "run-1": {0: 0.1, 8: 0.6}, "run-2": {10: 0.49}}
    )
    row = steps_to(runs_table({}, {}, {}), records, accuracy=0.5).iloc[0]
    assert row["value"] == pytest.approx(math.sqrt(4 * 9) - 1)
    assert (row["n"], row["num_runs"]) == (2, 3)
    none = steps_to(runs_table({}, {}, {}), records, accuracy=0.99).iloc[0]
    assert math.isnan(none["value"])
    assert none["n"] == 0


def test_a_target_in_percent_is_refused():
    with pytest.raises(ValueError) as caught:
        steps_to(runs_table({}), steps_table({"run-0": {0: 0.1}}), accuracy=90.0)
    assert str(caught.value) == "`accuracy` must be between 0 and 1, got 90.0."


def symmetry_layers():
    def at(step, values):
        return layers_table(
            {"run-0": values},
            statistic="duplicate_unit_fraction",
            step=step,
            unit_cosine={"run-0": [1.0, 0.5, 0.0]},
        )

    return pd.concat([at(0, [1.0, 0.5, 0.0]), at(4, [0.0, 0.5, 0.3]), at(9, [0.0, 0.0, 0.4])])


def test_symmetry_is_the_mean_over_the_hidden_layers():
    table = means(symmetry_over_steps(runs_table({}, depth=3), symmetry_layers()))
    duplicates = table[table["statistic"] == "duplicate_unit_fraction"]
    assert duplicates["value"].tolist() == pytest.approx([0.75, 0.25, 0.0])
    one = means(symmetry_over_steps(runs_table({}, depth=3), symmetry_layers(), layer=2))
    assert one[one["statistic"] == "duplicate_unit_fraction"]["value"].tolist() == [0.5, 0.5, 0.0]


def test_a_run_whose_layer_is_no_number_has_no_mean():
    runs = runs_table({"status": "diverged", "diverged_at_step": 0}, depth=3)
    layers = layers_table({"run-0": [1.0, math.nan, 0.0]}, statistic="unit_cosine")
    table = means(symmetry_over_steps(runs, layers))
    cosine = table[table["statistic"] == "unit_cosine"].iloc[0]
    assert math.isnan(cosine["value"])
    assert (cosine["n"], cosine["num_diverged"]) == (0, 1)


def test_symmetry_is_broken_when_every_hidden_layer_is():
    runs = runs_table({}, {"run_id": "never"}, depth=3)
    row = first_unlike_step(runs, symmetry_layers()).iloc[0]
    assert (row["median"], row["least"], row["n"], row["num_runs"]) == (9, 9, 1, 2)


def test_a_diverged_run_answers_as_a_guess_between_the_classes_of_its_data():
    ended = {"diverged_at_step": 3}
    runs = runs_table({}, ended, {}, ended | {"dataset": "cifar100"})
    records = steps_table(
        {"run-0": {0: 0.2, 10: 0.9}, "run-1": {0: 0.8}}, statistic="test_accuracy"
    )
    expected = {"run-0": 0.9, "run-1": 0.1, "run-3": 0.01}
    assert final_accuracy(runs, records).to_dict() == expected
