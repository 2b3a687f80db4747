"""New heads on pretrained nets: their arms, and how far the pretrained filters move."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.filter_measures.movement import relative_movement
from initlab.analysis.names import short_name
from initlab.analysis.numbers import TIMES
from initlab.analysis.over_seeds import average
from initlab.analysis.selection import trial_fields

ZEROS, HE = "zeros", "he_normal"
TASKS = {"cross_entropy": "cross-entropy", "mse": "squared error"}
SETTING = ["loss", "removed", "head", "multiplier"]
MOVED = "relative_movement"


def with_heads(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs that start from a checkpoint, with what their head is.

    Returns:
        The columns of `runs`, `removed` (how many layers are new), `head` (the law of their
        kernels), `multiplier` (of their learning rate), and `task`, the loss in words.
    """
    kept = runs[runs["initializer"].str.startswith("pretrained(")].reset_index(drop=True)

    def said(name: str, nothing: object) -> pd.Series:
        column = kept[name] if name in kept else pd.Series(np.nan, index=kept.index)
        return column.astype(object).where(column.notna(), nothing)

    return kept.assign(
        removed=said("removed_layers", 0).astype("int64"),
        head=said("head_initializer", HE).astype(str),
        multiplier=said("head_learning_rate_multiplier", 1.0).astype("float64"),
        task=kept["loss"].map(TASKS),
    )


def chosen(runs: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns the runs of each head's best learning rate.

    Args:
        runs: of `with_heads`.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
    """
    return best_trials(runs, score, SETTING)


def movements(
    runs: pd.DataFrame, arrays: Mapping[str, Mapping[str, npt.NDArray[Any]]]
) -> "pd.Series[float]":
    """Returns how far training moved the first layer's filters, by run id: 0 or more.

    The mean over filters of `relative_movement`; a run without kept kernels has none.

    Args:
        runs: the runs that count.
        arrays: of `results.arrays_of`.
    """
    found: dict[str, float] = {}
    for run_id in runs["run_id"]:
        kept = arrays[str(run_id)]
        ends = [kept.get(f"first_kernel_{when}") for when in ("initial", "final")]
        if ends[0] is not None and ends[1] is not None:
            found[str(run_id)] = float(np.nanmean(relative_movement(ends[0], ends[1])))
    return pd.Series(found, dtype="float64")


def by_rate(runs: pd.DataFrame, values: "pd.Series[float]", statistic: str) -> pd.DataFrame:
    """Returns the mean over seeds of each head and learning rate: the columns of `average`.

    Args:
        runs: of `with_heads`.
        values: by run id.
        statistic: their name.
    """
    named = labelled(runs)
    fields = list(
        dict.fromkeys([*trial_fields(named), "learning_rate", "task", "new layers", "law"])
    )
    ended = named["diverged_at_step"].notna()
    long = named[[*fields, "seed", "run_id"]].assign(
        statistic=statistic,
        value=named["run_id"].map(values).astype("float64").mask(ended),
        diverged=ended,
        activation=named["task"],
    )
    return average(long, log=statistic == MOVED)


def labelled(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with `law`, its short name, `new layers`, and `label`, all of the head."""
    laws = [
        short_name(str(head)) + ("" if times == 1 else f", rate {TIMES} {times:g}")
        for head, times in zip(runs["head"], runs["multiplier"], strict=True)
    ]
    numbers = [{1: "one", 2: "two"}.get(number, str(number)) for number in runs["removed"]]
    layers = [f"layer{'s' * (number > 1)}" for number in runs["removed"]]
    named = list(zip(laws, numbers, layers, strict=True))
    return runs.assign(
        law=laws,
        label=[f"{law}, {number} {layer}" for law, number, layer in named],
        **{"new layers": [f"{number} new {layer}" for _, number, layer in named]},
    ).sort_values(["removed", "head", "multiplier"], kind="stable")
