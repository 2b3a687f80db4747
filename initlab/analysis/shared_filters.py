"""One layer with shared filters beside one whose places have filters of their own."""

import pandas as pd

from initlab.analysis.over_seeds import average
from initlab.spec.datasets import image_shape

SHARED, LOCAL = "convolution", "locally connected"
KINDS = {"convnet": SHARED, "local": LOCAL}
GRADIENT = "kernel_gradient_variance"


def with_positions(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of both kinds of layer, with their `kind` and the image's `positions`."""
    kept = runs[runs["model"].isin(KINDS) & (runs["depth"] == 2)]
    positions = [
        _positions(str(name), size)
        for name, size in zip(kept["dataset"], kept["image_size"], strict=True)
    ]
    return kept.assign(kind=kept["model"].map(KINDS), positions=positions).reset_index(drop=True)


def _positions(dataset: str, size: float) -> int:
    """Returns how many places an image has."""
    height, width, _ = image_shape(dataset, "own" if pd.isna(size) else int(size))
    return height * width


def first_gradients(shared: pd.DataFrame, layers: pd.DataFrame) -> "pd.Series[float]":
    """Returns the variance of the first kernel's gradient, by run id.

    Args:
        shared: of `with_positions`.
        layers: the `layers` table at one step.
    """
    rows = layers[layers["run_id"].isin(shared["run_id"]) & (layers["layer"] == 1)]
    values: pd.Series[float] = rows.set_index("run_id")[GRADIENT]
    return values


def gradient_table(shared: pd.DataFrame, gradient: "pd.Series[float]") -> pd.DataFrame:
    """Returns the geometric mean over seeds by kind and positions: the columns of `average`.

    Args:
        shared: of `with_positions`.
        gradient: of `first_gradients`.
    """
    long = shared[["activation", "initializer", "kind", "positions", "seed", "run_id"]].assign(
        statistic=GRADIENT,
        value=shared["run_id"].map(gradient).astype("float64"),
        diverged=shared["diverged_at_step"].notna(),
    )
    return average(long.dropna(subset="value"), log=True)
