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


def places_in_grid(
    runs: pd.DataFrame, best: pd.DataFrame, of_each: Sequence[str], *, field: str = "learning_rate"
) -> "pd.Series[str]":
    """Returns where the chosen value of a field lies among those that were tried, by run id.

    Beyond the lowest or the highest that was tried a better one may lie.

    Args:
        runs: all that were tried.
        best: of `best_trials`.
        of_each: the fields whose every setting keeps one trial.
        field: of which several values were tried.

    Returns:
        `lowest`, `highest`, `inside`, or `only`.
    """
    tried = runs.groupby(list(of_each))[field].agg(["min", "max"]).reset_index()
    rows = best[[*of_each, "run_id", field]].merge(tried, on=list(of_each))
    place = pd.Series("inside", index=rows.index)
    place = place.mask(rows[field] == rows["max"], "highest")
    place = place.mask(rows[field] == rows["min"], "lowest")
    place = place.mask(rows["min"] == rows["max"], "only")
    return pd.Series(place.to_numpy(), index=rows["run_id"])
