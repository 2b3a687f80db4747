"""How far the signal travels, forward and backward: claims, figures and tables."""

from functools import partial

import pandas as pd

from initlab.analysis.arrays import activation_histograms, kept_runs
from initlab.analysis.captions import drawing, in_words, seeds_in_words
from initlab.analysis.claims.before_training import claims_before_training
from initlab.analysis.claims.fate import fixed_gaussians
from initlab.analysis.claims.first_loss import first_loss_claims
from initlab.analysis.claims.lower_layers import claims_on_lower_layers, compared_runs
from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.neurons import SAME
from initlab.analysis.claims.signal_answer import signal_answer
from initlab.analysis.claims.sources import LN_10
from initlab.analysis.claims.trained import trained as trained_best
from initlab.analysis.claims.training import claims_on_training
from initlab.analysis.claims.trials import TRIALS, trial_rows
from initlab.analysis.claims.zeros import claims_on_zeros
from initlab.analysis.factors import layer_factors
from initlab.analysis.fates import FATES, fates
from initlab.analysis.findings import Drawing, Findings, Listing
from initlab.analysis.over_seeds import means
from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.selection import (
    few_runs,
    grid_runs,
    middle_depth,
    one_setting,
    select,
)
from initlab.analysis.training import (
    CHANCE,
    CLASSES,
    NO_PREFERENCE,
    final_accuracy,
    final_values,
    shallow_best,
    training_curves,
)
from initlab.analysis.units import arm_runs, layer_means, unit_spreads
from initlab.analysis.updates import RATIO, relative_updates, update_profiles
from initlab.analysis.weights import shallow_listing
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.factor_map import alt_factor_map, draw_factor_map
from initlab.figures.histograms import alt_histograms, draw_histograms
from initlab.figures.layer_step_map import alt_layer_step_map, draw_layer_step_map
from initlab.figures.over_fitting import alt_over_fitting, draw_over_fitting
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.figures.unit_spread import alt_unit_spread, draw_unit_spread
from initlab.store.query import Results

PLACE = ["run_id", "step", "layer", "site"]
DIRECTIONS = (("forward", FORWARD, "preactivations"), ("backward", BACKWARD, "gradients"))
geometric = partial(drawing, mean="Geometric mean")
FEW = ("normal(stddev=0.01)", "normal(stddev=1)", "glorot_uniform", "he_normal", "orthogonal")


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever runs the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    (grid, held), arms = one_setting(grid_runs(results.runs)), arm_runs(results.runs)
    records, start = results.steps, results.read_layers(filters=[("step", "==", 0)])
    factors, accuracy = layer_factors(grid, start), final_accuracy(grid, records, classes=CLASSES)
    shown_runs = select(grid, depth=middle_depth(grid))  # of which curves are drawn
    best = compared_runs(grid, records)
    updates = relative_updates(best, results.read_layers([*PLACE, RATIO]))
    claims = [
        *claims_before_training(grid, arms, factors, start),
        *claims_on_zeros(grid, records, start, depth=middle_depth(grid)),
        *claims_on_lower_layers(best, updates),
        *claims_on_training(grid, records, factors, accuracy),
        *first_loss_claims(shown_runs, records, source=LN_10, figure="training"),
    ]
    beside = f" Of the trials, those with {held}." if held else ""
    shown = [
        *drawings(results, grid, start, factors, beside),
        *units(arms, start),
        *trained(grid, records, beside),
        *layer_updates(best, updates),
    ]
    kept = drawn_claims(claims, shown)
    return Findings(
        answer=signal_answer(kept, trained_best(grid, factors, accuracy))
        or ("The runs hold nothing that a claim is about.",),
        claims=kept,
        drawings=tuple(shown),
        listings=(
            Listing("factors", FATES, fates(grid, factors, accuracy)),
            *shallow_listing(results, grid),
            Listing("trials", TRIALS, trial_rows(kept)),
        ),
    )


def drawings(
    results: Results, grid: pd.DataFrame, start: pd.DataFrame, factors: pd.DataFrame, beside: str
) -> list[Drawing]:
    """Returns the figures that these runs can fill; `beside` says what was held."""
    if grid.empty:
        return []
    return [
        *profiles(grid, start, results.predictions, beside),
        *factor_map(factors, beside),
        *over_time(results, grid),
        *distributions(results, grid, start),
        *neurons(grid, start, beside),
    ]


def profiles(
    grid: pd.DataFrame, start: pd.DataFrame, predictions: pd.DataFrame, beside: str
) -> list[Drawing]:
    """Returns the mean square against layer, forward and backward."""
    return [
        figure
        for direction, statistic, name in DIRECTIONS
        for figure in geometric(
            f"profiles-{direction}",
            f"Before training: mean square of the {name} against layer.{beside}"
            f"{_theory(predictions)}",
            with_predictions(
                depth_profiles(grid, start, statistics=(statistic,)), grid, predictions
            ),
            alt_depth_profile,
            draw_depth_profile,
        )
    ]


def _theory(predictions: pd.DataFrame) -> str:
    """Returns what the caption says of theory's lines."""
    if predictions.empty:
        return ""
    return (
        " Dashed, black: the mean that theory expects; grey: where it expects the mean over so "
        "many networks of this width. Gradients are predicted relative to the readout's."
    )


def factor_map(factors: pd.DataFrame, beside: str) -> list[Drawing]:
    """Returns the heat map of the factor per layer."""
    if not (factors["n"] > 0).any():
        return []
    caption = (
        "Factor per layer of the mean square over the hidden layers, before training: forward "
        "left, backward right, in the direction of travel. "
        f"{seeds_in_words(factors, mean='Geometric mean', interval=False)} The intervals are in "
        f"the table `factors`.{beside}"
    )
    return [Drawing("factors", caption, alt_factor_map(factors), factors, draw_factor_map)]


def over_time(results: Results, grid: pd.DataFrame) -> list[Drawing]:
    """Returns the heat maps over layers and steps, forward and backward."""
    runs = few_runs(grid, FEW)
    layers = results.read_layers([*PLACE, FORWARD, BACKWARD], run_ids=list(runs["run_id"]))
    found = []
    for direction, statistic, name in DIRECTIONS:
        table = depth_profiles(runs, layers, statistics=(statistic,), steps=None)
        if means(table)["value"].notna().any():
            found += geometric(
                f"over-time-{direction}",
                f"Mean square of the {name} by layer and step, depth {middle_depth(grid)}.",
                table,
                alt_layer_step_map,
                draw_layer_step_map,
                interval=False,
            )
    return found


def distributions(results: Results, grid: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns the histograms of activations of one seed, where they were kept."""
    runs = few_runs(grid, FEW)
    seed = int(runs["seed"].min())
    table = activation_histograms(
        kept_runs(select(runs, seed=seed), results.arrays), start, results.arrays
    )
    if table.empty:
        return []
    caption = (
        f"Before training: activations by layer, depth {middle_depth(grid)}, seed {seed}, "
        "in units of the layer's root mean square; n = 1, no interval."
    )
    return [Drawing("histograms", caption, alt_histograms(table), table, draw_histograms)]


def units(arms: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns the spread of the units by inputs, bias and weight mean."""
    if arms.empty:
        return []
    activation, depth = arms[["activation", "depth"]].value_counts().index[0]
    arms = select(arms, activation=activation, depth=int(depth))
    return drawing(
        "units",
        f"Before training, {activation}, depth {depth}: share of positive preactivations, how much "
        "the units of a layer differ in it and in their mean, by inputs, bias and weight mean.",
        unit_spreads(arms, start),
        alt_unit_spread,
        draw_unit_spread,
    )


def neurons(grid: pd.DataFrame, start: pd.DataFrame, beside: str) -> list[Drawing]:
    """Returns how unlike the units are, and how saturated, by depth."""
    about = [*SAME, *(label for label, _ in fixed_gaussians(grid))]
    return drawing(
        "neurons",
        "Before training, by depth, each the mean of the hidden layers: how much the units of a "
        "layer differ in their means, in units of its root mean square; and the share of entries "
        f"where the activation is nearly flat.{beside}",
        layer_means(select(grid, initializer=about), start),
        partial(in_words, what="Dot charts against depth"),
        draw_accuracy_by_depth,
    )


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


def trained(grid: pd.DataFrame, records: pd.DataFrame, beside: str) -> list[Drawing]:
    """Returns training curves, accuracy by depth, and who over-fits."""
    if grid.empty:
        return []
    depth, ends, best = middle_depth(grid), final_values(grid, records), shallow_best(grid, records)
    of_test = ends[ends["statistic"] == "test_accuracy"]
    return [
        *drawing(
            "training",
            f"Training loss (geometric mean) and accuracy over steps at depth {depth}; without "
            f"preference the loss starts at ln {CLASSES} = {NO_PREFERENCE:.3f}.{beside}",
            training_curves(select(grid, depth=depth), records),
            alt_training_curves,
            draw_training_curves,
        ),
        *drawing(
            "accuracy-by-depth",
            f"Accuracy after the last step, by depth, of runs that did not diverge (the table "
            f"`factors` counts those as a guess); a guess has {CHANCE:g}.{beside}",
            ends if of_test.empty else of_test,  # where all diverged: the training part
            alt_accuracy_by_depth,
            draw_accuracy_by_depth,
        ),
        *(
            drawing(
                "over-fitting",
                "Accuracy after the last step on its batch and on the test part, of the shallowest "
                "networks, each activation with its initializer of the least loss.",
                final_values(best, records),
                alt_over_fitting,
                draw_over_fitting,
            )
            if len(best)
            else ()
        ),
    ]
