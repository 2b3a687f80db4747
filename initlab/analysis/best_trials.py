"""Of several trials that answer one question, such as learning rates, the one that does best."""

from collections.abc import Sequence

import pandas as pd


def best_trials(
    runs: pd.DataFrame, score: "pd.Series[float]", of_each: Sequence[str]
) -> pd.DataFrame:
    """Returns the runs of one trial for each setting: the one of the highest mean score.

    Of learning rates the best is chosen so: what none of them trains cannot be trained. A trial
    with a run that has no score, such as one that diverged and counts as no guess, is behind all
    that have a score of every run.

    Args:
        runs: the runs that count, each with its `trial_id`.
        score: by run id; validation or training accuracy, never that of the test part.
        of_each: the fields whose every setting keeps one trial.
    """
    fields = list(of_each)
    scored = runs.assign(score=runs["run_id"].map(score).astype("float64"))
    trials = scored.groupby([*fields, "trial_id"], sort=False)["score"]
    found = trials.agg(["mean", "count", "size"]).dropna().reset_index()
    found["whole"] = found["count"] == found["size"]
    ranked = found.sort_values(["whole", "mean"], ascending=False, kind="stable")
    best = ranked.drop_duplicates(fields)["trial_id"]
    return runs[runs["trial_id"].isin(best)].reset_index(drop=True)
