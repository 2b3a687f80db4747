"""Networks that guess: how often they are right, and what no preference between classes costs."""

import math
from typing import Any

import pandas as pd

from initlab.analysis.data_part import data_part
from initlab.architectures.families import FAMILIES


def chance(runs: pd.DataFrame) -> float:
    """Returns the accuracy of a guess between the classes that the first run has.

    >>> chance(pd.DataFrame({"dataset": ["cifar100"]}))
    0.01
    """
    return 1 / data_part(runs.iloc[0].to_dict()).classes


def with_guesses(accuracies: "pd.Series[float]", runs: pd.DataFrame) -> "pd.Series[float]":
    """Returns accuracies by run id, those of these runs being that of a guess."""
    classes = [data_part(run).classes for run in runs.to_dict("records")]
    guesses = 1 / pd.Series(classes, index=runs["run_id"], dtype="float64")
    return accuracies.where(~accuracies.index.isin(guesses.index), guesses)


def outputs(runs: pd.DataFrame) -> "pd.Series[int]":
    """Returns how many logits each run has, by run id: those of its paper at the paper's scale."""
    return pd.Series(
        [_outputs(run) for run in runs.to_dict("records")], index=runs["run_id"], dtype="int64"
    )


def num_outputs(runs: pd.DataFrame) -> int:
    """Returns how many logits the first of the runs has."""
    return int(outputs(runs.iloc[:1]).iloc[0])


def no_preference(runs: pd.DataFrame) -> float:
    """Returns the cross-entropy of equal probabilities, for the first of the runs."""
    return math.log(num_outputs(runs))


def _outputs(run: dict[Any, Any]) -> int:
    """Returns how many logits a run has; results made before there were scales have no paper's."""
    paper = FAMILIES[run["model"]].paper
    if run.get("scale") == "paper" and paper is not None:
        return paper.classes
    return 1 if run.get("target") == "number" else data_part(run).classes
