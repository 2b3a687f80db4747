"""Networks whose filters stay as they were drawn, beside the same that are trained whole."""

from typing import Any

import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.names import short_name
from initlab.analysis.selection import select

FIXED, FREE = "fixed", "trained"
ARM = ["model", "dataset", "width", "law", "filters"]
MODELS = {"convnet": "one convolution", "textbook": "three convolutions and pooling"}


def with_arms(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the trained runs whose filters all learn or are all fixed, and none between.

    Returns:
        The columns of `runs`, `law` (of the first layer), `filters` (`FIXED` or `FREE`).
    """
    frozen = runs["frozen_layers"].fillna(0).astype(int) if "frozen_layers" in runs else 0
    first = runs["first_initializer"] if "first_initializer" in runs else None
    law = runs["initializer"] if first is None else first.fillna(runs["initializer"])
    found = runs.assign(frozen=frozen, law=law, filters=FREE, steps=runs["steps"].astype(int))
    found.loc[found["frozen"] > 0, "filters"] = FIXED
    whole = found["frozen"].isin([0]) | (found["frozen"] == found["depth"] - 1)
    kept = found[whole & (found["steps"] > 0)].drop(columns="frozen").reset_index(drop=True)
    both = kept.groupby(["model", "dataset", "width", "law"])["filters"].transform("nunique") == 2
    return kept[both].reset_index(drop=True)


def chosen_arms(arms: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns one trial an arm, that of the best learning rate, in the order to be drawn.

    Args:
        arms: of `with_arms`.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
    """
    best = best_trials(arms, score, ARM)
    return best.sort_values(["model", "width"], kind="stable").reset_index(drop=True)


def settings(own: pd.DataFrame) -> list[tuple[str, str, int, str]]:
    """Returns model, data set, width and law of each pair of arms."""
    pairs = own[["model", "dataset", "width", "law"]].drop_duplicates()
    return [(str(m), str(d), int(w), str(i)) for m, d, w, i in pairs.to_numpy()]


def arm(own: pd.DataFrame, model: str, width: int, law: str, filters: str) -> pd.DataFrame:
    """Returns the runs of one arm."""
    return select(own, model=model, width=width, law=law, filters=filters)


def arm_label(run: "pd.Series[Any]") -> str:
    """Returns what figures call an arm's width and law."""
    return f"{run['width']} filters, {short_name(str(run['law']))}"
