"""Networks whose filters are fixed are paired with the same that are trained whole."""

import pandas as pd

from initlab.analysis.frozen_arms import FIXED, FREE, arm_label, chosen_arms, with_arms


def runs(*changes):
    usual = {
        "model": "textbook", "dataset": "photo_patches", "width": 8, "depth": 4, "steps": 10,
        "initializer": "he_normal", "first_initializer": None, "frozen_layers": None, "seed": 0,
    }  # fmt: skip
    return pd.DataFrame(
        [usual | {"run_id": f"r{i}", "trial_id": f"t{i}"} | own for i, own in enumerate(changes)]
    )


def test_arms_are_fixed_whole_or_not_at_all():
    arms = with_arms(runs({}, {"frozen_layers": 3}, {"frozen_layers": 1}, {"steps": 0}))
    assert arms["filters"].tolist() == [FREE, FIXED]
    assert arms["run_id"].tolist() == ["r0", "r1"]


def test_what_has_no_twin_is_no_arm():
    assert with_arms(runs({}, {"width": 4, "frozen_layers": 3})).empty
    sobel = {"first_initializer": "sobel(gain=1.4)"}
    both = with_arms(runs({}, {"frozen_layers": 3} | sobel, sobel))
    assert both["law"].unique().tolist() == ["sobel(gain=1.4)"]
    assert arm_label(both.iloc[0]) == "8 filters, Sobel times 1.4"


def test_each_arm_has_the_rate_of_its_own_highest_score():
    table = runs({}, {}, {"frozen_layers": 3}, {"frozen_layers": 3})
    score = pd.Series({"r0": 0.1, "r1": 0.9, "r2": 0.5, "r3": 0.4})
    assert chosen_arms(with_arms(table), score)["run_id"].tolist() == ["r1", "r2"]
