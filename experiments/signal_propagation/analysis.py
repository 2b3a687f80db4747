"""How far the signal travels, forward and backward: claims, figures and tables."""

import math
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.arrays import activation_histograms
from initlab.analysis.claims import (
    about,
    by_seed,
    final_accuracy,
    first_loss_claims,
    judged,
    make_claim,
    one_setting,
    run_factors,
    seed_interval,
    spread,
    with_distinct_ids,
)
from initlab.analysis.factors import layer_factors
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.intervals import MIN_SEEDS, Interval
from initlab.analysis.names import activation_order, initializer_order, short_name
from initlab.analysis.over_seeds import means
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.selection import grid_runs, select
from initlab.analysis.training import chance, final_values, training_curves
from initlab.analysis.units import arm_runs, unit_spreads
from initlab.analysis.verdicts import (
    above,
    agrees,
    always,
    below,
    rectifier_increment,
    slope_scatter,
    weight_variance,
    within,
)
from initlab.analysis.weights import weight_ranges
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.figures.factor_map import alt_factor_map, draw_factor_map
from initlab.figures.histograms import alt_histograms, draw_histograms
from initlab.figures.layer_step_map import alt_layer_step_map, draw_layer_step_map
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.figures.unit_spread import alt_unit_spread, draw_unit_spread
from initlab.figures.words import losses
from initlab.store.query import Results

HE = "S, He et al., Delving Deep into Rectifiers (arXiv:1502.01852), section 2.2"
CS231N = "S, cs231n, Neural Networks Part 2: setting up the data and the model"
GLOROT = "S, Glorot and Bengio 2010; He et al. 2015, as the source documents put them"
RECTIFIERS = "S, on rectifiers and lower layers, in the source documents"
FINITE = "typical decay of a finite net: Hanin and Rolnick 2018, arXiv:1803.01719"
ELU = "L, the linked answer: 1.55/fan_in; O, exact 1.55051881 by quadrature"
FIRST_LOSS = f"{CS231N}; O, ln 10 = 2.302585"
DIRECTIONS = ("forward", "backward")
ZERO_AT_ZERO = ("identity", "relu", "leaky_relu", "tanh", "elu", "selu", "gelu", "silu")
ELU_LAW, HE_LAW = "fan_in_normal(weight_variance=1.55051881)", "he_normal"
CLASSES = 10  # of digits and of fashion
CHANCE, NO_PREFERENCE = chance(CLASSES)
TRAINS = 2 * CHANCE
PLACE = ["run_id", "step", "layer", "site"]
HE_BACK = "holds-backward-he-normal-relu"
DECADE = 1.0  # a signal holds within a factor of ten over all hidden layers, as `fate` has it


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever runs the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    grid, held = one_setting(grid_runs(results.runs))
    start = results.read_layers(filters=[("step", "==", 0)])
    factors = layer_factors(grid, start)
    accuracy = final_accuracy(grid, results.steps, classes=CLASSES)
    claims = [
        *claims_on_factors(grid, factors),
        *claims_on_holding(factors),
        *claims_on_fixed_gaussians(grid, factors, start),
        *claims_on_elu(grid, run_factors(grid, start)),
        *claims_on_zeros(grid, results.steps, start),
        *claims_on_arms(arm_runs(results.runs), start),
        *claims_on_neurons(grid, start),
        *claims_on_lower_layers(results, grid),
        *claims_on_over_fitting(grid, results.steps, accuracy),
        *claims_on_training(grid, factors, accuracy),
        *first_loss_claims(
            grid, results.steps, classes=CLASSES, source=FIRST_LOSS, figure="training"
        ),
    ]
    shown = drawings(results, grid, start, factors, held)
    names = {drawing.name for drawing in shown}
    kept = with_distinct_ids(claim for claim in claims if claim.figure in names)
    return Findings(
        answer=tuple(sentences(kept)) or ("The runs hold nothing that a claim is about.",),
        claims=kept,
        drawings=tuple(shown),
        listings=tuple(listings(grid, start, results, factors, accuracy)),
    )


def claims_on_factors(grid: pd.DataFrame, factors: pd.DataFrame) -> list[Claim]:
    """ReLU, each law with a closed form: half its weight variance a layer, both ways."""
    relu = factors[(factors["activation"] == "relu") & (factors["n"] > 0)]
    if relu.empty or "width" not in grid:
        return []
    width = int(grid["width"].iloc[0])
    claims = []
    for (label, direction), rows in relu.groupby(["initializer", "direction"], sort=False):
        variance = weight_variance(str(label), width)
        row = rows.sort_values(["n", "least_layers_used"]).iloc[-1]
        if variance is None:
            continue
        drift, scatter = rectifier_increment(width, orthogonal=label == "orthogonal")
        n, used = int(row["n"]), int(row["least_layers_used"])
        reach = 3 * math.sqrt(scatter * slope_scatter(used) / n)
        low, high = (variance / 2 * math.exp(drift + end) for end in (-reach, reach))
        measured = Interval(row["factor"], row["low"], row["high"], n)
        claims.append(
            make_claim(
                ("factor", str(direction), str(label)),
                f"ReLU with {short_name(str(label))} multiplies the mean square by half its weight "
                f"variance a layer, {direction}.",
                source=f"{HE}; O, {FINITE}",
                predicted=f"{variance / 2:.6g} in the mean; typically e^({drift:.7f}) = "
                f"{math.exp(drift):.4f} of it at width {width}; the mean over {n} networks is "
                f"expected within {low:.4g} to {high:.4g}, three of its standard deviations",
                measured=measured,
                verdict=agrees(measured, low, high),
                figure="factors",
                query=f"step 0, depth {row['depth']}: exp of the least-squares slope of ln "
                f"{FORWARD if direction == 'forward' else BACKWARD} against layer over the hidden "
                f"layers above 1e-74 ({used} at least); geometric mean over seeds",
            )
        )
    return claims


def decades(row: "pd.Series[Any]") -> Interval:
    """Returns by how many powers of ten the hidden layers multiply a mean square."""
    across = max(int(row["depth"]) - 2, 0)
    centre, low, high = (across * math.log10(row[name]) for name in ("factor", "low", "high"))
    return Interval(centre, low, high, int(row["n"]))


def deepest(factors: pd.DataFrame, **fields: str) -> "pd.Series[Any] | None":
    """Returns the row of the greatest depth at which most seeds have a factor."""
    rows = factors[(factors[list(fields)] == pd.Series(fields)).all(axis=1) & (factors["n"] > 0)]
    return rows.sort_values(["n", "depth"]).iloc[-1] if len(rows) else None


def over_layers(direction: str, depth: int) -> str:
    """Returns how `decades` is computed, in words."""
    column = FORWARD if direction == "forward" else BACKWARD
    return (
        f"step 0, depth {depth}: log10 of the factor per layer of {column}, times {depth - 2}, the "
        "steps between the first and the last hidden layer; mean over seeds"
    )


def claims_on_holding(factors: pd.DataFrame) -> list[Claim]:
    """He and Glorot hold the signal from layer to layer: with which activation?"""
    claims = []
    for label in ("he_normal", "glorot_uniform"):
        for activation in sorted(set(factors["activation"]), key=activation_order):
            for direction in DIRECTIONS:
                row = deepest(
                    factors, activation=activation, initializer=label, direction=direction
                )
                if row is None:
                    continue
                measured = decades(row)
                claims.append(
                    make_claim(
                        ("holds", direction, label, activation),
                        f"{short_name(label)} holds the {direction} signal of {activation} through "
                        f"{row['depth']} layers.",
                        source=HE if label == "he_normal" else GLOROT,
                        predicted="between -1 and 1 powers of ten over all hidden layers",
                        measured=measured,
                        verdict=within(measured, -DECADE, DECADE),
                        figure="factors",
                        query=over_layers(direction, int(row["depth"])),
                    )
                )
    return claims


def fixed_gaussians(grid: pd.DataFrame) -> list[tuple[str, float]]:
    """Returns the labels of Gaussians of fixed deviation, with their weight variance."""
    if "width" not in grid or grid.empty:
        return []
    width = int(grid["width"].iloc[0])
    labels = sorted(set(grid["initializer"]), key=initializer_order)
    found = [(label, weight_variance(label, width)) for label in labels if label[:7] == "normal("]
    return [(label, variance) for label, variance in found if variance is not None]


def claims_on_fixed_gaussians(
    grid: pd.DataFrame, factors: pd.DataFrame, start: pd.DataFrame
) -> list[Claim]:
    """Too small vanishes, too large explodes or saturates, and depth makes it worse."""
    claims = []
    for label, variance in fixed_gaussians(grid):
        for activation, slope in (("relu", 0.5), ("tanh", 1.0)):
            if activation == "tanh" and variance > 1:
                claims += saturates(grid, start, label)
            for direction in DIRECTIONS:
                if activation == "tanh" and variance > 1 and direction == "forward":
                    continue
                row = deepest(
                    factors, activation=activation, initializer=label, direction=direction
                )
                if row is not None and variance * slope != 1:
                    claims.append(runs_away(row, variance * slope > 1))
        claims += worse_with_depth(grid, start, label)
    return claims


def runs_away(row: "pd.Series[Any]", grows: bool) -> Claim:
    """Returns the claim that a signal vanishes, or that it explodes."""
    measured = decades(row)
    label, activation, direction = row["initializer"], row["activation"], row["direction"]
    return make_claim(
        ("explodes" if grows else "vanishes", direction, label, activation),
        f"{short_name(label)}: the {direction} signal of {activation} "
        f"{'explodes' if grows else 'vanishes'} over {row['depth']} layers.",
        source="S, variances neither too large nor too small; Gaussians of 0.005 and 0.01; O, "
        "they vanish with depth",
        predicted="above 1 power of ten" if grows else "below -1 power of ten",
        measured=measured,
        verdict=above(measured, DECADE) if grows else below(measured, -DECADE),
        figure="factors",
        query=over_layers(direction, int(row["depth"])),
    )


def saturates(grid: pd.DataFrame, start: pd.DataFrame, label: str) -> list[Claim]:
    """Returns the claim that large weights drive tanh into its flat parts."""
    runs = select(grid, activation="tanh", initializer=label)
    flat = hidden(runs, start).groupby("run_id")["saturated_fraction"].mean()
    if (share := by_seed(runs, flat)).empty:
        return []
    return [
        make_claim(
            ("saturates", label, "tanh"),
            f"{short_name(label)} saturates tanh: most activations lie where its slope is below a "
            "twentieth.",
            source="S, variances neither too large nor too small; O, cs231n 2017, lecture 6: ten "
            "layers of 1.0 * randn",
            predicted="above 0.5; 0.84 for a deviation of 1 at width 128",
            measured=seed_interval(share),
            verdict=above(seed_interval(share), 0.5),
            figure="factors",
            query="step 0: mean of saturated_fraction over hidden layers and depths; mean over "
            "seeds",
        )
    ]


def worse_with_depth(grid: pd.DataFrame, start: pd.DataFrame, label: str) -> list[Claim]:
    """Returns the claim that the last hidden layer strays farther in a deeper network."""
    runs = select(grid, initializer=label, activation="relu")
    rows = hidden(runs, start)
    rows = rows[(rows[FORWARD] > 0) & np.isfinite(rows[FORWARD])]
    ends = rows.sort_values("layer").groupby("run_id").agg(
        first=(FORWARD, "first"), last=(FORWARD, "last"), layer=("layer", "last")
    )  # fmt: skip
    away = (np.log10(ends["last"]) - np.log10(ends["first"])).abs()
    reached = runs["run_id"].map(ends["layer"]) == runs["depth"] - 1
    depths = [depth for depth, whole in reached.groupby(runs["depth"]) if whole.all() and depth > 2]
    if len(depths) < 2:
        return []
    shallow, deep = depths[0], depths[-1]
    more = by_seed(select(runs, depth=deep), away) - by_seed(select(runs, depth=shallow), away)
    measured = seed_interval(more.dropna())
    return [
        make_claim(
            ("worse-with-depth", label),
            f"{short_name(label)} with relu strays farther at depth {deep} than at {shallow}.",
            source="S, the problem worsens with depth",
            predicted="above 0",
            measured=measured,
            verdict=above(measured, 0.0),
            figure="profiles-forward",
            query=f"step 0: |log10 of {FORWARD}, last hidden layer over the first|, depth {deep} "
            f"less depth {shallow}, seed by seed (deepest networks whose signal float32 holds)",
        )
    ]


def claims_on_elu(grid: pd.DataFrame, factors: pd.DataFrame) -> list[Claim]:
    """Which variance keeps ELU's factor nearer to one: 1.55/fan_in or 2/fan_in?"""
    runs = select(grid, activation="elu", initializer=[ELU_LAW, HE_LAW])
    claims = []
    for depth, of_it in runs.groupby("depth"):
        for direction in DIRECTIONS:
            off = factors.set_index("run_id")[direction].map(lambda factor: abs(math.log(factor)))
            he, exact = (by_seed(select(of_it, initializer=law), off) for law in (HE_LAW, ELU_LAW))
            if (nearer := (he - exact).dropna()).empty:
                continue
            measured = seed_interval(nearer)
            claims.append(
                make_claim(
                    (f"elu-{direction}", f"depth-{depth}"),
                    f"ELU at depth {depth}: 1.55/fan_in keeps the {direction} factor per layer "
                    "nearer to 1 than 2/fan_in does.",
                    source=ELU,
                    predicted="above 0",
                    measured=measured,
                    verdict=above(measured, 0.0),
                    figure="factors",
                    query=f"step 0: |ln factor per layer|, {HE_LAW} less 1.55/fan_in, seed by seed",
                )
            )
    return claims


def claims_on_zeros(grid: pd.DataFrame, records: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """Never all zeros: no signal, and a loss that stays."""
    claims = []
    zeros = select(grid, initializer="zeros")
    for activation, runs in zeros[zeros["activation"].isin(ZERO_AT_ZERO)].groupby("activation"):
        signal = by_seed(runs, start.groupby("run_id")[FORWARD].max())
        if len(signal):
            claims.append(
                make_claim(
                    ("zeros-no-signal", str(activation)),
                    f"All zeros with {activation}: no signal at all reaches any layer.",
                    source=f"{CS231N}; O, derived from the chain rule",
                    predicted="0, exactly, in every run",
                    measured=seed_interval(signal),
                    verdict=always((signal == 0).tolist()),
                    figure="profiles-forward",
                    query=f"step 0: greatest {FORWARD} over layers and depths; mean over seeds",
                )
            )
        if len(loss := by_seed(runs, last_loss(runs, records))):
            measured = seed_interval(loss)
            claims.append(
                make_claim(
                    ("zeros-loss-stays", str(activation)),
                    f"All zeros with {activation}: training leaves the loss at ln {CLASSES}.",
                    source=f"{CS231N}; O, derived from the chain rule",
                    predicted=f"{NO_PREFERENCE:.6f}, within a hundredth: only the output's bias "
                    "moves, by how often each class occurs",
                    measured=measured,
                    verdict=within(measured, 0.99 * NO_PREFERENCE, 1.01 * NO_PREFERENCE),
                    figure="training",
                    query="train_loss at the last step, mean over depths; mean over seeds",
                )
            )
    return claims


def last_loss(runs: pd.DataFrame, records: pd.DataFrame) -> "pd.Series[float]":
    """Returns each run's training loss at its last step, by run id."""
    rows = records.merge(runs[["run_id", "steps"]], on="run_id")
    loss: pd.Series[float] = rows[rows["step"] == rows["steps"]].set_index("run_id")["train_loss"]
    return loss


def hidden(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows of `layers` of the runs' hidden layers."""
    rows = layers.merge(runs[["run_id", "depth"]], on="run_id")
    return rows[rows["layer"] < rows["depth"]]


def favour(arms: pd.DataFrame, start: pd.DataFrame) -> pd.DataFrame:
    """Returns how far units' shares of positive preactivations lie from a half, in each run.

    `first` and `last` (hidden layer): the root mean square over units of share - 1/2, which is
    that of the layer's mean share and the spread about it; 0 where none is favoured, 1/2 where
    each is always on or always off. `share`: the mean share in the last.
    """
    rows = hidden(arms, start).sort_values("layer")
    away = np.hypot(rows["positive_fraction_spread"], rows["positive_fraction"] - 0.5)
    by_run = rows.assign(away=away, share=rows["positive_fraction"]).groupby("run_id")
    return by_run.agg(
        first=("away", "first"),
        last=("away", "last"),
        share=("share", "last"),
        spread=("positive_fraction_spread", "last"),
    )


def claims_on_arms(arms: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """Centred inputs, biases of zero, weights of zero mean: is then no neuron favoured?"""
    claims = []
    for _, of_it in arms.groupby(["activation", "depth"]):
        away = favour(of_it, start)
        usual = of_it[(of_it["inputs"] == "standardized") & (of_it["bias_initializer"] == "zeros")]
        plain = usual[~usual["initializer"].str.contains("mean=")]
        for label, base in plain.groupby("initializer", sort=False):
            claims += claims_on_the_usual(str(label), base, away)
            drawn = of_it["initializer"].str.replace(r", mean=[^,)]*", "", regex=True)
            for arm, runs in of_it[drawn == label].groupby("arm", sort=False):
                if arm not in set(base["arm"]):
                    claims += claims_on_one_arm(str(arm), runs, base, away)
    return claims


def claims_on_the_usual(label: str, base: pd.DataFrame, away: pd.DataFrame) -> list[Claim]:
    """Returns the claims on standardized inputs, zero biases and weights of zero mean."""
    where = f"{short_name(label)}, {base['activation'].iloc[0]}, depth {base['depth'].iloc[0]}"
    first, last = by_seed(base, away["first"]), by_seed(base, away["last"])
    share, scatter = by_seed(base, away["share"]), by_seed(base, away["spread"])
    if first.empty or not {"width", "batch_size"} <= set(base):
        return []
    chance_alone = 0.5 / math.sqrt(base["batch_size"].iloc[0])
    units = int(base["width"].iloc[0]) * len(share)
    reach = 3 * float(scatter.mean()) / math.sqrt(units)
    return [
        make_claim(
            ("no-neuron-favoured", label),
            f"Standardized inputs, biases of zero, weights of zero mean: within one draw no neuron "
            f"of layer 1 is favoured ({where}).",
            source=CS231N,
            predicted=f"{chance_alone:.3f}, as a batch of fair coins shows; below twice that",
            measured=seed_interval(first),
            verdict=below(seed_interval(first), 2 * chance_alone),
            figure="units",
            query="step 0: root mean square over units of the share of positive preactivations "
            "less 1/2, layer 1; mean over seeds",
        ),
        make_claim(
            ("no-neuron-favoured-over-draws", label),
            f"The same, over draws: half of the last hidden layer is positive ({where}).",
            source=CS231N,
            predicted=f"0.5, within {reach:.3f}: three standard errors of {units} units of the "
            "measured spread",
            measured=seed_interval(share),
            verdict=agrees(seed_interval(share), 0.5 - reach, 0.5 + reach),
            figure="units",
            query="step 0: positive_fraction of the last hidden layer; mean over seeds",
        ),
        make_claim(
            ("depth-favours", label),
            f"Depth favours neurons: in the last hidden layer they are nearer to always on or "
            f"always off than in the first ({where}).",
            source="O, correlations tend to 1 with depth, Schoenholz et al. 2017, arXiv:1611.01232",
            predicted="above 0",
            measured=seed_interval(last - first),
            verdict=above(seed_interval(last - first), 0.0),
            figure="units",
            query="step 0: root mean square over units of the share of positive preactivations "
            "less 1/2, last hidden layer less first, seed by seed",
        ),
    ]


def claims_on_one_arm(
    arm: str, runs: pd.DataFrame, base: pd.DataFrame, away: pd.DataFrame
) -> list[Claim]:
    """Returns the claims on one departure from the usual, in the first and last hidden layer."""
    claims = []
    same = set(runs["inputs"]) == {"centred"} and (runs["bias_initializer"] == "zeros").all()
    for place in ("first", "last"):
        more = (by_seed(runs, away[place]) - by_seed(base, away[place])).dropna()
        if more.empty:
            continue
        measured = seed_interval(more)
        claims.append(
            make_claim(
                ("as-usual" if same else "favours", place, arm),
                f"{arm[0].upper()}{arm[1:]}: neurons of the {place} hidden layer are "
                f"{'favoured as with' if same else 'favoured more than with'} "
                f"{base['arm'].iloc[0]}.",
                source=CS231N,
                predicted="0 within 0.001: only the scale differs, to which a rectifier's sign is "
                "blind"
                if same
                else "above 0",
                measured=measured,
                verdict=always((more.abs() <= 1e-3).tolist()) if same else above(measured, 0.0),
                figure="units",
                query="step 0: root mean square over units of the share of positive preactivations "
                f"less 1/2, {place} hidden layer, less that of {base['arm'].iloc[0]}, seed by seed",
            )
        )
    return claims


def claims_on_neurons(grid: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """The output distribution of every neuron is the same: not of every layer, of every neuron."""
    claims: list[Claim] = []
    if not {"width", "batch_size"} <= set(grid):
        return claims
    of_them = select(grid, initializer=["he_normal", "glorot_uniform"])
    for (activation, label), runs in of_them.groupby(["activation", "initializer"], sort=False):
        rows = hidden(runs, start)
        unlike = rows.groupby("run_id")["preactivation_unit_mean_spread"].mean()
        if (values := by_seed(runs, unlike)).empty:
            continue
        batch, width = int(runs["batch_size"].iloc[0]), int(runs["width"].iloc[0])
        bound = (1 + 3 / math.sqrt(2 * width)) / math.sqrt(batch)
        measured = seed_interval(values)
        claims.append(
            make_claim(
                ("same-neurons", str(label), str(activation)),
                f"{short_name(str(label))} with {activation}: the preactivations of every neuron "
                "have the same distribution over inputs.",
                source=GLOROT,
                predicted=f"below {bound:.3f}: the spread of means of {batch} draws from one "
                f"distribution, and three of its standard deviations over {width} neurons",
                measured=measured,
                verdict=below(measured, bound),
                figure="factors",
                query="step 0: preactivation_unit_mean_spread (in units of the layer's root mean "
                "square), mean over hidden layers and depths; mean over seeds",
            )
        )
    return claims


def best_runs(grid: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs of each activation's and depth's best initializer by final training loss.

    An initializer with a diverged run is never the best.
    """
    loss = last_loss(grid, records)
    runs = grid.assign(loss_at_end=grid["run_id"].map(loss))
    trials = runs.groupby(["activation", "depth", "initializer"])["loss_at_end"].agg(
        lambda values: values.mean(skipna=False)
    )
    trials = trials.dropna()
    best = trials.groupby(["activation", "depth"]).idxmin()
    keys = pd.MultiIndex.from_frame(runs[["activation", "depth", "initializer"]])
    return runs[keys.isin(list(best))].drop(columns="loss_at_end")


def claims_on_lower_layers(results: Results, grid: pd.DataFrame) -> list[Claim]:
    """Rectifiers let gradients reach the lower layers, which with tanh and sigmoid train slowly."""
    best = select(best_runs(grid, results.steps), activation=["relu", "tanh", "sigmoid"])
    lag = lower_layer_lag(results, best)
    claims = slow_lower_layers(best, lag)
    for depth, of_it in best.groupby("depth"):
        relu = by_seed(select(of_it, activation="relu"), lag)
        for activation in ("tanh", "sigmoid"):
            other = by_seed(select(of_it, activation=activation), lag)
            if (gap := (relu - other).dropna()).empty:
                continue
            measured = seed_interval(gap)
            names = {
                name: short_name(str(rows["initializer"].iloc[0]))
                for name, rows in of_it.groupby("activation")
            }
            claims.append(
                make_claim(
                    ("lower-layers", str(activation), f"depth-{depth}"),
                    f"At depth {depth} lower layers move more, beside the upper ones, with relu "
                    f"({names['relu']}) than with {activation} ({names[activation]}).",
                    source=RECTIFIERS,
                    predicted="above 0",
                    measured=measured,
                    verdict=above(measured, 0.0),
                    figure="training",
                    query="log10 of update_to_weight_ratio, first hidden layer over the last, mean "
                    "over measured steps; relu less the other, seed by seed; each with the "
                    "initializer of the least final training loss",
                )
            )
    return claims


def slow_lower_layers(best: pd.DataFrame, lag: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that lower layers train very slowly, in the deepest networks."""
    claims = []
    deepest_ones = best[best["depth"] == best["depth"].max()]
    for activation in ("tanh", "sigmoid"):
        runs = select(deepest_ones, activation=activation)
        if (values := by_seed(runs, lag)).empty:
            continue
        measured = seed_interval(values)
        claims.append(
            make_claim(
                ("slow-lower-layers", activation),
                f"The lower layers train very slowly with {activation} at depth "
                f"{runs['depth'].iloc[0]} ({short_name(str(runs['initializer'].iloc[0]))}): the "
                "first hidden layer moves less than a tenth as much as the last.",
                source=RECTIFIERS,
                predicted="below -1 power of ten",
                measured=measured,
                verdict=below(measured, -DECADE),
                figure="training",
                query="log10 of update_to_weight_ratio, first hidden layer over the last, mean "
                "over measured steps; with the initializer of the least final training loss; mean "
                "over seeds",
            )
        )
    return claims


def lower_layer_lag(results: Results, runs: pd.DataFrame) -> "pd.Series[float]":
    """Returns log10 of the first hidden layer's relative update over the last's, by run id."""
    if runs.empty:
        return pd.Series(dtype="float64")
    rows = hidden(
        runs,
        results.read_layers([*PLACE, "update_to_weight_ratio"], run_ids=list(runs["run_id"])),
    )
    rows = rows[rows["update_to_weight_ratio"] > 0]
    log = rows["update_to_weight_ratio"].map(math.log10)
    first = log[rows["layer"] == 1].groupby(rows["run_id"]).mean()
    last = log[rows["layer"] == rows["depth"] - 1].groupby(rows["run_id"]).mean()
    return first - last


def claims_on_over_fitting(
    grid: pd.DataFrame, records: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """ReLU controls over-fitting: its training accuracy is less far above its test accuracy."""
    best = best_runs(grid, records)
    if best.empty:
        return []
    best = select(best, depth=int(best["depth"].min()))
    gap = final_accuracy(best, records, classes=CLASSES, statistic="train_accuracy") - accuracy
    relu = by_seed(select(best, activation="relu"), gap)
    claims = []
    for activation, runs in best[best["activation"] != "relu"].groupby("activation"):
        if (less := (by_seed(runs, gap) - relu).dropna()).empty:
            continue
        measured = seed_interval(less)
        claims.append(
            make_claim(
                ("over-fits-less-than", str(activation)),
                f"ReLU over-fits less than {activation}, each with its best initializer at depth "
                f"{best['depth'].iloc[0]}.",
                source="S, ReLU controls over-fitting",
                predicted="above 0; so short a training may show nothing",
                measured=measured,
                verdict=above(measured, 0.0),
                figure="accuracy-by-depth",
                query="train_accuracy (of the last batch) less test_accuracy at the last step; "
                f"{activation} less relu, seed by seed",
            )
        )
    return claims


def claims_on_training(
    grid: pd.DataFrame, factors: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """Networks train whose signal holds, both ways; and which laws train deep rectifiers."""
    trial = ["activation", "depth", "initializer"]
    held_both = factors.assign(held=factors["fate"] == "holds").groupby(trial)["held"].all()
    runs = grid.merge(held_both.reset_index(), on=trial)
    claims = []
    for depth, of_it in runs.groupby("depth"):
        held = by_seed(of_it[of_it["held"]], accuracy)
        lost = by_seed(of_it[~of_it["held"]], accuracy)
        if (gain := (held - lost).dropna()).empty:
            continue
        measured = seed_interval(gain)
        claims.append(
            make_claim(
                ("trains-if-it-holds", f"depth-{depth}"),
                f"At depth {depth} networks whose signal holds both ways before training end with "
                "a higher accuracy than those whose signal does not.",
                source=HE,
                predicted="above 0",
                measured=measured,
                verdict=above(measured, 0.0),
                figure="accuracy-by-depth",
                query="test_accuracy at the last step (a diverged run: a guess), mean over trials "
                "whose mean square stays within a factor of ten over the hidden layers forward "
                "and backward, less mean over all others, seed by seed",
            )
        )
    return claims + claims_on_deep_rectifiers(grid, accuracy)


def claims_on_deep_rectifiers(grid: pd.DataFrame, accuracy: "pd.Series[float]") -> list[Claim]:
    """With ReLU at depth 20 and beyond, a law trains if its factor per layer is one."""
    claims = []
    deep = grid[(grid["activation"] == "relu") & (grid["depth"] >= 20)]
    for (depth, label), runs in deep.groupby(["depth", "initializer"], sort=True):
        variance = weight_variance(str(label), int(runs["width"].iloc[0]))
        values = by_seed(runs, accuracy)
        if variance is None or values.empty:
            continue
        measured, holds = seed_interval(values), variance == 2
        claims.append(
            make_claim(
                ("trains" if holds else "fails", f"depth-{depth}", str(label)),
                f"{short_name(str(label))} {'trains' if holds else 'does not train'} a relu "
                f"network of depth {depth} within these steps.",
                source=HE,
                predicted=f"test accuracy {'above' if holds else 'below'} {TRAINS:g}, twice that "
                f"of a guess, for the factor per layer is {variance / 2:.4g}",
                measured=measured,
                verdict=above(measured, TRAINS) if holds else below(measured, TRAINS),
                figure="accuracy-by-depth",
                query="test_accuracy at the last step (a diverged run: a guess); mean over seeds",
            )
        )
    return claims


def sentences(claims: tuple[Claim, ...]) -> list[str]:
    """Returns the answer, its numbers taken from the claims."""
    said = []
    if factors := about(claims, "factor-"):
        said.append(
            "That ReLU multiplies a signal's mean square by half its weight variance a layer, "
            f"forward and backward: {judged(factors)}, for factors from {least_and_most(factors)}."
        )
    he = about(claims, "holds-forward-he-normal-relu") + about(claims, HE_BACK)
    if he:
        powers = " and ".join(f"10^{claim.measured:.2f}" for claim in he)
        said.append(
            f"In the deepest relu network He normal multiplies the signal by {powers} over all "
            "hidden layers" + (", forward and backward. " if he[1:] else ". ") + "That He and "
            f"Glorot hold the signal, with any activation: {judged(about(claims, 'holds-'))}."
        )
    if gone := [*about(claims, "vanishes-"), *about(claims, "explodes-")]:
        said.append(
            "That Gaussians of one deviation for all layers make the signal vanish or explode: "
            f"{judged(gone)}; the powers of ten run from {least_and_most(gone)}."
        )
    if neurons := about(claims, "same-neurons"):
        said.append(
            f"That every neuron has the same distribution: {judged(neurons)}; the spread of the "
            f"units' means is {spread(neurons)} of a layer's root mean square. That units are "
            f"favoured more by other inputs, biases or weight means: "
            f"{judged(about(claims, 'favours-'))}."
        )
    if training := about(claims, "trains-if-it-holds"):
        said.append(
            "Networks whose signal holds before training end with a higher accuracy, by "
            f"{spread(training)}: {judged(training)}."
        )
    if slow := about(claims, "lower-layers"):
        said.append(
            f"That lower layers move more with relu than with tanh or sigmoid: {judged(slow)}."
        )
    return said


def least_and_most(claims: list[Claim]) -> str:
    """Returns the least and the greatest of what the claims measured."""
    numbers = [claim.measured for claim in claims if math.isfinite(claim.measured)]
    return f"{min(numbers):.3g} to {max(numbers):.3g}" if numbers else "nothing measured"


def drawings(
    results: Results, grid: pd.DataFrame, start: pd.DataFrame, factors: pd.DataFrame, held: str
) -> list[Drawing]:
    """Returns the figures that these runs can fill."""
    if grid.empty:
        return []
    beside = f" Of the trials, those with {held}." if held else ""
    found = []
    for direction, statistic, name in (
        ("forward", FORWARD, "preactivations"),
        ("backward", BACKWARD, "gradients"),
    ):
        table = depth_profiles(grid, start, statistics=(statistic,))
        found += drawing(
            f"profiles-{direction}",
            f"Before training: mean square of the {name} against layer.{beside}",
            table,
            alt_depth_profile,
            draw_depth_profile,
        )
    if (factors["n"] > 0).any():
        n = factors.loc[factors["n"] > 0, "n"]
        caption = (
            "Factor per layer of the mean square over the hidden layers, before training: forward "
            f"left, backward right, in the direction of travel. Geometric mean over n = "
            f"{span(n)} seeds; the intervals are in the table `factors`.{beside}"
        )
        found.append(Drawing("factors", caption, alt_factor_map(factors), factors, draw_factor_map))
    found += over_time(results, grid)
    curves = training_curves(select(grid, depth=middle(grid)), results.steps)
    found += drawing(
        "training",
        f"Training loss and accuracy over steps at depth {middle(grid)}; without preference the "
        f"loss starts at ln {CLASSES} = {NO_PREFERENCE:.3f}.{beside}",
        curves,
        alt_training_curves,
        draw_training_curves,
    )
    ends = final_values(grid, results.steps)
    of_test = ends[ends["statistic"] == "test_accuracy"]
    ends = ends if of_test.empty else of_test  # where all diverged only the training part is left
    found += drawing(
        "accuracy-by-depth",
        f"Accuracy after the last step, by depth; a guess has {CHANCE:g}.{beside}",
        ends,
        alt_accuracy_by_depth,
        draw_accuracy_by_depth,
    )
    return [*found, *distributions(results, grid, start), *units(results, start)]


def drawing(
    name: str, caption: str, table: pd.DataFrame, alt: Any, draw: Any, *, interval: bool = True
) -> list[Drawing]:
    """Returns the drawing of a table of means, none where no run has a value or diverged."""
    mean = means(table)
    n = mean.loc[mean["n"] > 0, "n"]
    if n.empty and not mean["num_diverged"].any():
        return []
    log = "Geometric mean" if name.startswith(("profiles", "over-time")) else "Mean"
    said = f"{caption} {log} over n = {span(n) if len(n) else 0} seeds"
    if interval:
        few = "; where fewer than five count, the single seeds" if (n < MIN_SEEDS).any() else ""
        said += f", with its 95 % t interval{few}"
    return [Drawing(name, f"{said}.{losses(mean)}", alt(table), table, draw)]


def span(n: "pd.Series[int]") -> str:
    """Returns the numbers of seeds from least to most."""
    low, high = int(n.min()), int(n.max())
    return str(low) if low == high else f"{low} to {high}"


def middle(grid: pd.DataFrame) -> int:
    """Returns the depth at the middle of the grid's, the upper one of two."""
    depths = sorted(set(grid["depth"]))
    return int(depths[len(depths) // 2])


def chosen(grid: pd.DataFrame, labels: tuple[str, ...], activations: int) -> pd.DataFrame:
    """Returns the runs of a few initializers and activations at the middle depth."""
    present = [label for label in labels if (grid["initializer"] == label).any()]
    if not present:
        present = sorted(set(grid["initializer"]), key=initializer_order)[: len(labels)]
    some = sorted(set(grid["activation"]), key=activation_order)[:activations]
    return select(grid, depth=middle(grid), initializer=present, activation=some)


FEW = ("normal(stddev=0.01)", "normal(stddev=1)", "glorot_uniform", "he_normal", "orthogonal")


def over_time(results: Results, grid: pd.DataFrame) -> list[Drawing]:
    """Returns the heat maps over layers and steps, forward and backward."""
    runs = chosen(grid, FEW, 3)
    layers = results.read_layers([*PLACE, FORWARD, BACKWARD], run_ids=list(runs["run_id"]))
    found = []
    for direction, statistic in (("forward", FORWARD), ("backward", BACKWARD)):
        table = depth_profiles(runs, layers, statistics=(statistic,), steps=None)
        if (means(table)["value"] > 0).any():
            found += drawing(
                f"over-time-{direction}",
                f"Mean square of the {'preactivations' if direction == 'forward' else 'gradients'} "
                f"by layer and step, depth {middle(grid)}.",
                table,
                alt_layer_step_map,
                draw_layer_step_map,
                interval=False,
            )
    return found


def distributions(results: Results, grid: pd.DataFrame, start: pd.DataFrame) -> list[Drawing]:
    """Returns the histograms of activations of one seed, where they were kept."""
    runs = chosen(grid, FEW, 3)
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
    one = arms[["activation", "depth"]].value_counts().index[0]
    arms = select(arms, activation=one[0], depth=int(one[1]))
    return drawing(
        "units",
        f"Before training, {one[0]}, depth {one[1]}: share of positive preactivations, how much "
        "the units of a layer differ in it and in their mean, by inputs, bias and weight mean.",
        unit_spreads(arms, start),
        alt_unit_spread,
        draw_unit_spread,
    )


def listings(
    grid: pd.DataFrame,
    start: pd.DataFrame,
    results: Results,
    factors: pd.DataFrame,
    accuracy: "pd.Series[float]",
) -> list[Listing]:
    """Returns each trial's factors and fate, the range of weights, and accuracy by depth."""
    found = [Listing("factors", FACTORS, factor_rows(grid, factors))]
    if len(grid):
        shallow = select(grid, depth=int(grid["depth"].min()))
        shallow = select(
            shallow, activation=sorted(set(shallow["activation"]), key=activation_order)[0]
        )
        kernel = [*PLACE, "kernel_min", "kernel_max", "kernel_mean", "kernel_variance"]
        layers = results.read_layers(kernel, run_ids=list(shallow["run_id"]))
        table = weight_ranges(shallow, layers)
        table["initializer"] = table["initializer"].map(short_name)
        caption = (
            "Range of values in each layer's weights, before and after training, by initializer: "
            "least and greatest over all seeds, mean and standard deviation. The smallest depth, "
            "one activation; a diverged run has no after."
        )
        rounded = [*table.columns[table.columns.isin(["least", "greatest", "mean", "deviation"])]]
        table[rounded] = table[rounded].map(lambda value: float(f"{value:.3g}"))
        found.append(Listing("weights", caption, table))
    return found


FACTORS = (
    "Each trial before training: factor per layer of the mean square, forward and backward, "
    "geometric mean over seeds with its 95 % interval; the closed form for relu, half the weight "
    "variance; what becomes of the signal over the hidden layers; and test accuracy at the end "
    "(a diverged run: a guess), with what that comes to."
)


def factor_rows(grid: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Returns one row a trial: factors, closed form and fate in words."""
    rows = []
    trial = ["activation", "depth", "initializer"]
    for key, of_it in factors.groupby(trial, sort=False):
        activation, depth, label = key
        row: dict[str, Any] = {"activation": activation, "depth": depth}
        row["initializer"] = short_name(str(label))
        variance = weight_variance(str(label), int(grid["width"].iloc[0]))
        known = activation == "relu" and variance is not None
        row["closed form"] = float(f"{variance / 2:.4g}") if known and variance else math.nan
        for record in of_it.to_dict("records"):
            direction = record["direction"]
            for name in ("factor", "low", "high"):
                row[f"{direction} {name}"] = float(f"{record[name]:.4g}")
            row[direction] = fate_in_words(record)
        row["seeds"], row["diverged"] = (
            int(of_it["num_runs"].max()),
            int(of_it["num_diverged"].max()),
        )
        rows.append(row)
    return pd.DataFrame(rows)


def fate_in_words(record: dict[Any, Any]) -> str:
    """Returns what becomes of a signal, with the factor over all hidden layers."""
    if not record["n"]:
        if record["num_diverged"] == record["num_runs"]:
            return "no number: the forward pass overflows"
        return "vanishes: fewer than two layers carry it"
    if record["fate"] == "unknown":
        return "no number at some layers: the forward pass overflows"
    across = max(int(record["depth"]) - 2, 0) * math.log10(record["factor"])
    return f"{record['fate']} (10^{round(across, 1) + 0.0:.1f})"
