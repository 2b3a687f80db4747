"""What becomes of each trial's signal, beside what theory expects, as tables to read."""

import math
from typing import Any

import pandas as pd

from initlab.analysis.claims.holding import what_becomes
from initlab.analysis.findings import Listing
from initlab.analysis.names import short_name
from initlab.analysis.numbers import TIMES, factor, number
from initlab.analysis.over_seeds import by_seed, share_interval

TRIAL = ["activation", "depth", "initializer"]
DIRECTIONS = ("forward", "backward")
FACTORS = (
    "Each trial before training, {direction}: factor per layer of the mean square over the hidden "
    "layers, geometric mean over seeds with its 95 % interval; what theory predicts "
    "for the same layers; and the expected range, in which the mean over so many networks of this "
    "width lies in all but one of 370 cases: three standard deviations beyond the typical network "
    "and the mean over networks. Empty: theory has no number, or float32 no signal to compare, or "
    "the networks run apart."
)
VERDICTS = (
    "Each trial in words: what becomes of the mean square before training from the first to the "
    "last hidden layer that it comes to, the factor per layer, geometric mean over seeds, measured "
    "and predicted, and how much is left. A signal "
    "holds if the whole interval over seeds lies within a factor of ten, shrinks or grows if it "
    "lies beyond, is undecided if it reaches across, vanishes if float32 has nothing left at the "
    "last layer and explodes if it overflows. As theory: whether the factor lies in the expected "
    "range of the tables `forward-factors` and `backward-factors`. Not judged are trials without "
    "one, among them those whose networks run apart: a mean square that scatter has moved moves "
    "on, to either side, by more than theory can say, which is of first order in 1 / width. A "
    "network may still train whose signal shrinks: test accuracy at the end, mean over seeds with"
    " its 95 % interval (a diverged run: a guess; the figure of accuracies leaves it out)."
)
COMPARED = ("measured", "measured_low", "measured_high")
WRITTEN = ("factor", "low", "high", "predicted", "expected low", "expected high")
AGREES = {True: "yes", False: "no"}
NOT_JUDGED = "not judged"
UNSTABLE = f"{NOT_JUDGED}: networks run apart"


def with_expectations(
    factors: pd.DataFrame, grid: pd.DataFrame, expected: pd.DataFrame
) -> pd.DataFrame:
    """Returns the table of `layer_factors` with what `expected_factors` has for its trials.

    `as_theory` is `yes` or `no`, and null where there is nothing to judge by.
    """
    fields = [name for name in TRIAL if name in factors]
    if "trial_id" not in grid:
        grid = grid.assign(trial_id="")
    trials = grid[[*fields, "trial_id"]].drop_duplicates(fields)
    table = factors.merge(trials, on=fields, how="left")
    table = table.merge(expected, on=["trial_id", "direction"], how="left")
    within = table["measured"].between(table["expected_low"], table["expected_high"])
    judged = table["expected_low"].notna()
    return table.assign(as_theory=within.map(AGREES).where(judged, None))


def factor_rows(factors: pd.DataFrame, direction: str) -> pd.DataFrame:
    """Returns one row a trial: its factor per layer, with interval and expected range, one way.

    Where theory has a prediction the factor is of the layers that it can be compared on.
    """
    rows = []
    for record in factors[factors["direction"] == direction].to_dict("records"):
        row = _named(tuple(record[name] for name in TRIAL))
        measured = COMPARED if pd.notna(record["predicted"]) else ("factor", "low", "high")
        names = (*measured, "predicted", "expected_low", "expected_high")
        for name, written in zip(names, WRITTEN, strict=True):
            row[written] = float(f"{record[name]:.4g}")
        row["seeds"] = int(record["num_runs"])
        row["diverged"] = int(record["num_diverged"])
        rows.append(row)
    return pd.DataFrame(rows)


def verdict_rows(
    grid: pd.DataFrame, factors: pd.DataFrame, accuracy: "pd.Series[float]"
) -> pd.DataFrame:
    """Returns one row a trial: its verdict in words, forward and backward, and its accuracy.

    Args:
        grid: the runs.
        factors: of `with_expectations`, for these runs.
        accuracy: of `final_accuracy`, by run id.
    """
    rows, runs = [], dict(iter(grid.groupby(TRIAL, sort=False)))
    for key, of_it in factors.groupby(TRIAL, sort=False):
        row = _named(key)
        for record in of_it.to_dict("records"):
            direction = record["direction"]
            row[direction] = verdict(record)
            row[f"{direction} as theory"] = _as_theory(record)
        end = share_interval(by_seed(runs[key], accuracy))
        row["test accuracy"], row["accuracy low"], row["accuracy high"] = (
            float(f"{value:.3g}") for value in end[:3]
        )
        row["seeds"] = int(of_it["num_runs"].max())
        rows.append(row)
    return pd.DataFrame(rows)


def _as_theory(record: dict[Any, Any]) -> str:
    """Returns whether a trial is as theory expects, one way, or why that is not judged."""
    if pd.notna(record["as_theory"]):
        return str(record["as_theory"])
    unstable = record["unstable"]
    return UNSTABLE if pd.notna(unstable) and unstable else NOT_JUDGED


def trial_listings(
    grid: pd.DataFrame, factors: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Listing]:
    """Returns the tables to be printed: the verdicts in words, and their numbers, each way."""
    numbers = [
        Listing(f"{way}-factors", FACTORS.format(direction=way), factor_rows(factors, way))
        for way in DIRECTIONS
    ]
    return [Listing("verdicts", VERDICTS, verdict_rows(grid, factors, accuracy)), *numbers]


def verdict(record: dict[Any, Any]) -> str:
    """Returns a trial's verdict, one way: `vanishes: 0.500 a layer, predicted 0.500; ...`."""
    if not record["num_layers"] > 1:
        return "one layer"
    parts = []
    if pd.notna(record["predicted"]):  # of the layers that theory can be compared on
        parts += [f"{_a_layer(record['measured'])} a layer"]
        parts += [f"predicted {_a_layer(record['predicted'])}"]
    elif record["n"]:
        parts += [f"{_a_layer(record['factor'])} a layer"]
    found = what_becomes(pd.Series(record)).replace("has no number", "no number")
    told = [", ".join(parts)] if parts else []
    return f"{found}: {'; '.join([*told, _left(record)])}"


def _left(record: dict[Any, Any]) -> str:
    """Returns what is left of a signal at the last hidden layer that it comes to."""
    held, layers = record["least_layers_used"], record["num_layers"]
    if record["fate"] == "unknown":
        return "the forward pass overflows"
    if record["num_lost"]:
        if not held:
            return "no layer carries it"
        return f"nothing left of the signal after {held} of {layers} layers"
    if record["num_over"]:
        return f"overflows after {held} layers"
    return f"{TIMES} {factor(math.log10(record['total']))} across {layers} layers"


def _a_layer(value: float) -> str:
    """Returns a factor per layer to three digits, trailing zeros kept: `0.500`.

    >>> _a_layer(0.5), _a_layer(64.03), _a_layer(0.001302)
    ('0.500', '64.0', '0.00130')
    """
    return f"{value:#.3g}".rstrip(".") if 1e-4 <= value < 1000 else number(value)


def _named(key: tuple[Any, ...]) -> dict[str, Any]:
    activation, depth, label = key
    return {"activation": activation, "depth": depth, "initializer": short_name(str(label))}
