"""Claims on what copies cost, and on how small a difference is enough."""

import operator
from collections.abc import Hashable
from typing import Any

import pandas as pd

from initlab.analysis.arms import ARMS, RANDOM, kind, random_arm
from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import ADDED, DERIVED, WEIGHTS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.claims.zeros import guess
from initlab.analysis.filters import unit_word
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import chance
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.noise import noise_positions, steps_a_decade
from initlab.analysis.over_seeds import by_seed
from initlab.analysis.selection import select
from initlab.analysis.symmetry import parting_steps


def claims_on_accuracy(runs: pd.DataFrame, accuracy: "pd.Series[float]") -> list[Claim]:
    """Zeros guess; copies learn less than units that differ."""
    guesses: list[Claim] = []
    costs: dict[str, list[Claim]] = {}
    for activation in sorted(runs["activation"].unique(), key=activation_order):
        of_it = select(runs, activation=activation)
        best = by_seed(random_arm(of_it), accuracy)
        for label, arm in of_it.groupby("initializer", sort=False):
            what, values = kind(str(label)), by_seed(arm, accuracy)
            if what == "zeros":
                guesses.append(guess(str(activation), arm, values))
            elif what.startswith(("constant", "halves")):
                costs.setdefault(what, [])
                costs[what] += learns_less(what, str(label), str(activation), best - values)
    return over_trials(
        ("zeros-guess",),
        "All zeros end at the accuracy of a guess",
        guesses,
        worst=lambda accuracy: abs(accuracy - chance(runs)),
    ) + [
        claim
        for what, trials in costs.items()
        for claim in over_trials(
            (f"cost-{what}",),
            f"{ARMS[what]}: learns less than a random network",
            trials,
            worst=operator.neg,
        )
    ]


def learns_less(what: str, label: str, activation: str, gap: "pd.Series[float]") -> list[Claim]:
    """What copies cost, against units that differ from the start."""
    return positive_claim(
        (f"cost-{what}", label, activation),
        f"{short_name(label)} with {activation} learns less than a random network.",
        gap,
        source=WEIGHTS,
        unit="test accuracy lost",
        figure="accuracy",
        query=f"test_accuracy at the last step of the first of {', '.join(RANDOM)} that was run, "
        "less that of this arm, seed by seed; a diverged run counts as a guess",
    )


def claims_on_noise(
    runs: pd.DataFrame, layers: pd.DataFrame, accuracy: "pd.Series[float]"
) -> list[Claim]:
    """How small a difference is enough, and how long until it shows."""
    positions = noise_positions(runs, accuracy)
    claims = []
    for noise, rows in positions.groupby("noise"):
        claims += over_trials(
            ("enough", f"{noise:g}"),
            f"Noise of {noise:g} upon one constant is enough: it comes at least half the way from "
            "copies to a random network within these steps",
            [claim for row in rows.to_dict("records") for claim in enough(row)],
            worst=operator.neg,
        )
    return claims + parts_later(runs, layers, positions)


def enough(row: dict[Hashable, Any]) -> list[Claim]:
    """Returns the claim on one size of noise with one activation."""
    return positive_claim(
        ("enough", str(row["initializer"]), str(row["activation"])),
        f"Noise of {row['noise']:g} upon one constant is enough with {row['activation']}: it comes "
        "at least half the way from copies to a random network within these steps.",
        row["ahead"],
        source=f"{ADDED}: training amplifies differences, so that any is enough in the end",
        unit="test accuracy above the middle",
        figure="accuracy",
        query="test_accuracy at the last step, less the middle between the random network and the "
        "same constant without noise, seed by seed; mean over seeds",
        subject=(f"noise of {row['noise']:g}", f"with {row['activation']}"),
    )


def parts_later(runs: pd.DataFrame, layers: pd.DataFrame, positions: pd.DataFrame) -> list[Claim]:
    """The smaller the difference, the longer it takes to grow."""
    parted = parting_steps(runs, layers)
    trials = []
    for activation, rows in positions.groupby("activation", sort=False):
        arms = zip(rows["noise"], rows["initializer"], strict=True)
        steps = {
            noise: by_seed(select(runs, activation=activation, initializer=label), parted)
            for noise, label in arms
        }
        trials += positive_claim(
            ("parts-later", str(activation)),
            f"With {activation} ten times less noise takes more steps until the "
            f"{unit_word(runs)}s of a hidden layer go two ways.",
            steps_a_decade(steps),
            source=f"{DERIVED}, small differences grow by a factor a step",
            unit="steps a power of ten",
            figure="symmetry",
            query="first measured step at which a hidden layer's effective_rank is 1.5 or more; "
            "its least-squares slope against -log10 of the noise, over the sizes of noise at which "
            "it comes in every seed, seed by seed; mean over seeds",
        )
    return over_trials(
        ("parts-later",),
        f"Ten times less noise takes more steps until the {unit_word(runs)}s of a hidden layer go "
        "two ways",
        trials,
        worst=operator.neg,
    )
