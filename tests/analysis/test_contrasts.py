"""Runs that differ in one choice alone."""

import pandas as pd

from initlab.analysis.contrasts import choice_table, chosen, contrast, seeds_of


def runs(*fields):
    rows = [
        {"run_id": f"{number}-{seed}", "trial_id": str(number), "seed": seed, "steps": 10}
        | {"activation": "relu", "depth": 4, "initializer": "he_normal", "learning_rate": 0.1}
        | {"pooling": "max", "augmentation": None, "diverged_at_step": None, "probes": None}
        | one
        for number, one in enumerate(fields)
        for seed in range(5)
    ]
    return pd.DataFrame(rows)


def test_runs_are_compared_with_those_that_differ_in_the_field_alone():
    given = runs(
        {},
        {"pooling": "average", "learning_rate": 0.01, "probes": "shifts"},
        {"pooling": "norm", "depth": 5},  # nothing of its depth has another pooling
        {"augmentation": "flip"},
    )
    found = contrast(given, "pooling")
    assert set(found["trial_id"]) == {"0", "1"}
    assert len(set(found["setting"])) == 1
    found = contrast(given, "augmentation")
    assert set(found["choice"]) == {"none", "flip"}


def test_a_field_that_the_runs_lack_has_no_contrast():
    assert contrast(runs({}).drop(columns="pooling"), "pooling").empty


def test_each_choice_keeps_the_trial_of_the_highest_score():
    given = runs({}, {"learning_rate": 0.01}, {"pooling": "average"})
    score = given.set_index("run_id")["trial_id"].map({"0": 0.5, "1": 0.6, "2": 0.4})
    own = chosen(contrast(given, "pooling"), score)
    assert set(own["trial_id"]) == {"1", "2"}
    assert seeds_of(own, score, "max").tolist() == [0.6] * 5


def test_the_table_shows_labels_in_the_order_of_the_runs_and_counts_what_diverged():
    given = contrast(runs({}, {"pooling": "average", "diverged_at_step": 3}), "pooling")
    own = given.assign(label=given["pooling"].map({"max": "b", "average": "a"}))
    values = own.set_index("run_id")["seed"] * 0.1
    table = choice_table(own, {"test_accuracy": values})
    assert table["label"].tolist() == ["b", "a"]
    assert table["value"].iloc[0] == 0.2
    assert table["num_diverged"].tolist() == [0, 5]
