"""Choices of layers: what each comes to, what it answers to probes, what it does to the signal."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from initlab.analysis.arrays import Arrays
from initlab.analysis.captions import drawing
from initlab.analysis.choice_factors import Factor, factor_table
from initlab.analysis.contrasts import choice_table
from initlab.analysis.findings import Drawing
from initlab.analysis.probes import probe_answers, probe_table
from initlab.analysis.training import training_curves
from initlab.figures.factor_rows import alt_factor_rows, draw_factor_rows
from initlab.figures.over_fitting import alt_over_fitting, draw_over_fitting
from initlab.figures.probe_curves import alt_probe_curves, draw_probe_curves
from initlab.figures.training_curves import alt_training_curves, draw_training_curves

BEST = "each with the learning rate of its highest mean validation accuracy"
TRAINED = (
    f"training accuracy, mean of the steps measured in the last quarter, and test accuracy at the "
    f"end, {BEST}. The axis begins where the values do."
)
EXPECTED = "A bar stands where theory expects it."


def accuracies(
    name: str, what: str, own: pd.DataFrame, **values: "pd.Series[float]"
) -> list[Drawing]:
    """Returns the figure of accuracies at the end, a row a choice.

    Args:
        name: of the figure.
        what: the choices, as the caption begins.
        own: one trial for each choice, with its `label`.
        values: statistic to its values by run id.
    """
    if own.empty:
        return []
    return drawing(
        name,
        f"{what}: {TRAINED}",
        choice_table(own, values),
        partial(alt_over_fitting, by="label"),
        partial(draw_over_fitting, by="label"),
    )


def probed(name: str, what: str, own: pd.DataFrame, arrays: Arrays, probe: str) -> list[Drawing]:
    """Returns the figure of what trained networks answer to a probe, a line a choice."""
    answers = probe_answers(own, arrays, probe)
    if answers.empty:
        return []
    return drawing(
        name,
        f"{what}, {BEST}.",
        probe_table(answers, probe, by=["label"]),
        partial(alt_probe_curves, by="label"),
        partial(draw_probe_curves, by="label"),
    )


def factors(name: str, what: str, found: Iterable[Factor]) -> list[Drawing]:
    """Returns the figure of factors of the mean square, beside what theory expects of them."""
    rows = list(found)
    if not rows:
        return []
    return drawing(
        name,
        f"{what} {EXPECTED}",
        factor_table(rows),
        alt_factor_rows,
        draw_factor_rows,
        mean="Geometric mean",
    )


def twins(name: str, what: str, pairs: pd.DataFrame, records: pd.DataFrame) -> list[Drawing]:
    """Returns the figure of the loss of networks that differ in one layer, over steps."""
    if pairs.empty:
        return []
    return drawing(
        name,
        what,
        training_curves(pairs, records, statistics=("train_loss",)),
        partial(alt_training_curves, by="choice"),
        partial(draw_training_curves, by="choice"),
        mean="Geometric mean",
    )
