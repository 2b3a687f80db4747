"""Filters of shapes, filters as they were drawn, and first outputs: what they come to, row by row.

Each row is a law, or a law and a number of filters.
"""

import math
from collections.abc import Mapping

import pandas as pd

from initlab.analysis.captions import drawing
from initlab.analysis.claims.shape_detectors import FOUND
from initlab.analysis.findings import Drawing
from initlab.analysis.first_entropy import STATISTIC as ENTROPY
from initlab.analysis.frozen_arms import MODELS, arm_label
from initlab.analysis.guessing import no_preference, num_outputs
from initlab.analysis.measure_table import measure_table
from initlab.analysis.names import initializer_order, short_name
from initlab.analysis.numbers import number
from initlab.analysis.planted_shapes import BANKS, FORMS, MATCH, answers_to
from initlab.figures.measure_rows import alt_measure_rows, draw_measure_rows
from initlab.figures.words import listed

BEST = "each with the learning rate of its highest mean validation accuracy"
WRITTEN = {"binary": "ones on zeros", "mean_removed": "mean removed"}


def features(own: pd.DataFrame, test: "pd.Series[float]") -> list[Drawing]:
    """Returns what fixed random filters and trained ones come to, a figure a model.

    Args:
        own: of `frozen_arms.chosen_arms`.
        test: test accuracy by run id.
    """
    found: list[Drawing] = []
    for model, what in MODELS.items():
        mine = own[own["model"] == model]
        if len(mine):
            labels = [arm_label(run) for _, run in mine.iterrows()]
            found += _accuracies(
                f"features-{model}",
                f"Random filters that stay as they were drawn under a linear classifier, and the "
                f"same trained, {what}: test accuracy at the end, {BEST}.",
                mine.assign(label=labels),
                test,
            )
    return found


def hand_made(own: pd.DataFrame, test: "pd.Series[float]") -> list[Drawing]:
    """Returns what filters made by hand come to, fixed and trained, beside random ones."""
    if own.empty:
        return []
    labels = own["law"].map(lambda law: short_name(str(law)))
    return _accuracies(
        "hand-made",
        "One convolution on planted shapes that begins with filters made by hand, fixed under a "
        f"linear classifier or trained too: test accuracy at the end, {BEST}.",
        own.assign(label=labels),
        test,
    )


def _accuracies(
    name: str, caption: str, own: pd.DataFrame, test: "pd.Series[float]"
) -> list[Drawing]:
    """Returns the figure of test accuracies, a row a label."""
    own = own.sort_values("filters", kind="stable")  # so that fixed ones look alike in all figures
    ended = own["diverged_at_step"].notna()
    value = own["run_id"].map(test).astype("float64").mask(ended)
    long = own.assign(kind=own["filters"], statistic="test_accuracy", value=value, diverged=ended)
    return drawing(name, caption, measure_table(long), alt_measure_rows, draw_measure_rows)


def matches(before: pd.DataFrame, after: pd.DataFrame) -> list[Drawing]:
    """Returns how near the nearest filter comes to the X, before training and after.

    Args:
        before: of `planted_shapes.greatest_matches`, each with its `law`.
        after: the same after training.
    """
    if after.empty:
        return []
    both = pd.concat([before.assign(kind="before training"), after.assign(kind="after")])
    labels = [arm_label(run) for _, run in both.iterrows()]
    long = both.assign(label=labels, statistic=MATCH, reference=FOUND)
    return drawing(
        "matches",
        "Normalized correlation of the nearest first-layer filter with the X, at any shift, before "
        f"training and after, {BEST}. A bar stands at {FOUND}, above which an X counts as found.",
        measure_table(long),
        alt_measure_rows,
        draw_measure_rows,
    )


def detectors() -> list[Drawing]:
    """Returns how filters of shapes answer to the shapes, and to images without one."""
    found = {
        f"{shape}, {WRITTEN[form]}": answers_to(shape, form) for shape in BANKS for form in FORMS
    }
    places = {label: float(one.there.mean()) for label, one in found.items()}
    noise = {label: one.elsewhere for label, one in found.items()}
    rows = [
        {"label": label, "statistic": statistic, "value": value}
        for statistic, values in (("found_there", places), ("answer_elsewhere", noise))
        for label, value in values.items()
    ]
    table = pd.DataFrame(rows).assign(
        kind="shape", reference=math.nan, seed=math.nan, low=math.nan, high=math.nan, n=1,
        num_runs=1, num_zero=0, num_diverged=0,
    )  # fmt: skip
    return [
        Drawing(
            "detectors",
            "Filters of a shape on test images: share of those with the shape in which the "
            "greatest answer lies at its very place, and mean magnitude of answers to images "
            "without a shape over that to the shape. No seeds: images and filters are given.",
            f"Dot charts, a row each filter. Share of images whose greatest answer is at the very "
            f"place of the shape: {_told(places)}. Answers to images without a shape over "
            f"those to the shape: {_told(noise)}.",
            table,
            draw_measure_rows,
        )
    ]


def _told(values: Mapping[str, float]) -> str:
    """Returns numbers behind their labels."""
    return listed([f"{label} {number(value)}" for label, value in values.items()])


def first_outputs(
    drawn: pd.DataFrame, records: pd.DataFrame, entropy: "pd.Series[float]"
) -> list[Drawing]:
    """Returns loss and entropy of predictions before training, a row an initializer.

    Args:
        drawn: runs of no steps, of one data set.
        records: the `steps` table.
        entropy: by run id, of `first_entropy.first_entropies`.
    """
    known = drawn[drawn["run_id"].isin(entropy.index)]
    if known.empty:
        return []
    loss = records[records["step"] == 0].set_index("run_id")["train_loss"]
    order = sorted(known["initializer"].unique(), key=initializer_order)
    expected = no_preference(known)
    parts = [
        known[known["initializer"] == label].assign(
            label=short_name(str(label)), kind="drawn", statistic=name, reference=expected,
            value=lambda runs, values=values: runs["run_id"].map(values),
        )
        for name, values in (("train_loss", loss), (ENTROPY, entropy))
        for label in order
    ]  # fmt: skip
    return drawing(
        "entropy",
        "Networks before training: loss of the first batch, and the entropy of their predictions "
        f"on a quarter of the test part. A bar stands at ln {num_outputs(known)}.",
        measure_table(pd.concat(parts)),
        alt_measure_rows,
        draw_measure_rows,
    )
