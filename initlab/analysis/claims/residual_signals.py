"""Claims on residual nets before training: the gradient's way back, and growth a block."""

import math
import operator
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.residual_arms import (
    BARE,
    HE,
    PLAIN,
    SUM,
    at,
    block_growth,
    by_trial,
    gradient_ratio,
)
from initlab.analysis.verdicts import within

HANDS_ON = (
    f"{COMMON}: the sum hands the gradient on to both branches, so that it jumps to the first "
    f"convolutions. {ADDED}: measured as first over last"
)
DOUBLES = (
    f"{ADDED}: x and f(x) of one mean square add up (Zhang et al., arXiv:1901.09321, section 2; "
    "De and Smith, arXiv:2002.10444)"
)
IDENTITY = (
    f"{COMMON}: in a residual block the identity is the default. {ADDED}: measured as the mean "
    "square that a block adds before training"
)
THEORY = f"{ADDED}: the mean-field recursion through sums and normalizations"
DOUBLED = (1.8, 2.2)
UNCHANGED = (0.9, 1.1)
NEAR = math.log10(1.1)  # of a factor a layer
RATIO = (
    "log10 of preactivation_gradient_second_moment at the first convolution over that at the last, "
    "at step 0"
)
GROWTH = (
    "preactivation_second_moment at a sum over that at the sum before, at step 0, geometric mean "
    "over blocks of the same image size and over seeds"
)


def claims_on_signals(
    runs: pd.DataFrame, start: pd.DataFrame, predictions: pd.DataFrame
) -> list[Claim]:
    """Returns the claims on He's weights before training.

    Args:
        runs: of `with_arms`; any learning rates, which change nothing at step 0.
        start: the `layers` table at step 0.
        predictions: the table of that name.
    """
    first = at(runs, initializer=HE).drop_duplicates(["arm", "depth", "seed"])
    ratio = gradient_ratio(start[start["run_id"].isin(first["run_id"])])
    expected = gradient_ratio(predictions, "trial_id") if len(predictions) else ratio.iloc[:0]
    growth = block_growth(first, start[start["run_id"].isin(first["run_id"])])
    doubled = block_growth(first, predictions, "trial_id") if len(predictions) else growth.iloc[:0]
    return [
        *handing_on(first, ratio),
        *as_predicted(first, ratio, expected),
        *doubling(first, growth, doubled),
        *handing_on_the_input(first, growth),
    ]


def handing_on(first: pd.DataFrame, ratio: "pd.Series[float]") -> list[Claim]:
    """The gradient's mean square changes less on its way back through sums than without them."""
    trials: list[Claim] = []
    for (norm, depth), of_it in first.groupby(["normalization", "depth"], sort=False):
        off = {net: by_seed(at(of_it, net=net), ratio).abs() for net in (PLAIN, SUM)}
        trials += positive_claim(
            ("hands-on", str(norm), f"depth-{depth}"),
            f"With {norm} and {depth} layers the gradient's mean square changes less from the last "
            "convolution back to the first in the residual net than in the plain one.",
            off[PLAIN] - off[SUM],
            source=HANDS_ON,
            unit="powers of ten less",
            figure="gradient",
            query=f"magnitude of {RATIO}, plain net less residual net, seed by seed",
            subject=(f"{norm}, depth {depth}",),
        )
    return over_trials(
        ("hands-on",), "The sum hands the gradient on to the first convolutions", trials,
        worst=operator.neg,
    )  # fmt: skip


def as_predicted(
    first: pd.DataFrame, ratio: "pd.Series[float]", expected: "pd.Series[float]"
) -> list[Claim]:
    """The gradient's ratio is what theory says, a factor a layer within a tenth."""
    trials: list[Claim] = []
    for (arm, depth), of_it in first.groupby(["arm", "depth"], sort=False):
        place = by_trial(of_it, expected)
        measured = by_seed(of_it, ratio)
        if not math.isfinite(place) or measured.empty:
            continue
        layers = int(str(depth)) - 2
        found = seed_interval(measured)
        reach = NEAR * layers
        trials.append(
            make_claim(
                ("predicted", str(arm), f"depth-{depth}"),
                f"In the {arm}, {depth} layers, the gradient's mean square changes from the last "
                "convolution back to the first as theory predicts, within a tenth a layer.",
                source=THEORY,
                predicted=f"{number(place)}, within {number(reach)}",
                unit="powers of ten, first over last convolution",
                measured=found,
                verdict=partial(within, low=place - reach, high=place + reach),
                figure="gradient",
                query=f"{RATIO}; mean over seeds",
                subject=(f"{arm}, depth {depth}: theory {number(place)}, measured",),
            )
        )
    return over_trials(
        ("predicted",), "The gradient's ratio of first to last convolution is what theory predicts",
        trials, worst=abs,
    )  # fmt: skip


def doubling(
    first: pd.DataFrame, growth: "pd.Series[float]", expected: "pd.Series[float]"
) -> list[Claim]:
    """Without normalization He's weights double the mean square a block."""
    trials: list[Claim] = []
    for depth, of_it in at(first, net=SUM, normalization=BARE).groupby("depth", sort=False):
        measured = by_seed(of_it, growth)
        if measured.empty:
            continue
        found = seed_interval(10.0 ** measured.astype("float64"), log=True)
        theory = 10.0 ** by_trial(of_it, expected)
        beside = f"; theory with a rectifier after the sum: {number(theory)}"
        trials.append(
            make_claim(
                ("doubles", f"depth-{depth}"),
                f"Without normalization a block of the residual net of {depth} layers doubles the "
                "mean square of the sum.",
                source=DOUBLES,
                predicted=f"2, between {DOUBLED[0]:g} and {DOUBLED[1]:g}"
                + (beside if np.isfinite(theory) else ""),
                unit="times a block",
                measured=found,
                verdict=partial(within, low=DOUBLED[0], high=DOUBLED[1]),
                figure="signal",
                query=GROWTH,
                subject=(f"depth {depth}",),
            )
        )
    return over_trials(
        ("doubles",), "Without normalization He's weights double the mean square a block", trials,
        worst=lambda times: abs(math.log(times / 2)),
    )  # fmt: skip


def handing_on_the_input(first: pd.DataFrame, growth: "pd.Series[float]") -> list[Claim]:
    """Before training a block hands on its input as it is."""
    trials: list[Claim] = []
    sums = first[first["net"] != PLAIN]
    for (arm, depth), of_it in sums.groupby(["arm", "depth"], sort=False):
        measured = by_seed(of_it, growth)
        if measured.empty:
            continue
        found = seed_interval(10.0 ** measured.astype("float64"), log=True)
        low, high = UNCHANGED
        trials.append(
            make_claim(
                ("identity", str(arm), f"depth-{depth}"),
                f"Before training a block of the {arm}, {depth} layers, leaves the mean square of "
                "the sum as it is.",
                source=IDENTITY,
                predicted=f"1, between {low:g} and {high:g}",
                unit="times a block",
                measured=found,
                verdict=partial(within, low=low, high=high),
                figure="signal",
                query=GROWTH,
                subject=(f"{arm}, depth {depth}",),
            )
        )
    return over_trials(
        ("identity",), "The identity is the default: before training a block hands on its input",
        trials, worst=lambda times: abs(math.log(times)),
    )  # fmt: skip
