"""Claims on training papers' nets: each under its own initialization and under a modern one."""

import operator
from functools import partial

import pandas as pd

from initlab.analysis.architecture_arms import (
    CARRIED,
    HE,
    HE_BATCH,
    PUBLISHED,
    READ_OTHERWISE,
)
from initlab.analysis.claims.degradation import RATE
from initlab.analysis.claims.few_steps import after_many_steps
from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ADDED
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above, below
from initlab.analysis.weight_scales import TRAINED

PAPERS = f"{ADDED}: each paper reports a net that trained from its initialization"
MODERN = (
    f"{ADDED}: He et al. 2015, arXiv:1502.01852, and Ioffe and Szegedy, arXiv:1502.03167: nets "
    "depend less on their first scale"
)
NARROW = f"{ADDED}: the weight variances of the paper's wide net in a narrow one"
SYMMETRY = f"{ADDED}: equal weights in a layer are equal units; dropout alone tells them apart"
ENDS = "test_accuracy at the last step"


def claims_on_training(best: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims on what nets come to.

    Args:
        best: of `architecture_arms.chosen`.
        test: test accuracy at the end, by run id; a diverged run is a guess.
    """
    return [
        *_trains(best, test, PUBLISHED, "own", "Each family trains from its paper's own "
                 "initialization", PAPERS),
        *_trains(best, test, CARRIED, "carried", "It trains from the paper's weight variances, "
                 "carried over to the narrow net", NARROW),
        *_trains(best, test, HE_BATCH, "modern", "Each family trains with He's weights and batch "
                 "normalization", MODERN),
        *_trains(best, test, HE, "he", "Each family trains with He's weights alone", MODERN),
        *_gains(best, test, HE_BATCH, PUBLISHED, "gains", "A modern initialization with batch "
                "normalization ends above the published one"),
        *_gains(best, test, HE_BATCH, HE, "norm", "Batch normalization adds to He's weights"),
        *_constant(best, test),
    ]  # fmt: skip


def _trains(
    best: pd.DataFrame,
    test: "pd.Series[float]",
    arm: str,
    identity: str,
    statement: str,
    source: str,
) -> list[Claim]:
    """Each family trains in an arm: above `TRAINED` of test accuracy."""
    trials: list[Claim] = []
    for net, runs in select(best, arm=arm).groupby("net", sort=False):
        if (values := by_seed(runs, test)).empty:
            continue
        measured = share_interval(values)
        claim = make_claim(
            (identity, str(net)),
            f"{net} trains{within_steps(runs)}, {arm}.",
            source=source,
            predicted=f"above {number(TRAINED)}",
            unit="test accuracy",
            measured=measured,
            verdict=partial(above, bound=TRAINED),
            figure="accuracy",
            query=f"{ENDS}, {RATE} (a diverged run: a guess); mean over seeds",
            subject=(f"{net}",),
        )
        trials += after_many_steps([claim], runs, "refuted")
    return over_trials((identity,), f"{statement}{within_steps(best)}", trials, worst=operator.neg)


def within_steps(runs: pd.DataFrame) -> str:
    """Returns in how many steps nets had to train, as a sentence ends."""
    return f" within {int(runs['steps'].max())} steps" if len(runs) else ""


def _gains(
    best: pd.DataFrame,
    test: "pd.Series[float]",
    more: str,
    less: str,
    identity: str,
    statement: str,
) -> list[Claim]:
    """One arm ends above another in each family that has both."""
    trials: list[Claim] = []
    for net, runs in best.groupby("net", sort=False):
        one, other = (by_seed(select(runs, arm=arm), test) for arm in (more, less))
        trials += positive_claim(
            (identity, str(net)),
            f"{net} ends with a higher test accuracy, {more}, than {less}.",
            one - other,
            source=MODERN,
            unit="test accuracy gained",
            figure="accuracy",
            query=f"{ENDS}, {more} less {less}, {RATE} (a diverged run: a guess), seed by seed",
            subject=(f"{net}",),
        )
    return over_trials((identity,), statement, trials, worst=operator.neg)


def _constant(best: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """ZFNet's 10^-2 read as a constant stalls."""
    runs = select(best, model="zfnet", arm=READ_OTHERWISE)
    if (values := by_seed(runs, test)).empty:
        return []
    measured = share_interval(values)
    claim = make_claim(
        ("constant",),
        f'ZFNet does not train{within_steps(runs)} with its "10^-2" read as one constant.',
        source=SYMMETRY,
        predicted=f"below {number(TRAINED)}",
        unit="test accuracy",
        measured=measured,
        verdict=partial(below, bound=TRAINED),
        figure="accuracy",
        query=f"{ENDS}, {RATE} (a diverged run: a guess); mean over seeds",
        subject=("ZFNet",),
    )
    return after_many_steps([claim], runs, "supported")
