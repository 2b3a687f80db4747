"""Units that start out alike: symmetry over steps, layer by layer, tap by tap, as kernels."""

import math
from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.arms import kind
from initlab.analysis.arrays import first_kernels
from initlab.analysis.captions import drawing, in_words
from initlab.analysis.filters import of_filters, unit_word
from initlab.analysis.findings import Drawing
from initlab.analysis.first_error import first_error_table, half_squares
from initlab.analysis.guessing import chance, no_preference, num_outputs
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.profiles import BACKWARD, depth_profiles
from initlab.analysis.selection import select
from initlab.analysis.symmetry import symmetry_over_steps
from initlab.analysis.taps import evenness_over_steps
from initlab.analysis.training import final_values, training_curves
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.curves import alt_over_steps, draw_over_steps
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.first_kernels import alt_first_kernels, draw_first_kernels
from initlab.figures.symmetry import alt_symmetry, draw_symmetry
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.store.query import Results

COPIES = ("zeros", "constant")


def symmetry_drawings(results: Results, runs: pd.DataFrame, layers: pd.DataFrame) -> list[Drawing]:
    """Returns the figures that these runs can fill.

    Args:
        results: the store.
        runs: of `name_readouts`.
        layers: the `layers` table, with the statistics of symmetry.
    """
    unit = unit_word(runs)
    symmetry = drawing(
        "symmetry",
        f"How alike the {unit}s are, over steps: share of duplicate {unit}s, cosine between "
        f"{unit}s, effective ranks of activations and of the weights' gradients, each the mean of "
        "the hidden layers.",
        symmetry_over_steps(runs, layers),
        partial(alt_symmetry, unit=unit),
        partial(draw_symmetry, unit=unit),
    )
    return [
        *symmetry,
        *(last_hidden(runs, layers) if symmetry else ()),
        *taps(runs, layers),
        *kernels(results, runs),
        *drawing(
            "training",
            "Training loss (geometric mean) and accuracy over steps. A network without preference "
            f"starts at ln {num_outputs(runs)} = {no_preference(runs):.3f}.",
            training_curves(runs, results.steps),
            alt_training_curves,
            draw_training_curves,
        ),
        *drawing(
            "accuracy",
            f"Accuracy after the last step; a guess has {chance(runs):g}.",
            final_values(runs, results.steps),
            alt_accuracy_by_depth,
            draw_accuracy_by_depth,
        ),
        *drawing(
            "first-error",
            "Half the summed squared error of the first output, before training; without "
            f"preference it is {half_squares(runs):.3g}.",
            first_error_table(runs, layers),
            partial(in_words, what="Dot charts"),
            draw_accuracy_by_depth,
            mean="Geometric mean",
        ),
        *drawing(
            "gradients",
            "Before training: mean square of the gradients against layer, the readout last.",
            depth_profiles(runs, layers, statistics=(BACKWARD,)),
            alt_depth_profile,
            draw_depth_profile,
            mean="Geometric mean",
        ),
    ]


def last_hidden(runs: pd.DataFrame, layers: pd.DataFrame) -> list[Drawing]:
    """Returns the last hidden layer beside the others, where a readout of its own was drawn."""
    parting = [label for label in runs["initializer"] if kind(label).endswith("-readout")]
    arms = select(runs, initializer=min(parting, default=""))  # a constant before halves
    depths = arms["depth"].unique()
    if len(depths) != 1 or depths[0] < 3:
        return []
    last = int(depths[0]) - 1
    unit, shown = unit_word(runs), ["duplicate_unit_fraction"]
    # Dense layers' gradients have one direction here, in every layer.
    shown += ["kernel_gradient_rank"] if of_filters(runs) else []
    parts = [
        symmetry_over_steps(arms, layers, layer=layer).assign(layer=f"layer {layer}")
        for layer in range(1, last + 1)
    ]
    table = pd.concat(parts, ignore_index=True)
    label = short_name(str(table["initializer"].iloc[0]))
    ranks = " and effective rank of the weights' gradients" if of_filters(runs) else ""
    return drawing(
        "layers",
        f"{label}: share of duplicate {unit}s{ranks} in each hidden layer. The last one's {unit}s "
        "have outgoing weights that differ.",
        table[table["statistic"].isin(shown)].reset_index(drop=True),
        partial(alt_symmetry, by="layer", unit=unit),
        partial(draw_symmetry, by="layer", unit=unit),
    )


def taps(runs: pd.DataFrame, layers: pd.DataFrame) -> list[Drawing]:
    """Returns how even filters that are copies are over their taps, of convolutional networks."""
    alike = {label: kind(label) in COPIES for label in runs["initializer"].unique()}
    arms = runs[runs["initializer"].map(alike)]
    if not of_filters(runs) or arms.empty:
        return []
    return drawing(
        "taps",
        "The last hidden layer's least weight over its greatest, of arms whose filters and "
        "channels are copies, so that what differs are the taps: 1 where all are equal. Kernels of "
        "zeros have no number.",
        evenness_over_steps(arms, layers),
        alt_over_steps,
        draw_over_steps,
    )


def kernels(results: Results, runs: pd.DataFrame) -> list[Drawing]:
    """Returns the first layer's weights as images, of one seed of one activation."""
    order = sorted(runs["activation"].unique(), key=activation_order)
    one = select(runs, activation=order[0], depth=int(runs["depth"].min()))
    one = one[one["seed"] == one["seed"].min()]
    one = one[one["diverged_at_step"].isna()]
    kept = [run_id for run_id in one["run_id"] if _is_square(results.arrays(run_id))]
    if not kept:
        return []
    half = int(one["width"].iloc[0]) // 2
    units = [*range(min(4, half)), *range(half, half + min(4, half))]
    table = first_kernels(select(one, run_id=kept), results.arrays, units=units)
    return [
        Drawing(
            "first-kernels",
            f"Incoming weights of the first four {unit_word(runs)}s of either half of layer 1, "
            f"{order[0]}, seed {int(one['seed'].min())}: before training left, after it right. "
            "One scale of colours, white at zero; n = 1, no interval.",
            alt_first_kernels(table, unit=unit_word(runs)),
            table,
            draw_first_kernels,
        )
    ]


def _is_square(arrays: Mapping[str, np.ndarray]) -> bool:
    """Tells whether the first layer's kernel was kept, and is of square images of one channel."""
    kernel = arrays.get("first_kernel_initial")
    inputs = 0 if kernel is None else kernel.size // kernel.shape[-1]
    return inputs > 0 and math.isqrt(inputs) ** 2 == inputs
