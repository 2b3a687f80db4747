"""Claims on what trained nets answer to moved images, without some units, and under dropout."""

import operator

import pandas as pd

from initlab.analysis.arrays import Arrays
from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import MOVING, REDUNDANT
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.contrasts import seeds_of
from initlab.analysis.findings import Claim
from initlab.analysis.probes import DROPPED, REMOVED, SHIFTED, lost_at, probe_answers

BEST = "each with the learning rate of its highest mean validation accuracy"
TENTHS = (0.2, 0.5)  # of the units removed


def claims_on_moved_images(own: pd.DataFrame, arrays: Arrays) -> list[Claim]:
    """Returns the claim that nets with max pooling lose less where images are moved.

    Args:
        own: one trial for each kind of pooling, none among them.
        arrays: `results.arrays`.
    """
    answers = probe_answers(own, arrays, SHIFTED)
    found: list[Claim] = []
    for pixels in sorted(answers["change"].unique())[1:]:
        lost = lost_at(answers, pixels)
        found += positive_claim(
            ("moved", f"{pixels:g}"),
            f"Moving images by {pixels:g} pixels costs a net with max pooling less test accuracy "
            "than one without pooling.",
            seeds_of(own, lost, "none") - seeds_of(own, lost, "max"),
            source=MOVING,
            unit="test accuracy lost less",
            figure="moved",
            query=f"arrays {SHIFTED} of the last step, change 0 less change {pixels:g}, {BEST}; "
            "without pooling less max pooling, seed by seed",
            subject=(f"{pixels:g} pixels",),
        )
    return over_trials(
        ("moved",), "Max pooling makes a net depend less on where things are", found,
        worst=operator.neg,
    )  # fmt: skip


def claims_on_dropout(own: pd.DataFrame, arrays: Arrays) -> list[Claim]:
    """Returns the claims that dropout makes nets redundant, and that it is for training only.

    Args:
        own: one trial for each rate of dropout, 0 among them.
        arrays: `results.arrays`.
    """
    removed = probe_answers(own, arrays, REMOVED)
    acting = lost_at(probe_answers(own, arrays, DROPPED), 1.0)
    redundant: list[Claim] = []
    training: list[Claim] = []
    for rate in sorted(rate for rate in own["choice"].unique() if float(rate) > 0):
        for share in TENTHS:
            lost = lost_at(removed, share)
            redundant += positive_claim(
                ("redundant", rate, f"{share:g}"),
                f"Removing {share:.0%} of the hidden units costs a net trained with dropout "
                f"{rate} less test accuracy than one without.",
                seeds_of(own, lost, "0.0") - seeds_of(own, lost, rate),
                source=REDUNDANT,
                unit="test accuracy lost less",
                figure="removed",
                query=f"arrays {REMOVED} of the last step, change 0 less change {share:g}, {BEST}; "
                f"dropout 0 less dropout {rate}, seed by seed",
                subject=(f"dropout {rate}, {share:.0%} removed",),
            )
        training += positive_claim(
            ("training-only", rate),
            f"A net trained with dropout {rate} loses test accuracy if dropout acts in testing.",
            seeds_of(own, acting, rate),
            source=REDUNDANT,
            unit="test accuracy lost",
            figure="dropout",
            query=f"arrays {DROPPED} of the last step, change 0 less change 1, {BEST}",
            subject=(f"dropout {rate}",),
        )
    return [
        *over_trials(("redundant",), "Dropout makes a net redundant: it loses less where units are "
            "removed", redundant, worst=operator.neg),
        *over_trials(("training-only",), "Dropout that acts in testing costs test accuracy",
            training, worst=operator.neg),
    ]  # fmt: skip
