"""Claims on fans that are mistaken: the receptive field forgotten, or outputs taken for inputs."""

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pandas as pd

from initlab.analysis.claims.making import Trial, make_claim
from initlab.analysis.claims.sources import FANS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.factors import DIRECTIONS, run_factors
from initlab.analysis.filters import TAPS, images_seen
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import num_outputs
from initlab.analysis.names import READOUT, capital, short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.profiles import FORWARD
from initlab.analysis.selection import select
from initlab.analysis.verdicts import agrees, slope_scatter, weight_variance

RIGHT = "he_normal"
RELU = 5.0  # the relative variance of a squared rectified Gaussian


class Ratio(NamedTuple):
    """A ratio to what He's law gives, as it is claimed.

    Attributes:
        words: how the claim's id begins.
        said: what has this ratio, in words.
        expected: the ratio.
        variance: of the logarithm of one network's number, at most.
        figure: where the numbers are drawn.
        query: how the numbers come about.
    """

    words: str
    said: str
    expected: float
    variance: float
    figure: str
    query: str


def claims_on_fans(grid: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """Both mistakes against He's law, seed by seed, with relu at every depth.

    Args:
        grid: runs of convolutional networks.
        start: the `layers` table of step 0.
    """
    relu = select(grid, activation="relu")
    if relu.empty or "model" not in relu or str(relu["model"].iloc[0]) not in TAPS:
        return []
    taps, claims = TAPS[str(relu["model"].iloc[0])], []
    factors = run_factors(relu, start).set_index("run_id")
    for label in relu["initializer"].unique():
        if forgets(str(label), taps):
            claims += _factor_claims("forgotten-field", str(label), relu, factors, float(taps))
        elif "mode=fan_out" in str(label) and weight_variance(str(label), 1) == 2.0:
            claims += _factor_claims("fan-out-layers", str(label), relu, factors, 1.0)
            claims += _change_claims(str(label), relu, start)
    return claims


def forgets(label: str, taps: int) -> bool:
    """Tells whether a law is He's with the inputs counted that one tap sees."""
    kernels = label.partition(READOUT)[0]
    return (
        taps > 1 and kernels.startswith("fan_in_normal") and weight_variance(label, 1) == 2.0 * taps
    )


def _factor_claims(
    words: str, label: str, relu: pd.DataFrame, factors: pd.DataFrame, expected: float
) -> list[Claim]:
    """Returns the claim that the factor per layer is so many times that of He's law."""
    width = int(relu["width"].iloc[0])

    def ratio(direction: str, depth: int) -> Ratio:
        return Ratio(
            f"{words}-{direction}",
            f"the {direction} factor per layer is {expected:g} times that of He's law",
            expected,
            RELU / width * slope_scatter(depth - 1),
            "factors",
            f"step 0: exp of the least-squares slope of ln {DIRECTIONS[direction]} against layer "
            "over the hidden layers above 1e-74",
        )

    trials = [
        trial
        for direction in DIRECTIONS
        for depth in sorted(relu["depth"].unique())
        if depth > 2
        for trial in _trial(
            ratio(direction, int(depth)), label, select(relu, depth=int(depth)), factors[direction]
        )
    ]
    return over_trials(
        (words,),
        f"{capital(short_name(label))} with relu: the factor per layer is {expected:g} times that "
        "of He's law, forward and backward, at every depth",
        trials,
        worst=_off(expected),
    )


def _change_claims(label: str, relu: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """Returns the claims where the width changes: at the first layer, and at the readout."""
    width = int(relu["width"].iloc[0])
    (*size, channels), logits = images_seen(relu), num_outputs(relu)
    rows = start.merge(relu[["run_id", "depth"]], on="run_id").set_index("run_id")
    first = rows.loc[rows["layer"] == 1, FORWARD]
    seen = rows.loc[rows["layer"] == rows["depth"] - 1, "activation_second_moment"]
    readout = rows.loc[rows["layer"] == rows["depth"], FORWARD] / seen
    ratios = {
        Ratio(
            "fan-out-first",
            "the mean square of layer 1 is that of He's law times channels in over out",
            channels / width,
            2 / width,
            "profiles-forward",
            f"step 0: {FORWARD} of layer 1",
        ): first,
        Ratio(
            "fan-out-readout",
            "the readout multiplies the mean square by fan-in over classes, beside He's law",
            math.prod(size) * width / logits,
            2 / logits,
            "profiles-forward",
            f"step 0: {FORWARD} of the readout over activation_second_moment of the layer below",
        ): readout,
    }
    found: list[Claim] = []
    for ratio, values in ratios.items():
        found += over_trials(
            (ratio.words,),
            f"{capital(short_name(label))} with relu: {ratio.said}, at every depth",
            [
                trial
                for depth in sorted(relu["depth"].unique())
                for trial in _trial(ratio, label, select(relu, depth=int(depth)), values)
            ],
            worst=_off(ratio.expected),
        )
    return found


def _trial(ratio: Ratio, label: str, runs: pd.DataFrame, values: "pd.Series[float]") -> list[Trial]:
    """Returns the claim on one depth; none where no seed has both numbers."""
    ours, hes = (by_seed(select(runs, initializer=law), values) for law in (label, RIGHT))
    found = (ours / hes).dropna()
    if found.empty:
        return []
    depth, n = int(runs["depth"].iloc[0]), len(found)
    reach = 3 * math.sqrt(2 * ratio.variance / n)
    low, high = (ratio.expected * math.exp(end) for end in (-reach, reach))
    measured = seed_interval(found, log=True)
    return [
        make_claim(
            (ratio.words, f"depth-{depth}"),
            f"{short_name(label)} with relu at depth {depth}: {ratio.said}.",
            source=FANS,
            predicted=f"{ratio.expected:.4g}; finite nets {low:.4g} to {high:.4g}",
            unit="ratio",
            measured=measured,
            verdict=partial(agrees, low=low, high=high),
            figure=ratio.figure,
            query=f"{ratio.query}; over that of {short_name(RIGHT)}, seed by seed; geometric mean "
            f"over seeds. Allowed are three standard deviations of the mean over {n} pairs of "
            f"networks, whose logarithms have a variance of at most {ratio.variance:.3g} each",
        )
    ]


def _off(expected: float) -> Callable[[float], float]:
    return lambda ratio: abs(math.log(ratio / expected)) if ratio > 0 else math.inf
