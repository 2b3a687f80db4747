"""Claims on units that start alike: copies they stay, pulled in one direction, or they part."""

import operator
from collections.abc import Callable

import pandas as pd

from initlab.analysis.arms import ARMS, kind
from initlab.analysis.claims.directions import directions_by_layer, one_direction
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import DERIVED, FACTS, WEIGHTS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.claims.zeros import ZERO_AT_ZERO, gradients_climb_down, nothing_moves
from initlab.analysis.filters import unit_word
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import num_outputs
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.over_seeds import by_seed, magnitude_interval, share_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import always

# What is claimed of an arm's units, and which way is worse.
STATEMENTS: dict[str, tuple[str, Callable[[float], float]]] = {
    "zeros-stand-still": ("no weight ever moves, only the output's bias does", float),
    "zeros-learn-downwards": ("the gradient reaches layer l at step depth - l", float),
    "no-gradient-at-first": ("at step 0 no gradient reaches the hidden layers", float),
    "one-direction": ("each hidden layer's gradient has one direction only", float),
    "one-direction-below": ("each layer's gradient below the last has one direction", float),
    "directions-of-taps": (
        "the last hidden layer's gradient has several directions, at most one a tap",
        float,
    ),
    "copies": ("every hidden {unit} stays a copy of another throughout training", operator.neg),
    "copies-last": ("the last hidden layer's {unit}s stay copies of one another", operator.neg),
    "copies-below": ("the {unit}s below the last hidden layer stay copies", operator.neg),
    "unlike": ("no two {unit}s are alike from the start", float),
}


def claims_on_copies(runs: pd.DataFrame, layers: pd.DataFrame) -> list[Claim]:
    """Returns the claims on the units of every arm, each over its activations and laws."""
    layers = layers.merge(runs[["run_id", "depth"]], on="run_id")
    trials: dict[tuple[str, str], list[Claim]] = {}
    for activation in sorted(runs["activation"].unique(), key=activation_order):
        for label, arm in select(runs, activation=activation).groupby("initializer", sort=False):
            rows, what = layers[layers["run_id"].isin(arm["run_id"])], kind(str(label))
            for words, claim in claims_on_arm(what, str(label), str(activation), arm, rows).items():
                trials.setdefault((words, what), []).append(claim)
    return [
        claim
        for (words, what), found in trials.items()
        for claim in over_trials(
            (words,) if words.startswith(what) else (words, what),
            f"{ARMS[what]}: {STATEMENTS[words][0].format(unit=unit_word(runs))}",
            found,
            worst=STATEMENTS[words][1],
        )
    ]


def claims_on_arm(
    what: str, label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> dict[str, Claim]:
    """Returns the claims on the units of one arm, of one initializer and activation."""
    hidden = layers[layers["layer"] < layers["depth"]]
    if hidden.empty:
        return {}
    last = hidden[hidden["layer"] == hidden["depth"] - 1]
    lower = hidden[hidden["layer"] < hidden["depth"] - 1]
    later = hidden[hidden["step"] > 0]
    given = (label, activation, runs)
    match what:
        case "zeros" if activation in ZERO_AT_ZERO:
            return {"zeros-stand-still": nothing_moves(activation, runs, layers)}
        case "zeros":
            climbing = gradients_climb_down(activation, runs, layers)
            copies = stay_copies("copies", *given, hidden, WEIGHTS)
            return climbing | {"copies": copies}
        case "constant":
            return cancelled_at_the_start(*given, layers) | {
                "one-direction": one_direction(*given, later),
                "copies": stay_copies("copies", *given, hidden, WEIGHTS),
            }
        case "constant-readout":
            found = directions_by_layer(*given, hidden, last, lower)
            return found | copies_by_layer(*given, last, lower, WEIGHTS)
        case "halves":
            return {"copies": stay_copies("copies", *given, hidden, DERIVED)}
        case "halves-readout":
            return copies_by_layer(*given, last, lower, WEIGHTS)
        case "random":
            return {"unlike": unlike_from_the_start(*given, hidden)}
    return {}


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
        f"{short_name(label)} with {activation}: every {unit_word(runs)} of "
        f"{where.get(words, 'every hidden layer')} stays a copy of another throughout training.",
        source=source,
        predicted="1 in every run",
        unit=f"share of duplicate {unit_word(runs)}s",
        measured=share_interval(least),
        verdict=always((least == 1).tolist()),
        figure="symmetry",
        query=f"least duplicate_unit_fraction (to 1e-5 of the greatest weight) over "
        f"{where.get(words, 'the hidden layers')} and all measured steps; mean over seeds. "
        f"A single {unit_word(runs)} that parts refutes, be it by rounding",
    )


def copies_by_layer(
    label: str,
    activation: str,
    runs: pd.DataFrame,
    last: pd.DataFrame,
    lower: pd.DataFrame,
    source: str,
) -> dict[str, Claim]:
    """Returns the claims on the last hidden layer, and on those below it if there are any."""
    given = (label, activation, runs)
    found = {"copies-last": stay_copies("copies-last", *given, last, source)}
    if len(lower):
        found["copies-below"] = stay_copies("copies-below", *given, lower, DERIVED)
    return found


def cancelled_at_the_start(
    label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> dict[str, Claim]:
    """Equal output weights meet errors that sum to zero: no gradient at step 0, up to rounding."""
    start = layers[layers["step"] == 0].set_index("run_id")
    moment = "preactivation_gradient_second_moment"
    readout = start.loc[start["layer"] == start["depth"], moment]
    below_it = start.loc[start["layer"] == start["depth"] - 1, moment]
    ratio = by_seed(runs, (below_it / readout) ** 0.5)
    if ratio.empty:
        return {}
    logits = num_outputs(runs)
    # Rounding of a sum of so many products of numbers that sum to zero, over the size of one.
    rounding = 2 * logits**2 * 2.0**-24
    claim = make_claim(
        ("no-gradient-at-first", label, activation),
        f"{short_name(label)} in every layer with {activation}: at step 0 no gradient reaches the "
        "hidden layers.",
        source=FACTS,
        predicted=f"0; rounded at most {rounding:.1e}",
        unit="over the readout's gradient",
        measured=magnitude_interval(ratio),
        verdict=always((ratio <= rounding).tolist()),
        figure="gradients",
        query=f"step 0: root of {moment} of the last hidden layer over that of the readout; "
        f"geometric mean over seeds. What is allowed is float32's rounding of a sum over {logits} "
        "classes of errors that cancel",
    )
    return {"no-gradient-at-first": claim}


def unlike_from_the_start(
    label: str, activation: str, runs: pd.DataFrame, layers: pd.DataFrame
) -> Claim:
    """Independent weights: no two units are alike, before any training."""
    start = layers[layers["step"] == 0]
    most = by_seed(runs, start.groupby("run_id")["duplicate_unit_fraction"].max())
    return make_claim(
        ("unlike", label, activation),
        f"{short_name(label)} with {activation}: no two {unit_word(runs)}s are alike from the "
        "start.",
        source=WEIGHTS,
        predicted="0 in every run",
        unit=f"share of duplicate {unit_word(runs)}s",
        measured=share_interval(most),
        verdict=always((most == 0).tolist()),
        figure="symmetry",
        query="step 0: greatest duplicate_unit_fraction over hidden layers; mean over seeds",
    )
