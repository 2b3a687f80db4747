"""Networks before training: profiles, factors beside theory's, distributions, units."""

from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.arrays import Arrays, activation_histograms, kept_runs
from initlab.analysis.captions import drawing, in_words, seeds_in_words
from initlab.analysis.claims.fate import fixed_gaussians
from initlab.analysis.claims.neurons import SAME
from initlab.analysis.filters import pooled_over, unit_word
from initlab.analysis.findings import Drawing
from initlab.analysis.numbers import counted, number
from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import BACKWARD, FORWARD, VARIANCES, depth_profiles
from initlab.analysis.selection import few_runs, middle_depth, select
from initlab.analysis.units import layer_means, unit_spreads
from initlab.figures.accuracy_by_depth import draw_accuracy_by_depth
from initlab.figures.as_theory import alt_as_theory, draw_as_theory
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.factor_map import alt_factor_map, draw_factor_map
from initlab.figures.histograms import alt_histograms, draw_histograms
from initlab.figures.unit_spread import alt_unit_spread, draw_unit_spread

FEW = ("normal(stddev=0.01)", "normal(stddev=1)", "glorot_uniform", "he_normal", "orthogonal")
NAMED = "Names stand beside the depth at which most lines end in view."
geometric = partial(drawing, mean="Geometric mean")


def variances(
    grid: pd.DataFrame, start: pd.DataFrame, predictions: pd.DataFrame, beside: str = ""
) -> list[Drawing]:
    """Returns the variance against layer, forward and backward; `beside` says what was held."""
    found = []
    for name, statistic in VARIANCES.items():
        what = "preactivations" if name == "forward" else "gradients"
        table = depth_profiles(grid, start, statistics=(statistic,))
        found += _profile(
            f"variance-{name}",
            f"Before training: variance of the {what} against layer, over {pooled_over(grid)}."
            f"{_off_mean_square(grid, start, name)}{beside}",
            with_predictions(table, grid, predictions),
            _theory(predictions, name, of=" of the mean square, since expected means are 0,"),
        )
    return found


def profiles(
    grid: pd.DataFrame,
    start: pd.DataFrame,
    predictions: pd.DataFrame,
    beside: str = "",
    name: str = "profiles",
) -> list[Drawing]:
    """Returns the mean square against layer, forward and backward; `name` begins their names."""
    found = []
    for direction, statistic in (("forward", FORWARD), ("backward", BACKWARD)):
        what = "preactivations" if direction == "forward" else "gradients"
        table = depth_profiles(grid, start, statistics=(statistic,))
        found += _profile(
            f"{name}-{direction}",
            f"Before training: mean square of the {what} against layer, which theory predicts and "
            f"factors are of.{beside}",
            with_predictions(table, grid, predictions),
            _theory(predictions, direction),
        )
    return found


def _profile(name: str, caption: str, table: pd.DataFrame, theory: str) -> list[Drawing]:
    text = f"{caption} {NAMED}{theory}"
    return geometric(name, text, table, alt_depth_profile, draw_depth_profile)


def _theory(predictions: pd.DataFrame, direction: str, *, of: str = "") -> str:
    """Returns what the caption says of theory's lines."""
    if predictions.empty:
        return ""
    start = "" if direction == "forward" else " It starts at the readout's measured mean."
    return (
        f" Dashed, black: the mean{of} that theory expects; grey: where it expects the mean over "
        f"so many networks of this width.{start}"
    )


def _off_mean_square(grid: pd.DataFrame, start: pd.DataFrame, direction: str) -> str:
    """Returns by how much the variances drawn are less than the mean squares."""
    square = FORWARD if direction == "forward" else BACKWARD
    rows = start[start["run_id"].isin(grid["run_id"])]
    ratio = (rows[VARIANCES[direction]] / rows[square]).replace([np.inf, -np.inf], np.nan).dropna()
    if ratio.empty:
        return ""
    least = 100 * (1 - float(ratio.min()))
    return (
        f" It is the mean square less the squared mean of the layer: in the median "
        f"{number(100 * (1 - float(ratio.median())))} % less, at most {number(least)} %."
    )


def factor_map(factors: pd.DataFrame, beside: str = "") -> list[Drawing]:
    """Returns the heat map of the factor per layer."""
    if not (factors["n"] > 0).any():
        return []
    caption = (
        "Factor per layer of the mean square over the hidden layers, before training: forward "
        "left, backward right, in the direction of travel. "
        f"{seeds_in_words(factors, mean='Geometric mean', interval=False)} The intervals are in "
        f"the tables `forward-factors` and `backward-factors`.{beside}"
    )
    return [Drawing("factors", caption, alt_factor_map(factors), factors, draw_factor_map)]


def as_theory(factors: pd.DataFrame, beside: str = "") -> list[Drawing]:
    """Returns the factors per layer, measured against predicted.

    Args:
        factors: of `analysis.fates.with_expectations`.
        beside: says what was held.
    """
    table = factors[factors["predicted"].notna()].reset_index(drop=True)
    if table.empty:
        return []
    left_out = len(factors) - len(table)
    beyond = int((table["as_theory"] == "no").sum())
    seeds = seeds_in_words(table.assign(n=table["judged_n"]), mean="Geometric mean")
    caption = (
        "Before training: factor per layer of the mean square over the hidden layers, as measured "
        "against as theory predicts it for the same layers, forward and backward, a mark a trial. "
        f"On the line both are equal. Below, their ratio by depth and activation. {seeds} Grey: "
        "where the mean over so many networks of this width lies in all but one of 370 cases; "
        f"{counted(beyond, 'trial')} of {int(table['as_theory'].notna().sum())} lie outside. "
        "Without grey: networks that run apart, or too few seeds. "
        f"Not drawn: {left_out} of {len(factors)}, of which theory has no number (zeros) or "
        f"float32 no signal to compare on two hidden layers.{beside}"
    )
    return [Drawing("as-theory", caption, alt_as_theory(table), table, draw_as_theory)]


def distributions(grid: pd.DataFrame, start: pd.DataFrame, arrays: Arrays) -> list[Drawing]:
    """Returns the histograms of activations of one seed, where they were kept."""
    runs = few_runs(grid, FEW)
    seed = int(runs["seed"].min())
    table = activation_histograms(kept_runs(select(runs, seed=seed), arrays), start, arrays)
    if table.empty:
        return []
    caption = (
        f"Before training: activations by layer, depth {middle_depth(grid)}, seed {seed}, "
        "in units of the layer's root mean square; n = 1, no interval. "
        f"{_share_shown(grid, runs)}"
    )
    return [Drawing("histograms", caption, alt_histograms(table), table, draw_histograms)]


def _share_shown(grid: pd.DataFrame, runs: pd.DataFrame) -> str:
    """Returns how many initializers and activations a choice of runs shows, of how many."""
    parts = [
        f"{runs[name].nunique()} of {grid[name].nunique()} {name}s"
        for name in ("initializer", "activation")
    ]
    return f"Shown are {' and '.join(parts)}, chosen to differ."


def units(arms: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns the spread of the units by inputs, bias and weight mean."""
    if arms.empty:
        return []
    activation, depth = arms[["activation", "depth"]].value_counts().index[0]
    arms = select(arms, activation=activation, depth=int(depth))
    return drawing(
        "units",
        f"Before training, {activation}, depth {depth}: share of positive preactivations, how much "
        f"the {unit_word(arms)}s of a layer differ in it and in their mean, by inputs, bias and "
        "weight mean.",
        unit_spreads(arms, start),
        alt_unit_spread,
        draw_unit_spread,
    )


def neurons(grid: pd.DataFrame, start: pd.DataFrame, beside: str = "") -> list[Drawing]:
    """Returns how unlike the units are, and how saturated, by depth."""
    about = [*SAME, *(label for label, _ in fixed_gaussians(grid))]
    return drawing(
        "neurons",
        "Before training, by depth, each the mean of the hidden layers: how much the "
        f"{unit_word(grid)}s of a layer differ in their means, in units of its root mean square; "
        f"and the share of entries where the activation is nearly flat.{beside}",
        layer_means(select(grid, initializer=about), start),
        partial(in_words, what="Dot charts against depth"),
        partial(draw_accuracy_by_depth, unit=unit_word(grid)),
    )
