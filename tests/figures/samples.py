"""A small sweep made alike in every process, and every figure of it; run it to save them all."""

import sys
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis.literal_tables import runs_table

from initlab.analysis.arrays import activation_histograms, first_kernels
from initlab.analysis.choice_factors import Factor, factor_table
from initlab.analysis.exciting_patches import exciting_patches
from initlab.analysis.factors import layer_factors
from initlab.analysis.filter_images import activation_maps, filter_images
from initlab.analysis.measure_table import measure_table
from initlab.analysis.names import short_name, short_names
from initlab.analysis.probes import probe_table
from initlab.analysis.profiles import FORWARD, depth_profiles
from initlab.analysis.rates import rate_table
from initlab.analysis.reaching import reaching_table
from initlab.analysis.selection import select
from initlab.analysis.small_trials import over_seeds, small_trials
from initlab.analysis.symmetry import symmetry_over_steps
from initlab.analysis.trainability import trainability
from initlab.analysis.training import final_accuracy, final_values, training_curves
from initlab.analysis.units import unit_spreads
from initlab.analysis.weight_scales import SCALED, by_deviation
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.accuracy_rows import alt_accuracy_rows, draw_accuracy_rows
from initlab.figures.activation_maps import alt_activation_maps, draw_activation_maps
from initlab.figures.as_theory import alt_as_theory, draw_as_theory
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.exciting_patches import alt_exciting_patches, draw_exciting_patches
from initlab.figures.factor_map import alt_factor_map, draw_factor_map
from initlab.figures.factor_rows import alt_factor_rows, draw_factor_rows
from initlab.figures.filter_grid import alt_filter_grid, draw_filter_grid
from initlab.figures.first_kernels import alt_first_kernels, draw_first_kernels
from initlab.figures.histograms import alt_histograms, draw_histograms
from initlab.figures.layer_step_map import alt_layer_step_map, draw_layer_step_map
from initlab.figures.log_curves import Against, alt_log_curves, draw_log_curves
from initlab.figures.measure_rows import alt_measure_rows, draw_measure_rows
from initlab.figures.over_fitting import alt_over_fitting, draw_over_fitting
from initlab.figures.probe_curves import alt_probe_curves, draw_probe_curves
from initlab.figures.rate_map import alt_rate_map, draw_rate_map
from initlab.figures.save import save
from initlab.figures.small_trials import alt_small_trials, draw_small_trials
from initlab.figures.symmetry import alt_symmetry, draw_symmetry
from initlab.figures.trainability_map import alt_trainability_map, draw_trainability_map
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.figures.unit_spread import alt_unit_spread, draw_unit_spread
from initlab.store.schema import LAYERS, STATISTICS, STEPS

STEPS_MEASURED = (0, 1, 4, 10)
AGAINST = Against("stddev", "deviation", "depth", "optimizer", "accuracy")
INITIALIZERS = ("he_normal", "zeros", "normal(stddev=1)", "glorot_uniform")


def sweep(initializers=INITIALIZERS, num_seeds=5, activations=("relu", "tanh")):
    """Tables of a made-up sweep: the second initializer is zero, the third's runs diverge."""
    rng = np.random.default_rng(0)
    trials = [
        {"activation": activation, "depth": depth, "initializer": label, "seed": seed}
        for activation in activations
        for depth in (3, 6)
        for label in initializers
        for seed in range(num_seeds)
    ]
    for trial in trials:
        if initializers[2:] and trial["initializer"] == initializers[2]:
            trial |= {"status": "diverged", "diverged_at_step": 1}
    runs = runs_table(*trials)
    layers, steps = [], []
    for run in runs.to_dict("records"):
        ended = pd.notna(run["diverged_at_step"])
        for step in STEPS_MEASURED[: 2 if ended else None]:
            broken = ended and step == 1
            record = {"run_id": run["run_id"], "step": step}
            numbers = np.where(broken, np.nan, rng.uniform(0.1, 0.9, 7))
            steps.append(record | dict(zip(STEPS.names[2:], numbers, strict=True)))
            for layer in range(1, run["depth"] + 1):
                place = record | {"layer": layer, "site": layer - 1, "layer_name": "dense"}
                values = rng.uniform(0.2, 2.0, len(STATISTICS)) * 0.3**layer
                if initializers[1:] and run["initializer"] == initializers[1]:
                    values[:] = 0.0
                if broken and layer > 1:
                    values[:] = np.nan
                layers.append(place | dict(zip(STATISTICS, values, strict=True)))
    return runs, pd.DataFrame(layers)[LAYERS.names], pd.DataFrame(steps)[STEPS.names]


def profile(statistic="preactivation_second_moment", **columns):
    """One line of a depth profile, made by hand."""
    length = len(columns["value"])
    usual = {
        "initializer": "he_normal",
        "depth": length,
        "layer": range(1, length + 1),
        "statistic": statistic,
        "seed": pd.array([pd.NA] * length, "Int64"),
        "low": np.nan,
        "high": np.nan,
        "n": 5,
        "num_zero": 0,
        "num_diverged": 0,
    }
    return pd.DataFrame(usual | columns)


def arrays(run_id):
    """The kept arrays of a made-up run."""
    rng = np.random.default_rng(int(run_id.rpartition("-")[2]))
    return {
        "histograms": rng.dirichlet(np.ones(80), (2, 6)),
        "first_kernel_initial": rng.normal(size=(16, 5)),
        "first_kernel_final": rng.normal(size=(16, 5)),
    }


def depth_scales_of(runs):
    """Depth scales made up for the initializers of a sweep: a weight variance more for each."""
    rows = runs[["activation", "initializer"]].drop_duplicates(ignore_index=True)
    number = rows.groupby("activation").cumcount()
    variance = 1.0 + number
    return rows.assign(
        weight_variance=variance,
        gradient_factor=variance / 2,
        xi=5.0 + variance,
    )


def scales_of(runs, steps):
    """The runs with an optimizer and a deviation made up for each initializer, and accuracies."""
    place = runs["initializer"].map(
        {label: i for i, label in enumerate(dict.fromkeys(runs["initializer"]))}
    )
    scaled = runs.assign(
        optimizer="sgd", stddev=10.0**-place, by_hand=True, trial_id=runs["run_id"]
    )
    return scaled, final_accuracy(runs, steps, statistic="train_accuracy")


def answered(runs, accuracy):
    """Answers of one activation and depth to images moved by 0 to 3 pixels, made up."""
    one = select(runs, activation=runs["activation"].iloc[0], depth=6)
    return pd.concat(
        one.assign(change=float(pixels), value=one["run_id"].map(accuracy) * 0.8**pixels)
        for pixels in range(4)
    )


def measured(runs, accuracy):
    """Two measures of each initializer, made up, at both depths; the first is known beforehand."""
    both = select(runs, activation=runs["activation"].iloc[0])
    value = both["run_id"].map(accuracy)
    usual = both.assign(
        label=both["initializer"].map(short_name),
        kind=both["depth"].map(lambda depth: f"depth {depth}"),
        diverged=both["diverged_at_step"].notna(),
    )
    return pd.concat(
        [
            usual.assign(statistic="edge_detection", value=value, reference=0.5),
            usual.assign(statistic="relative_movement", value=1e3 * value, reference=np.nan),
        ]
    )


def patches_of(kernels):
    """Patches that excite the filters of made-up kernels, which stand for layers."""
    images = np.random.default_rng(3).integers(0, 256, (12, 8, 8, 3)).astype(np.uint8)
    maps = {name: np.random.default_rng(4).random((12, 8, 8, 3)) for name in kernels}
    return pd.concat(
        [
            exciting_patches(maps[name], images, field=field, units=3).assign(layer_name=name)
            for name, field in zip(kernels, (3, 5, 7, 9), strict=False)
        ],
        ignore_index=True,
    )


def factors_of(runs, accuracy):
    """A factor for each initializer, made up, of which theory expects the first alone."""
    one = select(runs, activation=runs["activation"].iloc[0], depth=6)
    return [
        Factor(
            label,
            one[one["initializer"] == label].set_index("seed")["run_id"].map(accuracy).dropna(),
            0.5 if place == 0 else np.nan,
        )
        for place, label in enumerate(one["initializer"].unique())
    ]


def against_theory(runs, layers):
    """Factors, and what theory might have said of them; the last trial is not as it says."""
    table = layer_factors(runs, layers)
    table = table[table["n"] > 0].reset_index(drop=True)
    names = {"factor": "measured", "low": "measured_low", "high": "measured_high", "n": "judged_n"}
    table = table.assign(**{name: table[own] for own, name in names.items()})
    table["predicted"] = table["factor"] * 1.1
    table["expected_low"], table["expected_high"] = table["factor"] * 0.8, table["factor"] * 1.5
    table["as_theory"] = ["yes"] * (len(table) - 1) + ["no"]
    return table


def colour_kernels(runs):
    """Kernels of three channels by initializer, twenty filters of 3 by 3 and 5 by 5 in turn."""
    rng = np.random.default_rng(1)
    names = short_names(dict.fromkeys(runs["initializer"])).values()
    return {
        name: 0.1 * (place + 1) * rng.normal(size=(3 + 2 * (place % 2),) * 2 + (3, 20))
        for place, name in enumerate(names)
    }


@cache
def samples(**how):
    """Returns name to table, drawing and alternative text of every figure."""
    runs, layers, steps = sweep(**how)
    one = select(runs, depth=6, seed=0)
    curves = training_curves(runs, steps)
    scaled, accuracy = scales_of(runs, steps)
    kernels = colour_kernels(runs)
    return {
        "depth_profile": (
            depth_profiles(runs, layers, statistics=[FORWARD]),
            draw_depth_profile,
            alt_depth_profile,
        ),
        "both_ways": (
            depth_profiles(select(runs, depth=6), layers),
            draw_depth_profile,
            alt_depth_profile,
        ),
        "layer_step_map": (
            depth_profiles(runs, layers, statistics=[FORWARD], steps=None),
            draw_layer_step_map,
            alt_layer_step_map,
        ),
        "as_theory": (against_theory(runs, layers), draw_as_theory, alt_as_theory),
        "factor_map": (layer_factors(runs, layers), draw_factor_map, alt_factor_map),
        "training_curves": (curves, draw_training_curves, alt_training_curves),
        "accuracy_by_depth": (
            final_values(runs, steps),
            draw_accuracy_by_depth,
            alt_accuracy_by_depth,
        ),
        "over_fitting": (
            final_values(select(runs, depth=6), steps),
            draw_over_fitting,
            alt_over_fitting,
        ),
        "over_fitting_by_arm": (
            final_values(select(runs, depth=6, activation="relu"), steps).assign(
                label=lambda table: table["initializer"].map(short_name), initializer="zeros"
            ),
            partial(draw_over_fitting, by="label"),
            partial(alt_over_fitting, by="label"),
        ),
        "probe_curves": (
            probe_table(answered(runs, accuracy), "shifted_accuracy", by=["initializer"]),
            partial(draw_probe_curves, by="initializer"),
            partial(alt_probe_curves, by="initializer"),
        ),
        "factor_rows": (
            factor_table(factors_of(runs, accuracy)),
            draw_factor_rows,
            alt_factor_rows,
        ),
        "accuracy_rows": (
            final_values(select(runs, depth=6), steps),
            draw_accuracy_by_depth,
            alt_accuracy_by_depth,
        ),
        "steps_rows": (
            reaching_table(select(runs, depth=6), 1 + 99 * accuracy),
            draw_accuracy_rows,
            alt_accuracy_rows,
        ),
        "histograms": (
            activation_histograms(one, layers, arrays),
            draw_histograms,
            alt_histograms,
        ),
        "trainability_map": (
            trainability(runs, accuracy, depth_scales_of(runs)),
            draw_trainability_map,
            alt_trainability_map,
        ),
        "log_curves": (
            by_deviation(scaled, accuracy, "train_accuracy").assign(critical=0.5),
            partial(draw_log_curves, how=AGAINST),
            partial(alt_log_curves, how=AGAINST),
        ),
        "rate_map": (
            rate_table(scaled[[*SCALED, "seed"]].assign(value=accuracy.to_numpy())),
            draw_rate_map,
            alt_rate_map,
        ),
        "small_trials": (
            over_seeds(small_trials(scaled, accuracy**2, accuracy)),
            draw_small_trials,
            alt_small_trials,
        ),
        "symmetry": (symmetry_over_steps(runs, layers), draw_symmetry, alt_symmetry),
        "first_kernels": (first_kernels(one, arrays), draw_first_kernels, alt_first_kernels),
        "filter_grid": (
            filter_images({name: filters[..., :1, :] for name, filters in kernels.items()}),
            draw_filter_grid,
            alt_filter_grid,
        ),
        "filter_grid_in_colour": (filter_images(kernels), draw_filter_grid, alt_filter_grid),
        "activation_maps": (
            activation_maps(
                ((name, np.maximum(maps[:, :, 0], 0)) for name, maps in kernels.items()),
                image=np.random.default_rng(2).random((8, 8, 1)),
            ),
            draw_activation_maps,
            alt_activation_maps,
        ),
        "measure_rows": (
            measure_table(measured(runs, accuracy)),
            draw_measure_rows,
            alt_measure_rows,
        ),
        "exciting_patches": (patches_of(kernels), draw_exciting_patches, alt_exciting_patches),
        "unit_spread": (
            unit_spreads(select(runs, depth=6, activation="relu"), layers),
            draw_unit_spread,
            alt_unit_spread,
        ),
    }


if __name__ == "__main__":
    for name, (table, draw, _) in samples(activations=("relu",)).items():
        save(draw(table), Path(sys.argv[1]), name, table)
