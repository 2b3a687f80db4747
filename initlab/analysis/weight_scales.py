"""Scales of random weights: accuracy and steps by standard deviation, and how far both reach."""

import math
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.depth_scales import critical_point, depth_scales
from initlab.analysis.filters import hidden_fan
from initlab.analysis.guessing import with_guesses
from initlab.analysis.names import activation_order, optimizer_order, short_name
from initlab.analysis.over_seeds import average
from initlab.analysis.verdicts import weight_variance

SETTING = ["activation", "depth", "optimizer"]
SCALED = [*SETTING, "initializer"]
VALIDATION = "validation_accuracy"
STEPS = "steps_to_accuracy"
TRAINED = 0.5  # of accuracy
TARGET = 0.8  # of the training accuracy that steps are counted to


def accuracy_at(runs: pd.DataFrame, records: pd.DataFrame, step: int) -> "pd.Series[float]":
    """Returns each run's validation accuracy at a step, by run id; once diverged, a guess."""
    there = records[records["step"] == step].set_index("run_id")[VALIDATION]
    values = there.astype("float64").reindex(runs["run_id"])
    ended = runs["diverged_at_step"].astype("float64") <= step
    return with_guesses(values, runs[ended.fillna(False)]).dropna()


def validated_steps(runs: pd.DataFrame, records: pd.DataFrame) -> list[int]:
    """Returns the steps at which runs that did not diverge have a validation accuracy, ascending.

    The last row of one that did is off the schedule.
    """
    whole = runs.loc[runs["diverged_at_step"].isna(), "run_id"]
    rows = records[records["run_id"].isin(whole) & records[VALIDATION].notna()]
    return sorted({int(step) for step in rows["step"]})


def deviation(label: str, fan: int | None) -> float:
    """Returns the standard deviation of a law's weights in layers of one fan-in; or NaN."""
    variance = None if fan is None else weight_variance(label, fan)
    return math.sqrt(variance / fan) if variance and fan else math.nan


def with_deviations(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs whose law has a standard deviation, with `stddev` and `by_hand`.

    They come by optimizer, plain gradient descent first, activation and depth; networks whose
    hidden layers are not alike have none. `by_hand`: whether the deviation was given as a number,
    and follows from no rule.
    """
    stddev = pd.Series(np.nan, index=runs.index)
    for (label, *_), of_it in runs.groupby(["initializer", "model", "width"]):
        stddev[of_it.index] = deviation(str(label), hidden_fan(of_it))
    rows = runs.assign(stddev=stddev, by_hand=runs["initializer"].str.startswith("normal("))
    order = [
        (optimizer_order(optimizer), activation_order(activation), depth)
        for activation, depth, optimizer in rows[SETTING].itertuples(index=False)
    ]
    rows = rows.iloc[sorted(range(len(rows)), key=order.__getitem__)]
    return rows.dropna(subset="stddev").reset_index(drop=True)


def critical_deviations(runs: pd.DataFrame, predictions: pd.DataFrame) -> dict[str, float]:
    """Returns, by activation, the standard deviation at which theory has the gradient's factor 1.

    NaN where no scale that was run is on its other side.
    """
    if (fan := hidden_fan(runs)) is None:
        return {}
    scales = depth_scales(runs, predictions)
    return {
        str(activation): math.sqrt(critical_point(rows) / fan)
        for activation, rows in scales.groupby("activation", sort=False)
    }


def by_deviation(runs: pd.DataFrame, values: "pd.Series[float]", statistic: str) -> pd.DataFrame:
    """Returns the mean over seeds of a value by standard deviation, of scales given by hand.

    Args:
        runs: of `with_deviations`, one trial a setting and scale.
        values: by run id; a run without one has none, and is counted as diverged if it did.
        statistic: what they are; steps are averaged geometrically.

    Returns:
        `SCALED`, `stddev`, `statistic`, and the columns of `average`.
    """
    ended = runs["diverged_at_step"].notna()
    long = runs[[*SCALED, "stddev", "by_hand", "seed", "run_id"]].assign(
        statistic=statistic,
        value=runs["run_id"].map(values).astype("float64").mask(ended),
        diverged=ended,
    )
    long = long[long["by_hand"] & (long["value"].notna() | long["diverged"])]
    return average(long.drop(columns="by_hand"), log=statistic == STEPS)


def steps_to_target(runs: pd.DataFrame, records: pd.DataFrame) -> "pd.Series[float]":
    """Returns the first measured step at which training accuracy is `TARGET`, by run id."""
    rows = records[records["run_id"].isin(runs["run_id"]) & (records["step"] > 0)]
    reached = rows[rows["train_accuracy"] >= TARGET]
    first: pd.Series[float] = reached.groupby("run_id")["step"].min().astype("float64")
    return first


def best_deviations(runs: pd.DataFrame, score: "pd.Series[float]") -> pd.DataFrame:
    """Returns the scale given by hand that scores best, a row a setting and seed.

    Returns:
        `SETTING`, `seed`, `stddev` (geometric mean over ties) and `decades`: how far apart the
        least and the greatest scale are that train, as a logarithm.
    """
    scored = runs[runs["by_hand"]].assign(score=runs["run_id"].map(score).astype("float64"))
    rows = []
    for key, of_it in scored.dropna(subset="score").groupby([*SETTING, "seed"], sort=False):
        top = of_it[of_it["score"] == of_it["score"].max()]
        trained = np.log10(of_it.loc[of_it["score"] >= TRAINED, "stddev"])
        row: dict[str, Any] = dict(zip([*SETTING, "seed"], key, strict=True))
        row |= {"stddev": float(np.exp(np.log(top["stddev"]).mean()))}
        rows.append(
            row | {"decades": float(trained.max() - trained.min()) if len(trained) else 0.0}
        )
    return pd.DataFrame(rows, columns=[*SETTING, "seed", "stddev", "decades"])


def laws_beside(runs: pd.DataFrame, score: "pd.Series[float]", by_hand: str) -> pd.DataFrame:
    """Returns the runs of the named laws, and of the scale given by hand that scores best.

    That one has the name `by_hand`; an activation's name holds the optimizer's too, as panels do.
    """
    chosen = best_trials(runs[runs["by_hand"]], score, SETTING)
    rows = pd.concat([chosen.assign(initializer=by_hand), runs[~runs["by_hand"]]])
    panel = rows["activation"] + ", " + rows["optimizer"]
    return rows.assign(activation=panel, readout_initializer=rows["initializer"])


def scales_to_read(
    runs: pd.DataFrame, score: "pd.Series[float]", critical: dict[str, float]
) -> pd.DataFrame:
    """Returns a row a setting: the best scale, the critical one, and what the named laws come to.

    Args:
        runs: of `with_deviations`, one trial a setting and law.
        score: validation accuracy at the end, by run id.
        critical: of `critical_deviations`.
    """
    scored = runs.assign(score=runs["run_id"].map(score).astype("float64"))
    found = best_deviations(runs, score)
    rows = []
    for key, of_it in scored.groupby(SETTING, sort=False):
        activation, depth, optimizer = key
        own = found[(found[SETTING] == list(key)).all(axis=1)]
        by_law = of_it.groupby(["by_hand", "stddev", "initializer"])["score"].mean().reset_index()
        hand = by_law[by_law["by_hand"]]
        row = {"activation": activation, "depth": depth, "optimizer": optimizer}
        row["critical"] = _short(critical.get(str(activation), math.nan))
        row["best"] = _short(float(np.exp(np.log(own["stddev"]).mean())))
        row["accuracy"] = _short(float(hand["score"].max()))
        row["decades"] = _short(float(own["decades"].mean()))
        for law in by_law[~by_law["by_hand"]].itertuples():
            row[short_name(str(law.initializer))] = _short(float(law.score))  # type: ignore[arg-type]
        rows.append(row)
    return pd.DataFrame(rows)


def _short(number: float) -> float:
    return float(f"{number:.3g}")
