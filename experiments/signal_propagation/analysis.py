"""How far the signal travels, forward and backward: claims, figures and tables."""

import math
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.claims import (
    by_seed,
    final_accuracy,
    first_loss_claims,
    make_claim,
    one_setting,
    run_factors,
    seed_interval,
    with_distinct_ids,
)
from initlab.analysis.factors import layer_factors
from initlab.analysis.findings import Claim, Findings
from initlab.analysis.intervals import Interval
from initlab.analysis.names import activation_order, initializer_order, short_name
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.selection import grid_runs, select
from initlab.analysis.training import chance
from initlab.analysis.units import arm_runs
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
from initlab.store.query import Results

HE = "S, He et al., Delving Deep into Rectifiers (arXiv:1502.01852), section 2.2"
CS231N = "S, cs231n, Neural Networks Part 2: setting up the data and the model"
GLOROT = "S, Glorot and Bengio 2010; He et al. 2015, as the source documents put them"
RECTIFIERS = "S, on rectifiers and lower layers, in the source documents"
ELU = "L, the linked answer: 1.55/fan_in; O, exact 1.55051881, known_answers 1.6"
FIRST_LOSS = f"{CS231N}; O, ln 10 = 2.302585"
DIRECTIONS = ("forward", "backward")
ZERO_AT_ZERO = ("identity", "relu", "leaky_relu", "tanh", "elu", "selu", "gelu", "silu")
ELU_LAW, HE_LAW = "fan_in_normal(weight_variance=1.55051881)", "he_normal"
CLASSES = 10  # of digits and of fashion
CHANCE, NO_PREFERENCE = chance(CLASSES)
TRAINS = 2 * CHANCE
PLACE = ["run_id", "step", "layer", "site"]
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
        *claims_on_lower_layers(results, grid, accuracy),
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
                source=f"{HE}; O, known_answers 2.5",
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
    ends = (across * math.log10(row[name]) for name in ("factor", "low", "high"))
    return Interval(*ends, int(row["n"]))


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
            source="S, variances neither too large nor too small; O, cs231n's 1.0 randn in "
            "known_answers 3",
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
            off = np.log(factors.set_index("run_id")[direction]).abs()
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
                    source=f"{CS231N}; O, known_answers 3, symmetry facts",
                    predicted="0, exactly, in every run",
                    measured=seed_interval(signal),
                    verdict=always((signal == 0).tolist()),
                    figure="profiles-forward",
                    query=f"step 0: greatest {FORWARD} over layers and depths; mean over seeds",
                )
            )
        last = records.merge(runs[["run_id", "steps"]], on="run_id")
        last = last[last["step"] == last["steps"]].set_index("run_id")["train_loss"]
        if len(loss := by_seed(runs, last)):
            measured = seed_interval(loss)
            claims.append(
                make_claim(
                    ("zeros-loss-stays", str(activation)),
                    f"All zeros with {activation}: training leaves the loss at ln {CLASSES}.",
                    source=f"{CS231N}; O, known_answers 3, symmetry facts",
                    predicted=f"{NO_PREFERENCE:.6f}, within a hundredth: only the output's bias "
                    "moves, by how often each class occurs",
                    measured=measured,
                    verdict=within(measured, 0.99 * NO_PREFERENCE, 1.01 * NO_PREFERENCE),
                    figure="training",
                    query="train_loss at the last step, mean over depths; mean over seeds",
                )
            )
    return claims


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
            predicted=f"{chance_alone:.3f}, what a batch of fair coins would show; below twice that",
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
            source="O, correlations tend to 1 with depth, known_answers 2.3",
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
    last = records.merge(grid[["run_id", "steps"]], on="run_id")
    loss = last[last["step"] == last["steps"]].set_index("run_id")["train_loss"]
    runs = grid.assign(loss_at_end=grid["run_id"].map(loss))
    trials = runs.groupby(["activation", "depth", "initializer"])["loss_at_end"].agg(
        lambda values: values.mean(skipna=False)
    )
    trials = trials.dropna()
    best = trials.groupby(["activation", "depth"]).idxmin()
    keys = pd.MultiIndex.from_frame(runs[["activation", "depth", "initializer"]])
    return runs[keys.isin(list(best))].drop(columns="loss_at_end")


def claims_on_lower_layers(
    results: Results, grid: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """Rectifiers let gradients reach the lower layers, which with tanh and sigmoid train slowly."""
    best = select(best_runs(grid, results.steps), activation=["relu", "tanh", "sigmoid"])
    lag = lower_layer_lag(results, best)
    claims = []
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
                    f"At depth {depth} the lower layers move more, beside the upper ones, with relu "
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


def lower_layer_lag(results: Results, runs: pd.DataFrame) -> "pd.Series[float]":
    """Returns log10 of the first hidden layer's relative update over the last's, by run id."""
    if runs.empty:
        return pd.Series(dtype="float64")
    rows = hidden(
        runs,
        results.read_layers([*PLACE, "update_to_weight_ratio"], run_ids=list(runs["run_id"])),
    )
    rows = rows[rows["update_to_weight_ratio"] > 0]
    log = np.log10(rows["update_to_weight_ratio"].astype("float64"))
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
    fates = factors.groupby(trial)["fate"].agg(lambda fates: (fates == "holds").all())
    keys = pd.MultiIndex.from_frame(grid[trial])
    runs = grid.assign(holds=fates.reindex(keys).to_numpy())
    claims = []
    for depth, of_it in runs.groupby("depth"):
        held = by_seed(of_it[of_it["holds"] == True], accuracy)  # noqa: E712
        lost = by_seed(of_it[of_it["holds"] == False], accuracy)  # noqa: E712
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
                f"{short_name(str(label))} {'trains' if holds else 'does not train'} a relu network "
                f"of depth {depth} within these steps.",
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
