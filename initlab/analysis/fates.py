"""What becomes of each trial's signal, as a table to read."""

import math
from typing import Any

import pandas as pd

from initlab.analysis.claims.holding import what_becomes
from initlab.analysis.names import short_name
from initlab.analysis.numbers import TIMES, factor
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import weight_variance

FATES = (
    "Each trial before training: factor per layer of the mean square, forward and backward, "
    "geometric mean over seeds with its 95 % interval; the closed form for relu, half the weight "
    "variance; what becomes of the signal from the first to the last hidden layer that it comes to "
    "(in brackets the mean square there over that at the first, geometric mean over seeds): it "
    "holds if the whole interval lies within a factor of ten, shrinks or grows if it lies beyond, "
    "is undecided if it reaches across, vanishes if float32 has nothing left at the last layer and "
    "explodes if it overflows. A network may still train whose signal shrinks. And test "
    "accuracy at the end (a diverged run: a guess; the figure of accuracies leaves it out)."
)


def fates(grid: pd.DataFrame, factors: pd.DataFrame, accuracy: "pd.Series[float]") -> pd.DataFrame:
    """Returns one row a trial: factors, closed form, fate in words, and test accuracy at the end.

    Args:
        grid: the runs.
        factors: of `layer_factors`, for these runs.
        accuracy: of `final_accuracy`, by run id.
    """
    rows = []
    trial = ["activation", "depth", "initializer"]
    for key, of_it in factors.groupby(trial, sort=False):
        activation, depth, label = key
        row: dict[str, Any] = {"activation": activation, "depth": depth}
        row["initializer"] = short_name(str(label))
        variance = weight_variance(str(label), int(grid["width"].iloc[0]))
        known = activation == "relu" and variance is not None
        row["closed form"] = float(f"{variance / 2:.4g}") if known and variance else math.nan
        for record in of_it.to_dict("records"):
            direction = record["direction"]
            for name in ("factor", "low", "high"):
                row[f"{direction} {name}"] = float(f"{record[name]:.4g}")
            row[f"{direction} fate"] = fate_in_words(record)
        row["seeds"], row["diverged"] = (
            int(of_it["num_runs"].max()),
            int(of_it["num_diverged"].max()),
        )
        runs = select(grid, **dict(zip(trial, key, strict=True)))
        end = share_interval(by_seed(runs, accuracy))
        row["test accuracy"], row["accuracy low"], row["accuracy high"] = (
            float(f"{value:.3g}") for value in end[:3]
        )
        rows.append(row)
    return pd.DataFrame(rows)


def fate_in_words(record: dict[Any, Any]) -> str:
    """Returns what becomes of a signal, with what is left of it at the last hidden layer."""
    if record["fate"] == "unknown":
        return "no number: the forward pass overflows" if record["num_layers"] > 1 else "one layer"
    if record["num_lost"]:
        held, layers = record["least_layers_used"], record["num_layers"]
        if not held:
            return "vanishes: no layer carries it"
        return f"vanishes: nothing left after {held} of {layers} layers"
    if record["num_over"]:
        return f"explodes: overflows after {record['least_layers_used']} layers"
    return f"{what_becomes(pd.Series(record))} ({TIMES} {factor(math.log10(record['total']))})"
