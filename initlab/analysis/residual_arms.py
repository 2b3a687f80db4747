"""Arms of residual nets: their names, the gradient on its way through them, growth a block."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.over_seeds import average
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.rates import largest_stable_rates
from initlab.analysis.weight_scales import VALIDATION
from initlab.architectures.families import CIFAR_DEPTHS

PLAIN, SUM = "plain net", "ResNet"
BATCH, BARE = "batch norm", "no norm"
HE = "he_normal"
READOUT = "readout"  # its `layer_name`
NORMS = {"batch": BATCH, "none": BARE, "layer": "layer norm", "group": "group norm"}
SUMS = {
    "plain": SUM,
    "scaled": "1/sqrt(L) branches",
    "zero_gamma": "zero gamma",
    "skip_init": "SkipInit",
    "rezero": "ReZero",
    "fixup": "Fixup",
}
SETTING = ["net", "normalization", "depth", "initializer"]
STAGES = 3  # of a net of CIFAR's form, between which the image is halved


def with_arms(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of residual nets of CIFAR's form and their plain twins, with their arm.

    `net` is the net or the variant of its sums, `normalization` the norm in words, `arm` both.
    """
    runs = runs.reset_index(drop=True)
    family = runs["model"].astype(str).str.extract(r"^(resnet|plain)(\d+)$")
    kept = runs[pd.to_numeric(family[1]).isin(CIFAR_DEPTHS)]
    sums = kept["residual"].map(SUMS)
    net = sums.where(family.loc[kept.index, 0] == "resnet", PLAIN)
    norm = kept["norm"].map(lambda name: NORMS.get(str(name), str(name)))
    return kept.assign(net=net, normalization=norm, arm=net + ", " + norm).reset_index(drop=True)


def at(runs: pd.DataFrame, **fields: object) -> pd.DataFrame:
    """Returns the runs whose fields have these values."""
    for name, value in fields.items():
        runs = runs[runs[name] == value]
    return runs


def named(table: pd.DataFrame, runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """Returns a table of these runs with a column of theirs, which it lacks where all are alike."""
    if column in table or runs.empty:
        return table
    return table.assign(**{column: runs[column].iloc[0]})


def chosen(runs: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns the runs of each arm's, depth's and law's best learning rate.

    Args:
        runs: of `with_arms`.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
    """
    return best_trials(runs, score, SETTING)


def convolutions(layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows at the preactivations of convolutions."""
    return layers[layers["layer_name"].astype(str).str.startswith("conv")]


def sums(layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows at the sums."""
    return layers[layers["layer_name"].astype(str).str.startswith("sum")]


def gradient_ratio(layers: pd.DataFrame, key: str = "run_id") -> "pd.Series[float]":
    """Returns log10 of the gradient's mean square at the first over that at the last convolution.

    Args:
        layers: rows of one step, or predictions.
        key: column that tells nets apart.
    """
    rows = convolutions(layers).sort_values("site")
    ends = rows.groupby(key)[BACKWARD].agg(["first", "last"])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log10(ends["first"].to_numpy(np.float64) / ends["last"].to_numpy(np.float64))
    ratio = pd.Series(found, index=ends.index)
    return ratio[np.isfinite(ratio)]


def block_growth(
    runs: pd.DataFrame, layers: pd.DataFrame, key: str = "run_id"
) -> "pd.Series[float]":
    """Returns log10 of the factor by which a block multiplies the mean square of the sum.

    The mean over blocks that keep the image's size: where it is halved channels of zeros join.

    Args:
        runs: with `key` and `depth`.
        layers: rows of one step, or predictions.
        key: column that tells nets apart.
    """
    depths = runs.drop_duplicates(key).set_index(key)["depth"]
    found = {}
    for name, rows in sums(layers).sort_values("site").groupby(key):
        number = (int(depths[name]) - 2) // (2 * STAGES) if name in depths.index else 0
        squares = rows[FORWARD].to_numpy(np.float64)
        if number < 2 or len(squares) != STAGES * number or not (squares > 0).all():
            continue
        stages = np.log10(squares).reshape(STAGES, number)
        found[name] = float(np.diff(stages, axis=1).mean())
    return pd.Series(found, dtype="float64").replace([np.inf, -np.inf], np.nan).dropna()


def by_trial(runs: pd.DataFrame, values: "pd.Series[float]") -> float:
    """Returns the number of these runs' trial, of numbers by trial id; NaN where there is none."""
    return float(values.get(runs["trial_id"].iloc[0], math.nan)) if len(runs) else math.nan


def stable_rates(runs: pd.DataFrame, is_stable: "pd.Series[bool]") -> pd.DataFrame:
    """Returns the largest stable learning rate of each setting and seed.

    Where even the least is not stable, it is taken for the least: the largest is below.

    Returns:
        `SETTING`, `seed`, `value`, and `limit`, the largest rate that was run.
    """
    rows = []
    for key, of_it in runs.groupby(SETTING, sort=False):
        found = largest_stable_rates(of_it, is_stable)[["seed", "value"]]
        least, most = of_it["learning_rate"].min(), of_it["learning_rate"].max()
        known = found.assign(value=found["value"].fillna(least), limit=most)
        setting: dict[str, Any] = dict(zip(SETTING, key, strict=True))
        rows.append(known.assign(**setting))
    columns = [*SETTING, "seed", "value", "limit"]
    return pd.concat(rows)[columns] if rows else pd.DataFrame(columns=columns)


def best_rates(runs: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns the learning rate of the highest validation accuracy of each setting and seed.

    Equal ones count with their geometric mean. Columns as `stable_rates`.
    """
    scored = runs.assign(score=runs["run_id"].map(score).astype("float64")).dropna(subset="score")
    rows = []
    for key, of_it in scored.groupby([*SETTING, "seed"], sort=False):
        top = of_it[of_it["score"] == of_it["score"].max()]
        value = float(np.exp(np.log(top["learning_rate"]).mean()))
        row = dict(zip([*SETTING, "seed"], key, strict=True))
        rows.append(row | {"value": value, "limit": float(of_it["learning_rate"].max())})
    return pd.DataFrame(rows, columns=[*SETTING, "seed", "value", "limit"])


def accuracy_table(
    runs: pd.DataFrame, values: Mapping[str, "pd.Series[float]"], *, rate: bool = False
) -> pd.DataFrame:
    """Returns means over seeds of accuracies by run id: a row a trial and statistic.

    A run that diverged is in no mean and is counted.

    Args:
        runs: of `with_arms`.
        values: statistic to accuracies.
        rate: whether learning rates are trials of their own.
    """
    ended = runs["diverged_at_step"].notna()
    fields = ["activation", *SETTING, "arm", *(["learning_rate"] if rate else [])]
    parts = [
        runs[[*fields, "seed", "run_id"]].assign(
            statistic=statistic,
            value=runs["run_id"].map(of_it).astype("float64").mask(ended),
            diverged=ended,
        )
        for statistic, of_it in values.items()
    ]
    return average(pd.concat(parts), log=False)


def arms_to_read(
    runs: pd.DataFrame,
    best: pd.DataFrame,
    values: Mapping[str, "pd.Series[float]"],
    rates: pd.DataFrame,
) -> pd.DataFrame:
    """Returns a row a setting: its learning rate, its largest stable one, and its accuracies.

    Args:
        runs: all of `with_arms`; tells whether the rate chosen stands at an end of the grid.
        best: of `chosen`.
        values: statistic to accuracies by run id; a diverged run is a guess.
        rates: of `stable_rates`.
    """
    rows = []
    for key, of_it in best.groupby(SETTING, sort=False):
        setting = dict(zip(SETTING, key, strict=True))
        grid = at(runs, **setting)["learning_rate"]
        rate = float(of_it["learning_rate"].iloc[0])
        stable = np.exp(np.log(at(rates, **setting)["value"]).mean())
        row = setting | {"rate": rate, "at an end": "yes" if rate in _ends(grid) else "no"}
        row |= {"stable up to": float(f"{stable:.3g}")}
        for statistic, accuracies in values.items():
            name = statistic.removesuffix("_accuracy")
            row[name] = float(f"{of_it['run_id'].map(accuracies).mean():.3g}")
        rows.append(row)
    names = ["rate", "at an end", "stable up to"]
    columns = [*SETTING, *names, *(name.removesuffix("_accuracy") for name in values)]
    return pd.DataFrame(rows, columns=columns)


def _ends(grid: "pd.Series[float]") -> tuple[float, float]:
    return float(grid.min()), float(grid.max())


SCORES = ("train_accuracy", VALIDATION, "test_accuracy")
