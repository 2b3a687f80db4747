"""Depth profiles: how far the signal and its gradient travel, layer by layer and step by step."""

from collections.abc import Collection, Sequence

import pandas as pd

from initlab.analysis.over_seeds import average, long_form

FORWARD = "preactivation_second_moment"
BACKWARD = "preactivation_gradient_second_moment"
VARIANCES = {
    "forward": "preactivation_variance",
    "backward": "preactivation_gradient_variance",
}
MOMENTS = (FORWARD, "preactivation_variance", "activation_variance", BACKWARD)


def depth_profiles(
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    *,
    statistics: Sequence[str] = MOMENTS,
    steps: Collection[int] | None = (0,),
) -> pd.DataFrame:
    """Returns the geometric mean over seeds of moments, one row a trial, step, layer and statistic.

    Args:
        runs: the runs that count, for instance `grid_runs(results.runs)`.
        layers: the `layers` table, or as much of it as is needed.
        statistics: names of columns that grow by factors: variances and second moments.
        steps: which steps; None for all.

    Returns:
        The trial's fields, `step`, `layer`, `site`, `statistic`, and the columns of `average`.
        `num_zero` counts the runs whose signal is exactly zero there, `num_diverged` those in
        which it was no number any more; neither is in the mean.
    """
    return average(long_form(runs, layers, statistics, steps=steps), log=True)


def layer_profiles(
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    *,
    statistics: Sequence[str],
    steps: Collection[int] | None = (0,),
) -> pd.DataFrame:
    """Returns the same table as `depth_profiles` for statistics that do not grow by factors.

    Fractions, cosines, ranks: their mean over seeds is the arithmetic one.
    """
    return average(long_form(runs, layers, statistics, steps=steps), log=False)
