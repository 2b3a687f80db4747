"""Transfer: accuracies of the arms, against frozen layers and images, and the first variances."""

from collections.abc import Mapping
from functools import partial

import pandas as pd

from initlab.analysis.captions import drawing
from initlab.analysis.contrasts import choice_table
from initlab.analysis.findings import Drawing
from initlab.analysis.over_seeds import average
from initlab.analysis.profiles import FORWARD, depth_profiles
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.drawings.choices import BEST, accuracies
from initlab.figures.log_curves import Against, alt_log_curves, draw_log_curves
from initlab.figures.probe_curves import alt_probe_curves, draw_probe_curves

BY_IMAGES = Against("images", "training images", "arm", "dataset", "test accuracy", near=True)


def arms(
    name: str, what: str, own: pd.DataFrame, values: Mapping[str, "pd.Series[float]"]
) -> list[Drawing]:
    """Returns the figure of training and test accuracy, a row an arm and number of images.

    Args:
        name: of the figure.
        what: how the caption begins; rows are named by the number of images and the arm.
        own: one trial for each arm and number of images.
        values: statistic to accuracies by run id.
    """
    ordered = own.sort_values(["images", "frozen", "copied", "depth"], kind="stable")
    labels = ordered["images"].map("{:,}".format) + ": " + ordered["arm"]
    return accuracies(name, what, ordered.assign(label=labels), **values)


def by_layers(name: str, caption: str, own: pd.DataFrame, *, across: str) -> list[Drawing]:
    """Returns the figure of test accuracy against a number of layers, a line each `label`.

    Args:
        name: of the figure.
        caption: what it shows.
        own: with `label`, `change`, the number of layers, and `value`, a test accuracy.
        across: what the number is.
    """
    long = own[["activation", "label", "change", "seed", "run_id", "value"]].assign(
        statistic="test_accuracy", diverged=own["diverged_at_step"].notna()
    )
    if long.empty:
        return []
    table = average(long, log=False).sort_values("change", kind="stable").reset_index(drop=True)
    return drawing(
        name,
        caption,
        table,
        partial(alt_probe_curves, by="label", across=across),
        partial(draw_probe_curves, by="label", across=across, near=True),
    )


def by_images(own: pd.DataFrame, test: "pd.Series[float]") -> list[Drawing]:
    """Returns the figure of test accuracy against the number of images, a line an arm."""
    several = own.groupby(["dataset", "arm"])["images"].transform("nunique") > 2
    kept = own[several]
    if kept.empty:
        return []
    table = choice_table(kept.assign(label=kept["arm"]), {"test_accuracy": test})
    table = table.assign(arm=table["label"], dataset=kept["dataset"].iloc[0])
    return drawing(
        "images",
        f"Test accuracy against the number of training images, {BEST}.",
        table,
        partial(alt_log_curves, how=BY_IMAGES),
        partial(draw_log_curves, how=BY_IMAGES),
    )


def first_variances(own: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns the figure of mean squares before training, of pretrained and of random nets.

    Args:
        own: one trial each, with `arm`.
        start: rows of the `layers` table at step 0.
    """
    if own["arm"].nunique() < 2:
        return []
    return drawing(
        "variance",
        "Before training: mean square of the preactivations layer by layer, of a net from "
        "scratch and of one whose weights are pretrained but for the readout.",
        depth_profiles(own, start, statistics=(FORWARD,)),
        partial(alt_depth_profile, by="arm"),
        partial(draw_depth_profile, by="arm"),
        mean="Geometric mean",
    )
