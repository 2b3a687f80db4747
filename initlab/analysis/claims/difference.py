"""Claims on what copies cost, and on how small a difference is enough."""

import pandas as pd

from initlab.analysis.arms import RANDOM, kind, random_arm
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import WEIGHTS
from initlab.analysis.claims.zeros import guess
from initlab.analysis.findings import Claim
from initlab.analysis.names import activation_order, short_name
from initlab.analysis.noise import noise_positions
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above


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


def learns_less(label: str, activation: str, gap: "pd.Series[float]") -> Claim:
    """What copies cost, against units that differ from the start."""
    measured = seed_interval(gap.dropna())
    return make_claim(
        (f"cost-{kind(label)}", label, activation),
        f"{short_name(label)} with {activation} learns less than a random network.",
        source=WEIGHTS,
        predicted="above 0",
        measured=measured,
        verdict=above(measured, 0.0),
        figure="accuracy",
        query=f"test_accuracy at the last step of the first of {', '.join(RANDOM)} that was run, "
        "less that of this arm, seed by seed; a diverged run counts as a guess",
    )


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
