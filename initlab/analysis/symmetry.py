"""Symmetry between units: duplicates, cosines and ranks over steps, and when it is broken."""

import math

import numpy as np
import pandas as pd

from initlab.analysis.guessing import chance
from initlab.analysis.intervals import Interval
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import average, by_seed, long_form, seed_interval, share_interval
from initlab.analysis.selection import hidden, in_order, select, trial_fields

SYMMETRY = ("duplicate_unit_fraction", "unit_cosine", "effective_rank", "kernel_gradient_rank")
TWO_WAYS = 1.5
AT_THE_END = {
    "duplicate_unit_fraction": "duplicates",
    "unit_cosine": "cosine",
    "effective_rank": "rank of activations",
    "kernel_gradient_rank": "rank of gradients",
}


def symmetry_over_steps(
    runs: pd.DataFrame, layers: pd.DataFrame, *, layer: int | None = None
) -> pd.DataFrame:
    """Returns how alike the units of a network are, over steps: one row a trial, step, statistic.

    Args:
        runs: the runs that count.
        layers: the `layers` table.
        layer: which one; by default the mean over the hidden layers of each run.

    Returns:
        The trial's fields, `step`, `statistic` (`duplicate_unit_fraction`, `unit_cosine`,
        `effective_rank`, `kernel_gradient_rank`), and the columns of `average`.
    """
    long = long_form(runs, layers, SYMMETRY)
    long = long[long["layer"] < long["depth"]] if layer is None else long[long["layer"] == layer]
    by = [name for name in long.columns if name not in ("layer", "site", "value", "diverged")]
    mean = long.groupby(by, sort=False, dropna=False).agg(
        value=("value", "mean"), diverged=("diverged", "any")
    )
    # A layer that is no number any more takes the mean of its run with it.
    mean.loc[mean["diverged"], "value"] = np.nan
    return average(mean.reset_index(), log=False)


def first_unlike_step(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the first measured step at which no hidden layer has duplicate units.

    Returns:
        One row a trial: its fields, `median`, `least` and `greatest` over the runs in which that
        happens (NaN where in none), `n` (how many they are), `num_runs`, `num_diverged`.
    """
    long = long_form(runs, layers, ["duplicate_unit_fraction"])
    long = long[(long["layer"] < long["depth"]) & np.isfinite(long["value"])]
    worst = long.groupby(["run_id", "step"])["value"].max().reset_index()
    first = worst[worst["value"] == 0].groupby("run_id")["step"].min()
    fields = trial_fields(runs)
    rows = []
    for key, group in runs.groupby(fields, sort=False, dropna=False):
        steps = group["run_id"].map(first).dropna()
        row = dict(zip(fields, key, strict=True))
        row |= {"median": steps.median(), "least": steps.min(), "greatest": steps.max()}
        row |= {"n": len(steps), "num_runs": len(group)}
        rows.append(row | {"num_diverged": int(group["diverged_at_step"].notna().sum())})
    columns = [*fields, "median", "least", "greatest", "n", "num_runs", "num_diverged"]
    return in_order(pd.DataFrame(rows, columns=columns))


def parting_steps(runs: pd.DataFrame, layers: pd.DataFrame) -> "pd.Series[float]":
    """Returns the first measured step at which the units of a hidden layer go two ways, by run id.

    That is, at which the effective rank of its activations rounds to 2 or more. Runs in which it
    never does are absent.
    """
    rows = hidden(runs, layers)
    return rows[rows["effective_rank"] >= TWO_WAYS].groupby("run_id")["step"].min()


def arms_at_the_end(
    runs: pd.DataFrame, layers: pd.DataFrame, accuracy: "pd.Series[float]"
) -> pd.DataFrame:
    """Returns what became of each arm, one row a trial, rounded for reading."""
    ends = hidden(runs, layers)
    ends = ends[ends["step"] == ends.groupby("run_id")["step"].transform("max")]
    end = ends.groupby("run_id")[list(SYMMETRY)].mean()
    unlike = first_unlike_step(runs, layers)
    rows = []
    for record in unlike.to_dict("records"):
        arm = select(
            runs, **{name: record[name] for name in ("activation", "depth", "initializer")}
        )
        test = share_interval(by_seed(arm, accuracy))
        rows.append(
            {
                "activation": record["activation"],
                "initializer": short_name(str(record["initializer"])),
                **{
                    words: round(seed_interval(by_seed(arm, end[name])).centre, 3)
                    for name, words in AT_THE_END.items()
                },
                "step without duplicates": record["median"],
                "test accuracy": round(test.centre, 3),
                "low": round(test.low, 3),
                "high": round(test.high, 3),
                "seeds": test.n,
                "verdict": end_in_words(test, chance(arm)),
            }
        )
    return pd.DataFrame(rows)


def end_in_words(accuracy: Interval, guess: float) -> str:
    """Returns an accuracy as a word: against that of a guess."""
    if not math.isfinite(accuracy.low):
        return "too few seeds"
    if accuracy.low > 2 * guess:
        return "learns"
    return "guesses" if accuracy.high < 2 * guess else "between"
