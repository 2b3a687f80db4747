"""Runs that differ in one choice alone, each at the learning rate that serves it best."""

from collections.abc import Mapping

import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.over_seeds import average, by_seed
from initlab.analysis.selection import NOT_ASKED, select, trial_fields

# They are chosen apart for each, or change nothing.
BESIDE = frozenset({"learning_rate", "probes", "measure"})


def contrast(runs: pd.DataFrame, field: str) -> pd.DataFrame:
    """Returns the runs that have others beside them which differ in this field alone.

    Learning rates, which are chosen, and seeds may differ too.

    Returns:
        The columns of `runs`, `setting`, a number for what is alike, and `choice`, the field's
        value as text, `none` where it has none.
    """
    if field not in runs or runs.empty:
        return runs.iloc[:0].assign(setting=0, choice="")
    alike = [
        name
        for name in runs.columns
        if name not in NOT_ASKED | BESIDE | {field} and not name.endswith("_version")
    ]
    setting = runs.groupby(alike, sort=False, dropna=False).ngroup()
    choice = runs[field].astype(object).where(runs[field].notna(), "none").astype(str)
    found = runs.assign(setting=setting, choice=choice)
    several = found.groupby("setting")["choice"].transform("nunique") > 1
    return found[several].reset_index(drop=True)


def chosen(runs: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns one trial for each setting and choice, that of the best learning rate.

    Args:
        runs: of `contrast`.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
    """
    return best_trials(runs, score, ["setting", "choice"])


def seeds_of(
    own: pd.DataFrame, values: "pd.Series[float]", choice: object, **fields: object
) -> "pd.Series[float]":
    """Returns one value a seed, of one choice.

    Args:
        own: of `chosen`.
        values: by run id.
        choice: which.
        fields: of the setting, where there are several.
    """
    return by_seed(select(own, choice=str(choice), **fields), values)


def choice_table(own: pd.DataFrame, values: Mapping[str, "pd.Series[float]"]) -> pd.DataFrame:
    """Returns the mean over seeds of each choice: the columns of `average`.

    Args:
        own: of `chosen`, with a `label` for each choice and setting, in the order to be drawn.
        values: statistic to its values by run id. A run that diverged is counted, and in no mean.
    """
    ended = own["diverged_at_step"].notna()
    fields = list(dict.fromkeys([*trial_fields(own), "label"]))
    long = [
        own[[*fields, "seed", "run_id"]].assign(
            statistic=name,
            value=own["run_id"].map(by_run).astype("float64").mask(ended),
            diverged=ended,
        )
        for name, by_run in values.items()
    ]
    table = average(pd.concat(long), log=False)
    order = {label: place for place, label in enumerate(dict.fromkeys(own["label"]))}
    return table.sort_values("label", key=lambda labels: labels.map(order), kind="stable")


def rates_of_choices(
    own: Mapping[str, pd.DataFrame], values: Mapping[str, "pd.Series[float]"]
) -> pd.DataFrame:
    """Returns one row a choice, rounded for reading: its learning rate, and means over seeds.

    Args:
        own: of `chosen`, by field, with a `label` for each choice and setting.
        values: what a column is called to its values by run id.
    """
    columns = ["field", "label", "learning_rate", *values]
    rows = [
        runs.assign(field=field, **{name: runs["run_id"].map(one) for name, one in values.items()})
        .groupby(["field", "label", "learning_rate"], sort=False)[list(values)]
        .mean()
        .round(3)
        .reset_index()
        for field, runs in own.items()
        if len(runs)
    ]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    return table[columns].rename(columns={"label": "choice", "learning_rate": "rate"})
