"""The best of several trials is one of which every run has a score."""

import pandas as pd
import pytest

from initlab.analysis.best_trials import best_trials

RUNS = pd.DataFrame(
    {
        "run_id": ["a0", "a1", "b0", "b1", "c0", "c1", "d0", "d1"],
        "trial_id": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "depth": [3, 3, 3, 3, 3, 3, 5, 5],
    }
)


@pytest.mark.parametrize(
    ("score", "best"),
    [
        ({"a0": 0.4, "a1": 0.4, "b0": 0.9, "b1": 0.5, "c0": 0.6, "c1": 0.6}, "b"),
        ({"a0": 0.4, "a1": 0.4, "b0": 0.9, "c0": 0.6, "c1": 0.6}, "c"),  # b1 diverged
        ({"a0": 0.4, "b0": 0.9}, "b"),  # none is whole
        ({"a0": 0.5, "a1": 0.5, "b0": 0.5, "b1": 0.5}, "a"),  # the first of those alike
    ],
)
def test_a_trial_with_a_run_without_a_score_is_behind_all_that_are_whole(score, best):
    found = best_trials(RUNS, pd.Series(score), ["depth"])
    assert found["trial_id"].tolist() == [best, best]


def test_each_setting_keeps_one():
    score = pd.Series(0.5, index=RUNS["run_id"])
    assert best_trials(RUNS, score, ["depth"])["trial_id"].tolist() == ["a", "a", "d", "d"]
