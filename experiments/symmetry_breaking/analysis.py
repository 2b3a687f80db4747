"""What networks learn whose units start out alike: claims, figures and tables."""

import math
from functools import partial

import pandas as pd

from initlab.analysis.arms import kind
from initlab.analysis.arrays import first_kernels
from initlab.analysis.captions import drawing, in_words
from initlab.analysis.claims.copies import claims_on_copies
from initlab.analysis.claims.difference import claims_on_accuracy, claims_on_noise
from initlab.analysis.claims.first_loss import first_error_claims, first_loss_claims
from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.sources import FIRST_ERROR, LN_10
from initlab.analysis.claims.trials import TRIALS, trial_rows
from initlab.analysis.claims.words import answer
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.first_error import HALF_SQUARES, first_error_table
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.noise import noise_rows
from initlab.analysis.profiles import BACKWARD, depth_profiles
from initlab.analysis.selection import name_readouts, select
from initlab.analysis.symmetry import arms_at_the_end, symmetry_over_steps
from initlab.analysis.training import (
    CHANCE,
    CLASSES,
    NO_PREFERENCE,
    final_accuracy,
    final_values,
    training_curves,
)
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.first_kernels import alt_first_kernels, draw_first_kernels
from initlab.figures.symmetry import alt_symmetry, draw_symmetry
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.store.query import Results

FIRST_LOSS = LN_10
COLUMNS = [
    "run_id", "step", "layer", "site", "duplicate_unit_fraction", "unit_cosine", "effective_rank",
    "kernel_gradient_rank", "kernel_min", "kernel_max", BACKWARD,
]  # fmt: skip
ANSWER = (
    (
        "Does a network of zeros keep its weights, where the activation is 0 at 0? "
        "{judged[zeros-stand-still]}.",
        "With sigmoid, which is 1/2 there, does its gradient go down one layer a step? "
        "{judged[zeros-learn-downwards]}. Do its units stay copies? {judged[copies-zeros]}.",
        "Zeros end at a test accuracy of {percent[zeros-guess]} percent.",
    ),
    (
        "One constant everywhere: do all units stay copies throughout training? "
        "{judged[copies-constant]}.",
        "Do the hidden layers get no gradient at step 0? {judged[no-gradient-at-first]}.",
        "Is it of one direction only afterwards, and with a random readout from the start? "
        "{judged[one-direction-constant]}.",
        "Test accuracy ends {percent[cost-constant-constant]} percentage points below that of a "
        "random network.",
    ),
    (
        "One constant with a random readout: do the units of the last hidden layer stay copies? "
        "{judged[copies-last-constant]}. Do those below it? {judged[copies-below-constant]}.",
        "Test accuracy ends {percent[cost-constant-readout]} percentage points below.",
    ),
    (
        "Two identical halves with outgoing weights alike: do they stay identical? "
        "{judged[copies-tied-halves]}.",
        "Do they learn less than a random network? {judged[cost-halves-tied]}: by "
        "{percent[cost-halves-tied]} percentage points.",
    ),
    (
        "Two identical halves with a random readout: do pairs of the last hidden layer stay "
        "copies? {judged[copies-last-tied-halves]}. Do those below it? "
        "{judged[copies-below-tied-halves]}.",
        "Do they learn less? {judged[cost-halves-readout]}: by {percent[cost-halves-readout]} "
        "percentage points.",
    ),
    (
        "Random weights: are all units unlike from the start? {judged[unlike]}.",
        "How small a difference is enough? With which noise upon one constant does test accuracy "
        "(of 1) end above the middle between the constant and a random network? {judged[enough]}. "
        "Above it by: {in_favour[enough]}. Below it by: {against[enough]}.",
        "Does ten times less noise take more steps until the units of a hidden layer go two ways? "
        "{judged[parts-later]}; it takes {spread[parts-later]} more.",
    ),
    (
        "Which start without preference between ten classes, to a hundredth and with every "
        "activation? With a first loss of ln 10: {always[no-preference]}.",
        "With half a squared error of 0.45: {always[first-error]}.",
    ),
)
ARMS = (
    "Each arm at the end of training: share of duplicate units, cosine between units, effective "
    "ranks of activations and of the weights' gradients (means of the hidden layers); the first "
    "measured step at which no hidden layer has duplicates (median; empty: never); and test "
    "accuracy with its 95 % interval: it learns if that lies above 0.2, twice a guess, and guesses "
    "if below."
)
NOISE = (
    "One constant and noise: how far test accuracy comes from the copies (0) to the random network "
    "(1), with its 95 % interval; the median of the steps until the activations of a hidden layer "
    "have an effective rank of 1.5; and the geometric mean of the steps until training accuracy is "
    "half way, each over the seeds that get there."
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever arms the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs, records = name_readouts(results.runs), results.steps
    layers = results.read_layers(COLUMNS)
    accuracy = final_accuracy(runs, records, classes=CLASSES)
    claims = [
        *claims_on_copies(runs, layers),
        *claims_on_accuracy(runs, accuracy),
        *claims_on_noise(runs, layers, accuracy),
        *first_loss_claims(runs, records, source=FIRST_LOSS, figure="training"),
        *first_error_claims(runs, layers, source=FIRST_ERROR, figure="first-error"),
    ]
    shown = drawings(results, runs, layers)
    kept = drawn_claims(claims, shown)
    return Findings(
        answer=answer(kept, ANSWER) or ("The runs hold no arm that a claim is about.",),
        claims=kept,
        drawings=tuple(shown),
        listings=tuple(listings(runs, layers, records, accuracy, kept)),
    )


def listings(
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    records: pd.DataFrame,
    accuracy: "pd.Series[float]",
    claims: tuple[Claim, ...],
) -> list[Listing]:
    """Returns what became of each arm, of each size of noise, and each claim trial by trial."""
    noise = noise_rows(runs, layers, records, accuracy)
    found = [Listing("arms", ARMS, arms_at_the_end(runs, layers, accuracy))]
    found += [] if noise.empty else [Listing("noise", NOISE, noise)]
    return [*found, Listing("trials", TRIALS, trial_rows(claims))]


def drawings(results: Results, runs: pd.DataFrame, layers: pd.DataFrame) -> list[Drawing]:
    """Returns the figures that these runs can fill."""
    symmetry = drawing(
        "symmetry",
        "How alike the units are, over steps: share of duplicate units, cosine between units, "
        "effective ranks of activations and of the weights' gradients, each the mean of the hidden "
        "layers.",
        symmetry_over_steps(runs, layers),
        alt_symmetry,
        draw_symmetry,
    )
    return [
        *symmetry,
        *(last_hidden(runs, layers) if symmetry else ()),
        *kernels(results, runs),
        *drawing(
            "training",
            "Training loss (geometric mean) and accuracy over steps. A network without preference "
            f"starts at ln {CLASSES} = {NO_PREFERENCE:.3f}.",
            training_curves(runs, results.steps),
            alt_training_curves,
            draw_training_curves,
        ),
        *drawing(
            "accuracy",
            f"Accuracy after the last step; a guess has {CHANCE:g}.",
            final_values(runs, results.steps),
            alt_accuracy_by_depth,
            draw_accuracy_by_depth,
        ),
        *drawing(
            "first-error",
            "Half the summed squared error of the first output, before training; without "
            f"preference it is {HALF_SQUARES:.2f}.",
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
    parts = [
        symmetry_over_steps(arms, layers, layer=layer)
        .query("statistic == 'duplicate_unit_fraction'")
        .assign(layer=f"layer {layer}")
        for layer in range(1, last + 1)
    ]
    table = pd.concat(parts, ignore_index=True)
    label = short_name(str(table["initializer"].iloc[0]))
    return drawing(
        "layers",
        f"{label}: share of duplicate units in each hidden layer. The last one's units have "
        "outgoing weights that differ.",
        table,
        partial(alt_symmetry, by="layer"),
        partial(draw_symmetry, by="layer"),
    )


def kernels(results: Results, runs: pd.DataFrame) -> list[Drawing]:
    """Returns the first layer's weights as images, of one seed of one activation."""
    order = sorted(runs["activation"].unique(), key=activation_order)
    one = select(runs, activation=order[0], depth=int(runs["depth"].min()))
    one = one[one["seed"] == one["seed"].min()]
    one = one[one["diverged_at_step"].isna()]
    kept = [
        run_id
        for run_id in one["run_id"]
        if math.isqrt(len(results.arrays(run_id).get("first_kernel_initial", ()))) ** 2
        == len(results.arrays(run_id).get("first_kernel_initial", ()))
        > 0
    ]
    if not kept:
        return []
    half = int(one["width"].iloc[0]) // 2
    units = [*range(min(4, half)), *range(half, half + min(4, half))]
    table = first_kernels(select(one, run_id=kept), results.arrays, units=units)
    return [
        Drawing(
            "first-kernels",
            f"Incoming weights of the first four units of either half of layer 1, {order[0]}, seed "
            f"{int(one['seed'].min())}: before training left, after it right. One scale of "
            "colours, white at zero; n = 1, no interval.",
            alt_first_kernels(table),
            table,
            draw_first_kernels,
        )
    ]
