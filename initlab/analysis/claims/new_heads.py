"""Claims on new heads: zeros or a law, one layer or two."""

import operator
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import HEADS, NEVER_ZERO
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.guessing import chance, no_preference
from initlab.analysis.names import short_name
from initlab.analysis.new_heads import HE, TASKS, ZEROS
from initlab.analysis.over_seeds import seed_interval, seeds_at, share_interval
from initlab.analysis.selection import select
from initlab.analysis.verdicts import above, within

FREE = 0.01  # of test accuracy: less is no loss
NEAR_GUESS = 0.05  # of accuracy
ROUNDING = 1e-4  # of a loss in float32, about
QUERY = (
    "test_accuracy at the last step, each head with the learning rate of its highest mean "
    "validation accuracy (a diverged run: a guess)"
)
ENDS = {"cross_entropy": "classes", "mse": "number"}  # figures of accuracies, by loss


def claims_on_first_loss(runs: pd.DataFrame, first: "pd.Series[float]") -> list[Claim]:
    """Returns the claims on the loss before training: zeros prefer no class, He's law does.

    Args:
        runs: of `with_heads`.
        first: training loss at step 0, by run id.
    """
    kept = select(runs, loss="cross_entropy")
    if kept.empty:
        return []
    level = no_preference(kept)
    found: list[Claim] = []
    if len(start := seeds_at(kept, first, head=ZEROS)):
        found.append(
            make_claim(
                ("starts", "zeros"),
                "A head of zeros begins at the loss of equal probabilities.",
                source=HEADS,
                predicted=f"{level:.6f} within {ROUNDING:g}",
                unit="cross-entropy at step 0",
                measured=seed_interval(start),
                verdict=partial(within, low=level - ROUNDING, high=level + ROUNDING),
                figure="curves",
                query="train_loss at step 0, head zeros, cross-entropy; mean over seeds",
            )
        )
    found += positive_claim(
        ("starts", "he"),
        "A head of He's law begins above the loss of equal probabilities.",
        seeds_at(kept, first, head=HE, removed=1) - level,
        source=HEADS,
        unit="cross-entropy at step 0 more",
        figure="curves",
        query=f"train_loss at step 0, head {HE}, cross-entropy, less the logarithm of the number "
        "of classes, seed by seed",
    )
    return found


def claims_on_zeros(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that one layer of zeros does no harm, and that two never learn.

    Args:
        own: of `new_heads.chosen`.
        test: test accuracy by run id.
    """
    plain = select(own, multiplier=1.0)
    harmless: list[Claim] = []
    stuck: list[Claim] = []
    for loss, words in TASKS.items():
        here = select(plain, loss=loss)
        zeros = seeds_at(here, test, head=ZEROS, removed=1)
        gained = (zeros - seeds_at(here, test, head=HE, removed=1)).dropna()
        if len(gained):
            measured = seed_interval(gained)
            harmless.append(
                make_claim(
                    ("zero", words),
                    f"With {words} one new layer of zeros ends less than {FREE:g} below He's law.",
                    source=HEADS,
                    predicted=f"above -{FREE:g}",
                    unit="test accuracy more",
                    measured=measured,
                    verdict=partial(above, bound=-FREE),
                    figure=ENDS[loss],
                    query=f"{QUERY}; zeros less {HE}, one new layer, seed by seed",
                    subject=(words,),
                )
            )
        two = seeds_at(here, test, head=ZEROS, removed=2)
        if len(two):
            guess, reached = chance(here), share_interval(two)
            stuck.append(
                make_claim(
                    ("stuck", words),
                    f"With {words} two new layers of zeros never learn: they end at a guess.",
                    source=NEVER_ZERO,
                    predicted=f"{guess:g} within {NEAR_GUESS:g}",
                    unit="test accuracy",
                    measured=reached,
                    verdict=partial(within, low=guess - NEAR_GUESS, high=guess + NEAR_GUESS),
                    figure=ENDS[loss],
                    query=f"{QUERY}; zeros, two new layers; mean over seeds",
                    subject=(words,),
                )
            )
    return [
        *over_trials(("zero",), "One new layer may begin at zero", harmless, worst=operator.neg),
        *over_trials(("stuck",), "Two new layers of zeros never learn", stuck, worst=abs),
    ]


def claims_on_laws(
    own: pd.DataFrame, test: "pd.Series[float]", steps: "pd.Series[float]"
) -> list[Claim]:
    """Returns the claims that He's law serves a new head best, in accuracy and in steps.

    Args:
        own: of `new_heads.chosen`.
        test: test accuracy by run id.
        steps: log10 of the steps to a training accuracy, by run id.
    """
    better: list[Claim] = []
    sooner: list[Claim] = []
    plain = select(own, multiplier=1.0)
    for (loss, removed), here in plain.groupby(["loss", "removed"], sort=False):
        others = [
            law for law in here["head"].unique() if law != HE and not _stuck(law, int(str(removed)))
        ]
        for law in others:
            words = (f"{TASKS[str(loss)]}, {removed} new, over {short_name(str(law))}",)
            identity = (str(loss), str(removed), str(law))
            sides = [seeds_at(here, one, head=HE) for one in (test, steps)]
            rivals = [seeds_at(here, one, head=law) for one in (test, steps)]
            better += positive_claim(
                ("best", *identity),
                f"With {TASKS[str(loss)]} and {removed} new layers He's law ends above "
                f"{short_name(str(law))}.",
                sides[0] - rivals[0],
                source=HEADS,
                unit="test accuracy more",
                figure=ENDS[str(loss)],
                query=f"{QUERY}; {HE} less {law}, seed by seed",
                subject=words,
            )
            sooner += positive_claim(
                ("sooner", *identity),
                f"With {TASKS[str(loss)]} and {removed} new layers He's law needs fewer steps than "
                f"{short_name(str(law))}.",
                rivals[1] - sides[1],
                source=HEADS,
                unit="powers of ten of the steps",
                figure=f"steps-{ENDS[str(loss)]}",
                query="log10 of the first step at which train_accuracy, mean of the last measured "
                f"steps, reaches the level (the last step where it never does); {law} less {HE}, "
                "seed by seed",
                subject=words,
            )
    return [
        *over_trials(("best",), "He's law serves a new head best", better, worst=operator.neg),
        *over_trials(("sooner",), "He's law needs the fewest steps", sooner, worst=operator.neg),
    ]


def claims_on_removed(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claim that it is better to remove the last layer alone than the last two."""
    found: list[Claim] = []
    plain = select(own, multiplier=1.0, head=HE)
    for loss, words in TASKS.items():
        here = select(plain, loss=loss)
        found += positive_claim(
            ("removed", words),
            f"With {words} a net of which the last layer is new ends above one of which the last "
            "two are.",
            seeds_at(here, test, removed=1) - seeds_at(here, test, removed=2),
            source=HEADS,
            unit="test accuracy more",
            figure=ENDS[loss],
            query=f"{QUERY}; {HE}, removed_layers 1 less removed_layers 2, seed by seed",
            subject=(words,),
        )
    return over_trials(
        ("removed",), "One removed layer is better than two", found, worst=operator.neg
    )


def _stuck(law: str, removed: int) -> bool:
    """Tells whether a head cannot learn: of two layers of zeros each waits for the other."""
    return law == ZEROS and removed > 1
