"""Claims on how soon networks train with each nonlinearity, and on what they come to."""

import operator
from dataclasses import dataclass
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ALEXNET, GUIDE
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim, Verdict
from initlab.analysis.intervals import Interval
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above, within

RELU, TANH = "relu", "tanh"
TARGET, OVER = 0.75, 8  # training accuracy, an error of 25 %; measured steps that it is the mean of
SIX, SLACK = 6.0, 1.5  # times sooner, read off a figure
ALIKE = 0.02  # of test accuracy
OWN, SAME = "each its own gain", "one law, Glorot normal"
FASTER = (
    f"{GUIDE}, ReLU: it trains a lot faster, because of the computational efficiency, without a "
    "significant difference in accuracy"
)
COUNTED = (
    f"log10 of the first measured step at which train_accuracy, mean over {OVER} measured steps, "
    f"is {TARGET:g} (the last step where it never is, a lower bound)"
)
VALIDATED = "each with its learning rate of the highest validation accuracy"
FASTEST = "each with its learning rate of the fewest steps"

SHORT = {VALIDATED: "by validation", FASTEST: "by steps"}


@dataclass(frozen=True)
class Speeds:
    """What runs come to, by run id.

    Attributes:
        steps: log10 of the steps to `TARGET`, of `bounded`.
        reached: those steps, NaN for a run that never gets there.
        test: test accuracy at the end; a diverged run is a guess.
    """

    steps: "pd.Series[float]"
    reached: "pd.Series[float]"
    test: "pd.Series[float]"


def claims_on_speeds(own: pd.DataFrame, fastest: pd.DataFrame, speeds: Speeds) -> list[Claim]:
    """Returns the claims on relu beside the other nonlinearities.

    Args:
        own: one trial for each nonlinearity and `start` (`OWN` or `SAME`), with the learning
            rate of the highest validation accuracy.
        fastest: the same with that of the fewest steps.
        speeds: of all of them.
    """
    six: list[Claim] = []
    faster: list[Claim] = []
    alike: list[Claim] = []
    for start, of_it in own.groupby("start", sort=False):
        six += six_times(of_it, speeds, str(start), "validated", VALIDATED)
        six += six_times(select(fastest, start=start), speeds, str(start), "fastest", FASTEST)
        for other in [name for name in of_it["activation"].unique() if name != RELU]:
            faster += relu_is_faster(of_it, speeds, str(start), str(other))
            alike += ends_alike(of_it, speeds, str(start), str(other))
    return [
        *over_trials(("six",), "Relu reaches a training error of 25 % about six times sooner than "
            "tanh", six, worst=operator.neg),
        *over_trials(("faster",), "Relu reaches a training error of 25 % in fewer steps than any "
            "other nonlinearity", faster, worst=operator.neg),
        *over_trials(("alike",), "Relu ends with the test accuracy of every other nonlinearity",
            alike, worst=abs),
    ]  # fmt: skip


def six_times(runs: pd.DataFrame, speeds: Speeds, start: str, rule: str, rate: str) -> list[Claim]:
    """How many times as many steps tanh takes; a lower bound where some runs never get there."""
    relu, tanh = select(runs, activation=RELU), select(runs, activation=TANH)
    known = speeds.steps.where(speeds.reached.notna())
    ratio = (by_seed(tanh, speeds.steps) - by_seed(relu, known)).dropna()
    if ratio.empty:
        return []
    measured = seed_interval(10**ratio, log=True)
    bound = bool(tanh["run_id"].map(speeds.reached).isna().any())
    least = "; a lower bound: some networks never get there" if bound else ""
    return [
        make_claim(
            ("six", rule, start),
            "With tanh it takes about six times as many steps to a training error of 25 % as with "
            f"relu ({start}; {rate}{least}).",
            source=ALEXNET,
            predicted=f"{SIX:g}, between {SIX / SLACK:g} and {SIX * SLACK:g}",
            unit="times as many steps",
            measured=measured,
            verdict=partial(_about_six, bound=bound),
            figure="steps" if rate == VALIDATED else "fastest",
            query=f"{COUNTED}, {rate}; tanh less relu, seed by seed, of seeds in which relu gets "
            "there; ten to the power of the mean over seeds",
            subject=(f"{start}, rate {SHORT[rate]}",),
        )
    ]


def _about_six(measured: Interval, *, bound: bool) -> Verdict:
    """Returns whether a number is six within the slack; a lower bound can only be more."""
    if bound and above(measured, SIX * SLACK) != "supported":
        return "inconclusive"
    return within(measured, SIX / SLACK, SIX * SLACK)


def relu_is_faster(runs: pd.DataFrame, speeds: Speeds, start: str, other: str) -> list[Claim]:
    """Whether relu takes fewer steps than another nonlinearity."""
    known = speeds.steps.where(speeds.reached.notna())
    relu = by_seed(select(runs, activation=RELU), known)
    return positive_claim(
        ("faster", other, start),
        f"Relu reaches a training error of 25 % in fewer steps than {other} ({start}).",
        by_seed(select(runs, activation=other), speeds.steps) - relu,
        source=FASTER,
        unit="powers of ten of steps more",
        figure="steps",
        query=f"{COUNTED}, {VALIDATED}; {other} less relu, seed by seed, of seeds in which relu "
        "gets there",
        subject=(f"{other} ({start})",),
    )


def ends_alike(runs: pd.DataFrame, speeds: Speeds, start: str, other: str) -> list[Claim]:
    """Whether relu ends with the test accuracy of another nonlinearity."""
    relu = by_seed(select(runs, activation=RELU), speeds.test)
    gain = (relu - by_seed(select(runs, activation=other), speeds.test)).dropna()
    if gain.empty:
        return []
    measured = seed_interval(gain)
    return [
        make_claim(
            ("alike", other, start),
            f"Relu ends with the test accuracy of {other} ({start}).",
            source=FASTER,
            predicted=f"0, within {ALIKE:g}",
            unit="test accuracy more",
            measured=measured,
            verdict=partial(within, low=-ALIKE, high=ALIKE),
            figure="accuracy",
            query=f"test_accuracy at the last step, {VALIDATED} (a diverged run: a guess), relu "
            f"less {other}, seed by seed",
            subject=(f"{other} ({start})",),
        )
    ]
