"""How far the signal travels, forward and backward: claims, figures and tables."""

from functools import partial

import pandas as pd

from initlab.analysis.arrays import activation_histograms
from initlab.analysis.captions import drawing, seeds_in_words
from initlab.analysis.claims.factors import claims_on_elu, claims_on_factors
from initlab.analysis.claims.fate import claims_on_fixed_gaussians, claims_on_holding
from initlab.analysis.claims.first_loss import first_loss_claims
from initlab.analysis.claims.lower_layers import claims_on_lower_layers
from initlab.analysis.claims.making import drawn_claims
from initlab.analysis.claims.neurons import claims_on_arms, claims_on_neurons
from initlab.analysis.claims.sources import LN_10, SETTING_UP
from initlab.analysis.claims.training import claims_on_over_fitting, claims_on_training
from initlab.analysis.claims.trials import TRIALS, trial_rows
from initlab.analysis.claims.words import answer
from initlab.analysis.claims.zeros import claims_on_zeros
from initlab.analysis.factors import layer_factors, run_factors
from initlab.analysis.fates import FATES, fates
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.names import activation_order, initializer_order
from initlab.analysis.over_seeds import means
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.selection import grid_runs, one_setting, select
from initlab.analysis.training import (
    CHANCE,
    CLASSES,
    NO_PREFERENCE,
    final_accuracy,
    final_values,
    training_curves,
)
from initlab.analysis.units import arm_runs, unit_spreads
from initlab.analysis.weights import KERNEL, RANGES, printed_ranges, weight_ranges
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.factor_map import alt_factor_map, draw_factor_map
from initlab.figures.histograms import alt_histograms, draw_histograms
from initlab.figures.layer_step_map import alt_layer_step_map, draw_layer_step_map
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.figures.unit_spread import alt_unit_spread, draw_unit_spread
from initlab.store.query import Results

PLACE = ["run_id", "step", "layer", "site"]
DIRECTIONS = (("forward", FORWARD, "preactivations"), ("backward", BACKWARD, "gradients"))
FIRST_LOSS = f"{SETTING_UP}. {LN_10}"
FEW = ("normal(stddev=0.01)", "normal(stddev=1)", "glorot_uniform", "he_normal", "orthogonal")
ANSWER = (
    "Does ReLU multiply a signal's mean square by half the weight variance at every layer, forward "
    "and backward? {judged[factor-]}; the factor of a layer is {spread[factor-]}.",
    "Over all hidden layers of the deepest relu network, by the fitted factor per layer, He normal "
    "multiplies the signal by "
    "{factors[holds-forward-he-normal-relu]} forward and "
    "{factors[holds-backward-he-normal-relu]} backward.",
    "Do He and Glorot hold the signal of the deepest networks within a factor of ten, whichever "
    "the activation? {judged[holds-]}.",
    "Do Gaussians of one small deviation for all layers make the signal vanish? "
    "{judged[vanishes-]}; it is multiplied by {factors[vanishes-]}. Do those of a large one make "
    "it explode? {judged[explodes-]}; it is multiplied by {factors[explodes-]}.",
    "Does every neuron have the same distribution? {judged[same-neurons]}; the means of a layer's "
    "units differ by {spread[same-neurons]} of its root mean square. Are some neurons favoured "
    "more with other inputs, biases or weight means? {judged[favours-]}.",
    "Do networks whose signal holds before training end with a higher test accuracy? "
    "{judged[trains-if-it-holds]}; the difference is {percent[trains-if-it-holds]} percentage "
    "points.",
    "Do lower layers move more with relu than with tanh or sigmoid? {judged[lower-layers]}.",
)


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever runs the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    grid, held = one_setting(grid_runs(results.runs))
    records, start = results.steps, results.read_layers(filters=[("step", "==", 0)])
    factors = layer_factors(grid, start)
    accuracy = final_accuracy(grid, records, classes=CLASSES)
    claims = [
        *claims_on_factors(grid, factors),
        *claims_on_holding(factors),
        *claims_on_fixed_gaussians(grid, factors, start),
        *claims_on_elu(grid, run_factors(grid, start)),
        *claims_on_zeros(grid, records, start),
        *claims_on_arms(arm_runs(results.runs), start),
        *claims_on_neurons(grid, start),
        *claims_on_lower_layers(results, grid),
        *claims_on_over_fitting(grid, records, accuracy),
        *claims_on_training(grid, factors, accuracy),
        *first_loss_claims(grid, records, source=FIRST_LOSS, figure="training"),
    ]
    beside = f" Of the trials, those with {held}." if held else ""
    shown = drawings(results, grid, start, factors, beside)
    kept = drawn_claims(claims, shown)
    return Findings(
        answer=answer(kept, ANSWER) or ("The runs hold nothing that a claim is about.",),
        claims=kept,
        drawings=tuple(shown),
        listings=tuple(listings(results, grid, factors, accuracy, kept)),
    )


def drawings(
    results: Results, grid: pd.DataFrame, start: pd.DataFrame, factors: pd.DataFrame, beside: str
) -> list[Drawing]:
    """Returns the figures that these runs can fill; `beside` says what was held."""
    if grid.empty:
        return []
    curves = training_curves(select(grid, depth=middle(grid)), results.steps)
    ends = final_values(grid, results.steps)
    of_test = ends[ends["statistic"] == "test_accuracy"]
    return [
        *profiles(grid, start, beside),
        *factor_map(factors, beside),
        *over_time(results, grid),
        *drawing(
            "training",
            f"Training loss and accuracy over steps at depth {middle(grid)}; without preference "
            f"the loss starts at ln {CLASSES} = {NO_PREFERENCE:.3f}.{beside}",
            curves,
            alt_training_curves,
            draw_training_curves,
        ),
        *drawing(
            "accuracy-by-depth",
            f"Accuracy after the last step, by depth; a guess has {CHANCE:g}.{beside}",
            ends if of_test.empty else of_test,  # where all diverged: the training part
            alt_accuracy_by_depth,
            draw_accuracy_by_depth,
        ),
        *distributions(results, grid, start),
        *units(results, start),
    ]


geometric = partial(drawing, mean="Geometric mean")


def profiles(grid: pd.DataFrame, start: pd.DataFrame, beside: str) -> list[Drawing]:
    """Returns the mean square against layer, forward and backward."""
    found = []
    for direction, statistic, name in DIRECTIONS:
        found += geometric(
            f"profiles-{direction}",
            f"Before training: mean square of the {name} against layer.{beside}",
            depth_profiles(grid, start, statistics=(statistic,)),
            alt_depth_profile,
            draw_depth_profile,
        )
    return found


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


def middle(grid: pd.DataFrame) -> int:
    """Returns the depth at the middle of the grid's, the upper one of two."""
    depths = sorted(set(grid["depth"]))
    return int(depths[len(depths) // 2])


def chosen(grid: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of a few initializers and three activations at the middle depth."""
    present = [label for label in FEW if (grid["initializer"] == label).any()]
    if not present:
        present = sorted(set(grid["initializer"]), key=initializer_order)[: len(FEW)]
    some = sorted(set(grid["activation"]), key=activation_order)[:3]
    return select(grid, depth=middle(grid), initializer=present, activation=some)


def over_time(results: Results, grid: pd.DataFrame) -> list[Drawing]:
    """Returns the heat maps over layers and steps, forward and backward."""
    runs = chosen(grid)
    layers = results.read_layers([*PLACE, FORWARD, BACKWARD], run_ids=list(runs["run_id"]))
    found = []
    for direction, statistic, name in DIRECTIONS:
        table = depth_profiles(runs, layers, statistics=(statistic,), steps=None)
        if means(table)["value"].notna().any():
            found += geometric(
                f"over-time-{direction}",
                f"Mean square of the {name} by layer and step, depth {middle(grid)}.",
                table,
                alt_layer_step_map,
                draw_layer_step_map,
                interval=False,
            )
    return found


def distributions(results: Results, grid: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns the histograms of activations of one seed, where they were kept."""
    runs = chosen(grid)
    runs = runs[runs["seed"] == runs["seed"].min()]
    kept = [run for run in runs["run_id"] if "histograms" in results.arrays(run)]
    if not kept:
        return []
    table = activation_histograms(select(runs, run_id=kept), start, results.arrays)
    if table.empty:
        return []
    caption = (
        f"Before training: activations by layer, depth {middle(grid)}, seed "
        f"{int(runs['seed'].min())}, in units of the layer's root mean square; n = 1, no interval."
    )
    return [Drawing("histograms", caption, alt_histograms(table), table, draw_histograms)]


def units(results: Results, start: pd.DataFrame) -> list[Drawing]:
    """Returns the spread of the units by inputs, bias and weight mean."""
    arms = arm_runs(results.runs)
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


def listings(
    results: Results,
    grid: pd.DataFrame,
    factors: pd.DataFrame,
    accuracy: "pd.Series[float]",
    claims: tuple[Claim, ...],
) -> list[Listing]:
    """Returns each trial's factors, fate and accuracy, the range of weights, and the claims'."""
    found = [Listing("factors", FATES, fates(grid, factors, accuracy))]
    if len(grid):
        shallow = select(grid, depth=int(grid["depth"].min()))
        first = min(set(shallow["activation"]), key=activation_order)
        shallow = select(shallow, activation=first)
        layers = results.read_layers([*PLACE, *KERNEL], run_ids=list(shallow["run_id"]))
        found.append(Listing("weights", RANGES, printed_ranges(weight_ranges(shallow, layers))))
    return [*found, Listing("trials", TRIALS, trial_rows(claims))]
