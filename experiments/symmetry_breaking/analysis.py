"""What networks learn whose units start out alike: claims, figures and tables."""

import math

import pandas as pd

from initlab.analysis.arrays import first_kernels
from initlab.analysis.claims import (
    about,
    by_seed,
    final_accuracy,
    first_loss_claims,
    judged,
    make_claim,
    seed_interval,
    spread,
    with_distinct_ids,
)
from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.intervals import MIN_SEEDS, Interval
from initlab.analysis.names import READOUT, activation_order, short_name
from initlab.analysis.over_seeds import means
from initlab.analysis.selection import name_readouts, select
from initlab.analysis.symmetry import first_unlike_step, symmetry_over_steps
from initlab.analysis.training import chance, final_values, steps_to, training_curves
from initlab.analysis.verdicts import above, agrees, always
from initlab.figures.accuracy_by_depth import alt_accuracy_by_depth, draw_accuracy_by_depth
from initlab.figures.first_kernels import alt_first_kernels, draw_first_kernels
from initlab.figures.symmetry import alt_symmetry, draw_symmetry
from initlab.figures.training_curves import alt_training_curves, draw_training_curves
from initlab.figures.words import losses
from initlab.store.query import Results

CS231N = "S, cs231n, Neural Networks Part 2: weight initialization"
FACTS = "O, derived from the chain rule"
FIRST_LOSS = f"{CS231N}; O, ln 10 = 2.302585"
DERIVED = "O, derived in the README of this experiment"
ZERO_AT_ZERO = ("identity", "relu", "leaky_relu", "tanh", "elu", "selu", "gelu", "silu")
RANDOM = ("lecun_normal", "lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal")
CLASSES = 10  # of digits and of fashion
CHANCE, _ = chance(CLASSES)
# Rounding of a sum of ten products of numbers that sum to zero, over the size of one of them.
CANCELLED = 2 * CLASSES**2 * 2.0**-24
COLUMNS = [
    "run_id", "step", "layer", "site", "duplicate_unit_fraction", "unit_cosine", "effective_rank",
    "kernel_gradient_rank", "kernel_min", "kernel_max", "kernel_gradient_variance",
    "preactivation_gradient_second_moment",
]  # fmt: skip


def analyse(results: Results) -> Findings:
    """Returns the findings on whichever arms the results hold."""
    if results.runs.empty:
        return Findings(("No run has results yet.",), (), ())
    runs = name_readouts(results.runs)
    layers = results.read_layers(COLUMNS).merge(runs[["run_id", "depth"]], on="run_id")
    claims = []
    for activation in sorted(runs["activation"].unique(), key=activation_order):
        for label, arm in select(runs, activation=activation).groupby("initializer", sort=False):
            rows = layers[layers["run_id"].isin(arm["run_id"])]
            claims += claims_on_arm(kind(str(label)), str(label), str(activation), arm, rows)
    accuracy = final_accuracy(runs, results.steps, classes=CLASSES)
    claims += claims_on_accuracy(runs, accuracy)
    claims += claims_on_noise(runs, accuracy)
    claims += first_loss_claims(
        runs, results.steps, classes=CLASSES, source=FIRST_LOSS, figure="training"
    )
    shown = drawings(results, runs)
    names = {drawing.name for drawing in shown}
    distinct = with_distinct_ids(claim for claim in claims if claim.figure in names)
    return Findings(
        answer=tuple(sentences(distinct)) or ("The runs hold no arm that a claim is about.",),
        claims=distinct,
        drawings=tuple(shown),
        listings=tuple(listings(results, runs, layers, accuracy)),
    )


def kind(label: str) -> str:
    """Returns which arm of the experiment an initializer is; empty for any other."""
    hidden, _, readout = label.partition(READOUT)
    law = hidden.partition("(")[0]
    if law == "zeros" and not readout:
        return "zeros"
    if law in ("constant", "ones"):
        if not readout:
            return "constant"
        return "" if readout.startswith(("constant", "ones", "zeros")) else "constant-readout"
    if law == "tied_halves" and "tie=" not in hidden:
        alike = not readout or (readout.startswith("tied_halves") and "tie=units" not in readout)
        return "halves" if alike else "halves-readout"
    if law == "normal" and "mean=" in hidden and not readout:
        return "noise"
    return "random" if law in RANDOM and not readout else ""


def claims_on_arm(
    what: str, label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> list[Claim]:
    """Returns the claims on the units of one arm, of one initializer and activation."""
    hidden = layers[layers["layer"] < layers["depth"]]
    if hidden.empty:
        return []
    last = hidden[hidden["layer"] == hidden["depth"] - 1]
    lower = hidden[hidden["layer"] < hidden["depth"] - 1]
    match what:
        case "zeros" if activation in ZERO_AT_ZERO:
            return [nothing_moves(activation, runs, layers)]
        case "zeros":
            return [
                gradients_climb_down(activation, runs, layers),
                stay_copies("copies", label, activation, runs, hidden, CS231N),
            ]
        case "constant":
            return [
                *cancelled_at_the_start(label, activation, runs, layers),
                one_direction(label, activation, runs, hidden[hidden["step"] > 0]),
                stay_copies("copies", label, activation, runs, hidden, CS231N),
            ]
        case "constant-readout":
            return [
                one_direction(label, activation, runs, hidden),
                stay_copies("copies-last", label, activation, runs, last, FACTS),
                *lower_copies(label, activation, runs, lower),
            ]
        case "halves":
            return [stay_copies("copies", label, activation, runs, hidden, DERIVED)]
        case "halves-readout":
            return [
                stay_copies("copies-last", label, activation, runs, last, CS231N),
                *lower_copies(label, activation, runs, lower),
            ]
        case "random":
            return [unlike_from_the_start(label, activation, runs, hidden)]
    return []


def nothing_moves(activation: str, runs: pd.DataFrame, layers: pd.DataFrame) -> Claim:
    """All zeros, and a nonlinearity that is zero at zero: no kernel ever gets a gradient."""
    size = layers[["kernel_min", "kernel_max"]].abs().max(axis=1)
    largest = by_seed(runs, size.groupby(layers["run_id"]).max())
    return make_claim(
        ("zeros-stand-still", activation),
        f"All zeros with {activation}: no weight ever moves, only the output's bias does.",
        source=f"{CS231N}; {FACTS}",
        predicted="0, exactly, in every run: neither signal nor gradient passes a kernel of zeros",
        measured=seed_interval(largest),
        verdict=always((largest == 0).tolist()),
        figure="symmetry",
        query="greatest |kernel_min| or |kernel_max| over all layers and steps; mean over seeds",
    )


def gradients_climb_down(activation: str, runs: pd.DataFrame, layers: pd.DataFrame) -> Claim:
    """All zeros, and a nonlinearity that is not zero at zero: one more layer learns each step."""
    moved = layers[layers["kernel_gradient_rank"] > 0]
    first = moved.groupby(["run_id", "layer"])["step"].min()
    place = layers[["run_id", "layer", "depth"]].drop_duplicates()
    place["first"] = first.reindex(pd.MultiIndex.from_frame(place[["run_id", "layer"]])).to_numpy()
    # A layer that never learns is as late as the run is long.
    place["first"] = place["first"].fillna(place["run_id"].map(runs.set_index("run_id")["steps"]))
    late = (place["first"] - (place["depth"] - place["layer"])).abs()
    off = by_seed(runs, late.groupby(place["run_id"]).max())
    return make_claim(
        ("zeros-learn-downwards", activation),
        f"All zeros with {activation} do learn: the gradient reaches layer l at step depth - l.",
        source=FACTS,
        predicted="0 steps off in every layer, provided that those steps were measured",
        measured=seed_interval(off),
        verdict=always((off == 0).tolist()),
        figure="symmetry",
        query="first step with kernel_gradient_rank > 0, less depth - layer; greatest over layers; "
        "mean over seeds",
    )


def stay_copies(
    words: str,
    label: str,
    activation: str,
    runs: pd.DataFrame,
    layers: pd.DataFrame,
    source: str,
) -> Claim:
    """The units that start alike are alike at every measured step."""
    least = by_seed(runs, layers.groupby("run_id")["duplicate_unit_fraction"].min())
    where = {"copies-last": "the last hidden layer", "copies-below": "the layers below the last"}
    return make_claim(
        (words, label, activation),
        f"{short_name(label)} with {activation}: every unit of {where.get(words, 'every layer')} "
        "stays a copy of another throughout training.",
        source=source,
        predicted="1 in every run; a single unit that parts refutes it, be it by rounding",
        measured=seed_interval(least),
        verdict=always((least == 1).tolist()),
        figure="symmetry",
        query=f"least duplicate_unit_fraction (to 1e-5 of the greatest weight) over "
        f"{where.get(words, 'the hidden layers')} and all measured steps; mean over seeds",
    )


def lower_copies(
    label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> list[Claim]:
    """Returns the claim on the layers below the last hidden one, if there are any."""
    if layers.empty:
        return []
    return [stay_copies("copies-below", label, activation, runs, layers, DERIVED)]


def cancelled_at_the_start(
    label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> list[Claim]:
    """Equal output weights meet errors that sum to zero: no gradient at step 0, up to rounding."""
    start = layers[layers["step"] == 0].set_index("run_id")
    moment = "preactivation_gradient_second_moment"
    readout = start.loc[start["layer"] == start["depth"], moment]
    below_it = start.loc[start["layer"] == start["depth"] - 1, moment]
    ratio = by_seed(runs, (below_it / readout) ** 0.5)
    if ratio.empty:
        return []
    return [
        make_claim(
            ("no-gradient-at-first", label, activation),
            f"{short_name(label)} in every layer with {activation}: at step 0 no gradient reaches "
            "the hidden layers.",
            source=FACTS,
            predicted=f"0; in float32 at most {CANCELLED:.1e}, the rounding of a sum over ten "
            "classes of errors that cancel",
            measured=seed_interval(ratio),
            verdict=always((ratio <= CANCELLED).tolist()),
            figure="symmetry",
            query=f"step 0: root of {moment} of the last hidden layer over that of the readout; "
            "mean over seeds",
        )
    ]


def one_direction(label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame) -> Claim:
    """All units are pulled the same way: the gradients of hidden kernels have rank one."""
    ranks = layers.groupby("run_id")["kernel_gradient_rank"].agg(["min", "max"])
    most = by_seed(runs, ranks["max"])
    first = int(layers["step"].min()) if len(layers) else 0
    return make_claim(
        ("one-direction", label, activation),
        f"{short_name(label)} with {activation}: from step {first} on, each hidden layer's "
        "gradient has one direction only.",
        source=FACTS,
        predicted="rank 1, or 0 where a layer is dead; the effective rank must round to at most 1",
        measured=seed_interval(most),
        verdict=always((most < 1.5).tolist()),
        figure="symmetry",
        query=f"greatest kernel_gradient_rank over hidden layers and measured steps from {first} "
        "on; mean over seeds",
    )


def unlike_from_the_start(
    label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> Claim:
    """Independent weights: no two units are alike, before any training."""
    start = layers[layers["step"] == 0]
    most = by_seed(runs, start.groupby("run_id")["duplicate_unit_fraction"].max())
    return make_claim(
        ("unlike", label, activation),
        f"{short_name(label)} with {activation}: no two units are alike from the start.",
        source=CS231N,
        predicted="0 in every run",
        measured=seed_interval(most),
        verdict=always((most == 0).tolist()),
        figure="symmetry",
        query="step 0: greatest duplicate_unit_fraction over hidden layers; mean over seeds",
    )


def random_arm(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs that others are compared with: those of the first random law there is."""
    for label in RANDOM:
        if (runs["initializer"] == label).any():
            return select(runs, initializer=label)
    return runs.iloc[:0]


def claims_on_accuracy(runs: pd.DataFrame, accuracy: "pd.Series[float]") -> list[Claim]:
    """Zeros guess; copies learn less than units that differ."""
    claims = []
    for activation in sorted(runs["activation"].unique(), key=activation_order):
        of_it = select(runs, activation=activation)
        best = by_seed(random_arm(of_it), accuracy)
        for label, arm in of_it.groupby("initializer", sort=False):
            values = by_seed(arm, accuracy)
            match kind(str(label)):
                case "zeros":
                    claims.append(guess(str(activation), arm, values))
                case "constant" | "constant-readout" | "halves" | "halves-readout" if len(best):
                    claims.append(learns_less(str(label), str(activation), best - values))
    return claims


def guess(activation: str, runs: pd.DataFrame, values: "pd.Series[float]") -> Claim:
    """A network of zeros answers one class for every image."""
    batch = int(runs["batch_size"].iloc[0]) if "batch_size" in runs else 128
    scatter = 3 * math.sqrt(CHANCE * (1 - CHANCE) / batch / max(len(values), 1))
    return make_claim(
        ("zeros-guess", activation),
        f"All zeros with {activation} end at the accuracy of a guess.",
        source=CS231N,
        predicted=f"{CHANCE:g}, within {scatter:.3f}: three standard errors of {batch} guesses a "
        "seed",
        measured=seed_interval(values),
        verdict=agrees(seed_interval(values), CHANCE - scatter, CHANCE + scatter),
        figure="accuracy",
        query="test_accuracy at the last step; mean over seeds",
    )


def learns_less(label: str, activation: str, gap: "pd.Series[float]") -> Claim:
    """What copies cost, against units that differ from the start."""
    measured = seed_interval(gap.dropna())
    return make_claim(
        (f"cost-{kind(label)}", label, activation),
        f"{short_name(label)} with {activation} learns less than a random network.",
        source=CS231N,
        predicted="above 0",
        measured=measured,
        verdict=above(measured, 0.0),
        figure="accuracy",
        query=f"test_accuracy at the last step of the first of {', '.join(RANDOM)} that was run, "
        "less that of this arm, seed by seed; a diverged run counts as a guess",
    )


def noise_positions(runs: pd.DataFrame, accuracy: "pd.Series[float]") -> pd.DataFrame:
    """Returns how far each constant with noise comes from the copies to the random network.

    One row an arm of noise: `activation`, `initializer`, `noise`, `position` (an interval; 0 is
    the accuracy of the same constant without noise, 1 that of the random network) and `halfway`,
    the accuracy between the two.
    """
    rows = []
    for activation, of_it in runs.groupby("activation", sort=False):
        best = by_seed(random_arm(of_it), accuracy)
        for label, arm in of_it.groupby("initializer", sort=False):
            if kind(str(label)) != "noise":
                continue
            given = dict(part.split("=") for part in str(label)[7:-1].split(", "))
            same = select(of_it, initializer=f"constant(value={given['mean']})")
            least = by_seed(same, accuracy)
            range_ = (best - least).dropna()
            if range_.empty or range_.mean() <= 0:
                continue
            position = (by_seed(arm, accuracy) - least) / range_.mean()
            rows.append(
                {
                    "activation": activation,
                    "initializer": label,
                    "noise": float(given.get("stddev", "nan")),
                    "position": seed_interval(position.dropna()),
                    "halfway": float((best + least).mean() / 2),
                }
            )
    return pd.DataFrame(rows, columns=["activation", "initializer", "noise", "position", "halfway"])


def claims_on_noise(runs: pd.DataFrame, accuracy: "pd.Series[float]") -> list[Claim]:
    """How small a difference is enough."""
    return [
        make_claim(
            ("enough", str(row["initializer"]), str(row["activation"])),
            f"Noise of {row['noise']:g} upon one constant is enough with {row['activation']}: it "
            "comes at least half the way from copies to a random network.",
            source="O, symmetry_breaking: how small a difference is enough",
            predicted="above 0.5; differences grow as training amplifies them, so that any is "
            "enough in the end",
            measured=row["position"],
            verdict=above(row["position"], 0.5),
            figure="accuracy",
            query="test_accuracy at the last step, less that of the same constant without noise, "
            "seed by seed; over the mean difference between the random network and that constant",
        )
        for row in noise_positions(runs, accuracy).to_dict("records")
    ]


def sentences(claims: tuple[Claim, ...]) -> list[str]:
    """Returns the answer, its numbers taken from the claims."""
    said = []
    if still := about(claims, "zeros-stand-still"):
        said.append(
            f"All zeros: {judged(still)} that no weight moves; test accuracy ends at "
            f"{spread(about(claims, 'zeros-guess'))}."
        )
    if same := about(claims, "copies-constant"):
        said.append(
            f"One constant in every layer: {judged(same)} that all units stay copies throughout; "
            f"they end {spread(about(claims, 'cost-constant-constant'))} below a random network in "
            "test accuracy."
        )
    if last := about(claims, "copies-last"):
        said.append(
            f"With a readout that is not alike {judged(last)} that the last hidden layer's units "
            f"stay copies, and {judged(about(claims, 'copies-below'))} that those below it do."
        )
    if halves := about(claims, "copies-tied-halves"):
        said.append(
            f"Two identical halves with outgoing weights alike: {judged(halves)} that they stay "
            "identical to the end."
        )
    if noise := about(claims, "enough"):
        said.append(
            "How small a difference is enough: by the end of training "
            f"{judged(noise)} that a network of one constant and noise comes half the way to a "
            f"random one; it comes {spread(noise)} of the way."
        )
    if loss := about(claims, "no-preference"):
        said.append(f"The first loss: {judged(loss)} that it is ln 10.")
    return said


def drawings(results: Results, runs: pd.DataFrame) -> list[Drawing]:
    """Returns the figures that these runs can fill."""
    layers, records = results.read_layers(COLUMNS), results.steps
    symmetry = symmetry_over_steps(runs, layers)
    curves = training_curves(runs, records)
    ends = final_values(runs, records)
    found = []
    if has_values(symmetry):
        found.append(
            Drawing(
                "symmetry",
                "How alike the units are, over steps: share of duplicate units, cosine between "
                "units, effective ranks of activations and of the weights' gradients, each the "
                f"mean of the hidden layers. {seeds_in_words(symmetry)}",
                alt_symmetry(symmetry),
                symmetry,
                draw_symmetry,
            )
        )
        found += last_hidden(runs, layers)
    found += kernels(results, runs)
    if has_values(curves):
        found.append(
            Drawing(
                "training",
                "Training loss (geometric mean) and accuracy over steps. A network without "
                f"preference starts at ln 10 = 2.303. {seeds_in_words(curves)}",
                alt_training_curves(curves),
                curves,
                draw_training_curves,
            )
        )
    if has_values(ends):
        found.append(
            Drawing(
                "accuracy",
                f"Accuracy after the last step; a guess has {CHANCE:g}. {seeds_in_words(ends)}",
                alt_accuracy_by_depth(ends),
                ends,
                draw_accuracy_by_depth,
            )
        )
    return found


def last_hidden(runs: pd.DataFrame, layers: pd.DataFrame) -> list[Drawing]:
    """Returns the last hidden layer beside the others, where a readout of its own was drawn."""
    arms = runs[runs["initializer"].map(lambda label: kind(label).endswith("-readout"))]
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
    if not has_values(table) or len(set(table["initializer"])) != 1:
        return []
    label = short_name(str(table["initializer"].iloc[0]))
    return [
        Drawing(
            "layers",
            f"{label}: share of duplicate units in each hidden layer. The last one's units have "
            f"outgoing weights that differ. {seeds_in_words(table)}",
            alt_symmetry(table, by="layer"),
            table,
            lambda table: draw_symmetry(table, by="layer"),
        )
    ]


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


def listings(
    results: Results, runs: pd.DataFrame, layers: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Listing]:
    """Returns what became of each arm, and what each size of noise came to."""
    hidden = layers[layers["layer"] < layers["depth"]]
    ends = hidden[hidden["step"] == hidden.groupby("run_id")["step"].transform("max")]
    alike = ends.groupby("run_id")["duplicate_unit_fraction"].mean()
    unlike = first_unlike_step(runs, results.layers)
    rows = []
    for record in unlike.to_dict("records"):
        arm = select(
            runs, **{name: record[name] for name in ("activation", "depth", "initializer")}
        )
        test = seed_interval(by_seed(arm, accuracy))
        rows.append(
            {
                "activation": record["activation"],
                "initializer": short_name(str(record["initializer"])),
                "duplicates at the end": round(seed_interval(by_seed(arm, alike)).centre, 3),
                "step without duplicates": record["median"],
                "test accuracy": round(test.centre, 3),
                "low": round(test.low, 3),
                "high": round(test.high, 3),
                "seeds": test.n,
                "verdict": in_words(test),
            }
        )
    caption = (
        "Each arm at the end of training: share of duplicate units (mean of the hidden layers), "
        "first measured step at which no hidden layer has any (median; empty: never), and test "
        "accuracy with its 95 % interval."
    )
    found = [Listing("arms", caption, pd.DataFrame(rows))]
    if noise := noise_rows(results, runs, accuracy):
        caption = (
            "One constant and noise: how far test accuracy comes from the copies (0) to the random "
            "network (1), with its 95 % interval; and the geometric mean of the steps until "
            "training accuracy is half way, over the seeds that get there."
        )
        found.append(Listing("noise", caption, pd.DataFrame(noise)))
    return found


def in_words(accuracy: Interval) -> str:
    """Returns an accuracy as a word: against a guess."""
    if not math.isfinite(accuracy.low):
        return "too few seeds"
    if accuracy.low > 2 * CHANCE:
        return "learns"
    return "guesses" if accuracy.high < 2 * CHANCE else "between"


def noise_rows(
    results: Results, runs: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[dict[str, object]]:
    """Returns the rows of the table of noise."""
    rows: list[dict[str, object]] = []
    for row in noise_positions(runs, accuracy).to_dict("records"):
        arm = select(runs, activation=row["activation"], initializer=row["initializer"])
        steps = steps_to(arm, results.steps, accuracy=row["halfway"]).iloc[0]
        position = row["position"]
        rows.append(
            {
                "activation": row["activation"],
                "noise": row["noise"],
                "position": round(position.centre, 3),
                "low": round(position.low, 3),
                "high": round(position.high, 3),
                "steps to half way": round(steps["value"], 1),
                "seeds that get there": f"{steps['n']} of {steps['num_runs']}",
            }
        )
    return rows


def has_values(table: pd.DataFrame) -> bool:
    """Tells whether there is a mean to draw, or a run that diverged."""
    mean = means(table)
    return bool(mean["value"].notna().any() or mean["num_diverged"].any())


def seeds_in_words(table: pd.DataFrame) -> str:
    """Returns what a caption says of n, statistic and interval, and of runs that are missing."""
    mean = means(table)
    n = sorted(set(mean.loc[mean["n"] > 0, "n"].astype(int))) or [0]
    count = f"{n[0]}" if len(n) == 1 else f"{n[0]} to {n[-1]}"
    few = "; below five the single seeds" if n[0] < MIN_SEEDS else ""
    return f"Mean over n = {count} seeds with its 95 % t interval{few}.{losses(mean)}"
