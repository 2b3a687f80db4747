"""Networks in training: signals over steps, updates, curves, accuracy, over-fitting."""

from functools import partial

import pandas as pd

from initlab.analysis.captions import drawing
from initlab.analysis.filters import pooled_over
from initlab.analysis.findings import Drawing
from initlab.analysis.guessing import chance, no_preference, num_outputs
from initlab.analysis.over_seeds import means
from initlab.analysis.profiles import VARIANCES, depth_profiles
from initlab.analysis.selection import middle_depth, select
from initlab.analysis.training import (
    final_values,
    scheduled_steps,
    shallow_best,
    training_curves,
)
from initlab.analysis.updates import update_profiles
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.layer_step_map import alt_layer_step_map, draw_layer_step_map
from initlab.figures.over_fitting import alt_over_fitting, draw_over_fitting
from initlab.figures.training_curves import alt_training_curves, draw_training_curves

geometric = partial(drawing, mean="Geometric mean")


def over_time(runs: pd.DataFrame, layers: pd.DataFrame) -> list[Drawing]:
    """Returns the heat maps of variances over layers and steps, forward and backward.

    Args:
        runs: of one depth.
        layers: the `layers` table of these runs, all steps.
    """
    found = []
    steps = scheduled_steps(runs, layers)
    for name, statistic in VARIANCES.items():
        table = depth_profiles(runs, layers, statistics=(statistic,), steps=steps)
        if means(table)["value"].notna().any():
            what = "preactivations" if name == "forward" else "gradients"
            found += geometric(
                f"over-time-{name}",
                f"Variance of the {what} by layer and step, over {pooled_over(runs)}, depth "
                f"{middle_depth(runs)}.",
                table,
                alt_layer_step_map,
                draw_layer_step_map,
                interval=False,
            )
    return found


def layer_updates(best: pd.DataFrame, updates: pd.DataFrame) -> list[Drawing]:
    """Returns by how much each layer moves."""
    return geometric(
        "updates",
        "Updates relative to the weights by layer, geometric mean over the measured steps, each "
        "with the initializer of the least final training loss. Below 1e-20 nothing is drawn.",
        update_profiles(best, updates),
        alt_depth_profile,
        draw_depth_profile,
    )


def trained(grid: pd.DataFrame, records: pd.DataFrame, beside: str = "") -> list[Drawing]:
    """Returns training curves, accuracy by depth, and who over-fits."""
    if grid.empty:
        return []
    depth, ends = middle_depth(grid), final_values(grid, records)
    of_test = ends[ends["statistic"] == "test_accuracy"]
    return [
        *drawing(
            "training",
            f"Training loss (geometric mean) and accuracy over steps at depth {depth}; without "
            f"preference the loss starts at ln {num_outputs(grid)} = {no_preference(grid):.3f}."
            f"{beside}",
            training_curves(select(grid, depth=depth), records),
            alt_training_curves,
            draw_training_curves,
        ),
        *drawing(
            "accuracy-by-depth",
            f"Accuracy after the last step, by depth, of runs that did not diverge (the table "
            f"`verdicts` counts those as a guess); a guess has {chance(grid):g}.{beside}",
            ends if of_test.empty else of_test,  # where all diverged: the training part
            alt_accuracy_by_depth,
            draw_accuracy_by_depth,
        ),
        *over_fitting(shallow_best(grid, records), records),
    ]


def over_fitting(best: pd.DataFrame, records: pd.DataFrame) -> list[Drawing]:
    """Returns accuracy on the last batch and on the test part; `best` is of `shallow_best`."""
    if best.empty:
        return []
    return drawing(
        "over-fitting",
        "Accuracy after the last step on its batch and on the test part, of the shallowest "
        "networks, each activation with its initializer of the least loss.",
        final_values(best, records),
        alt_over_fitting,
        draw_over_fitting,
    )
