"""Claims on units that start alike: copies they stay, pulled in one direction, or they part."""

import pandas as pd

from initlab.analysis.arms import kind
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import DERIVED, FACTS, WEIGHTS
from initlab.analysis.claims.zeros import ZERO_AT_ZERO, gradients_climb_down, nothing_moves
from initlab.analysis.findings import Claim
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import select
from initlab.analysis.training import CLASSES
from initlab.analysis.verdicts import always

# Rounding of a sum of ten products of numbers that sum to zero, over the size of one of them.
CANCELLED = 2 * CLASSES**2 * 2.0**-24


def claims_on_copies(runs: pd.DataFrame, layers: pd.DataFrame) -> list[Claim]:
    """Returns the claims on the units of every arm, activation by activation."""
    layers = layers.merge(runs[["run_id", "depth"]], on="run_id")
    claims = []
    for activation in sorted(runs["activation"].unique(), key=activation_order):
        for label, arm in select(runs, activation=activation).groupby("initializer", sort=False):
            rows = layers[layers["run_id"].isin(arm["run_id"])]
            claims += claims_on_arm(kind(str(label)), str(label), str(activation), arm, rows)
    return claims


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
                stay_copies("copies", label, activation, runs, hidden, WEIGHTS),
            ]
        case "constant":
            return [
                *cancelled_at_the_start(label, activation, runs, layers),
                one_direction(label, activation, runs, hidden[hidden["step"] > 0]),
                stay_copies("copies", label, activation, runs, hidden, WEIGHTS),
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
                stay_copies("copies-last", label, activation, runs, last, WEIGHTS),
                *lower_copies(label, activation, runs, lower),
            ]
        case "random":
            return [unlike_from_the_start(label, activation, runs, hidden)]
    return []


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
        source=WEIGHTS,
        predicted="0 in every run",
        measured=seed_interval(most),
        verdict=always((most == 0).tolist()),
        figure="symmetry",
        query="step 0: greatest duplicate_unit_fraction over hidden layers; mean over seeds",
    )
