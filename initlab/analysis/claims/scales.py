"""Claims on the scale of weights: which is best, and what tuning it gains."""

import math
import operator
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.best_trials import best_trials
from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import ADDED, COMMON, WEIGHTS
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.names import short_name
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.verdicts import below, within
from initlab.analysis.weight_scales import SETTING, best_deviations

BY_HAND = f"{COMMON}: people play with the variances by hand, cross-validating"
FACTOR, GAIN = 2.0, 0.02
RATE = "each with the learning rate of the highest validation accuracy"


def claims_on_scales(
    runs: pd.DataFrame,
    score: "pd.Series[float]",
    test: "pd.Series[float]",
    critical: dict[str, float],
) -> list[Claim]:
    """Returns the claims on scales.

    Args:
        runs: of `with_deviations`, one trial a setting and law.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
        test: test accuracy at the end, by run id.
        critical: of `critical_deviations`.
    """
    best: list[Claim] = []
    tuned: list[Claim] = []
    wrong: list[Claim] = []
    for setting, of_it in settings(runs):
        place = critical.get(setting[0], math.nan)
        if not math.isfinite(place):
            continue
        best += lies_at_the_critical_scale(setting, of_it, score, place)
        tuned += gains_by_hand(setting, of_it, score, test, place)
        wrong += costs_of_the_wrong_law(setting, of_it, test, place)
    return [
        *over_trials(
            ("best",), "The best deviation lies within a factor of two of the critical one", best,
            worst=lambda ratio: abs(math.log(ratio)),
        ),
        *over_trials(
            ("tuned",), "Tuning the deviation by hand gains next to nothing over the law that "
            "theory names", tuned, worst=float,
        ),
        *over_trials(
            ("wrong",), "The named law farthest from the critical deviation ends with a lower "
            "accuracy than the nearest", wrong, worst=operator.neg,
        ),
    ]  # fmt: skip


def settings(runs: pd.DataFrame) -> Iterator[tuple[tuple[str, int, str], pd.DataFrame]]:
    """Gives the runs of each activation, depth and optimizer."""
    for key, of_it in runs.groupby(SETTING, sort=False):
        activation, depth, optimizer = key
        yield (str(activation), int(str(depth)), str(optimizer)), of_it


def words(setting: tuple[str, int, str]) -> str:
    """Returns a setting as a sentence names it."""
    return f"{setting[0]} at depth {setting[1]} with {setting[2]}"


def name(setting: tuple[str, int, str]) -> Sequence[str]:
    """Returns a setting as an id has it."""
    return setting[0], f"depth-{setting[1]}", setting[2]


def named_laws(runs: pd.DataFrame, critical: float) -> list[str]:
    """Returns the laws that follow from a rule, nearest to the critical deviation first."""
    laws = runs.loc[~runs["by_hand"], ["initializer", "stddev"]].drop_duplicates()
    off = np.abs(np.log(laws["stddev"] / critical)).round(9)
    return laws.assign(off=off).sort_values("off", kind="stable")["initializer"].tolist()


def lies_at_the_critical_scale(
    setting: tuple[str, int, str], runs: pd.DataFrame, score: "pd.Series[float]", critical: float
) -> list[Claim]:
    """The best of the deviations given by hand, over the critical one."""
    found = best_deviations(runs, score)
    if found.empty:
        return []
    measured = seed_interval(found["stddev"] / critical, log=True)
    return [
        make_claim(
            ("best", *name(setting)),
            f"With {words(setting)} the best deviation is the critical one, {number(critical)}, "
            "within a factor of two.",
            source=f"{BY_HAND}. {ADDED}: theory says where they end",
            predicted=f"1, between {1 / FACTOR:g} and {FACTOR:g}",
            unit="times the critical deviation",
            measured=measured,
            verdict=partial(within, low=1 / FACTOR, high=FACTOR),
            figure="scales",
            query="stddev of the highest validation_accuracy at the last step among those given as "
            f"numbers (geometric mean over ties), {RATE}, over the critical one; geometric mean "
            "over seeds",
            subject=(words(setting),),
        )
    ]


def gains_by_hand(
    setting: tuple[str, int, str],
    runs: pd.DataFrame,
    score: "pd.Series[float]",
    test: "pd.Series[float]",
    critical: float,
) -> list[Claim]:
    """What the deviation that cross-validation chooses gains over the law nearest to theory's."""
    laws = named_laws(runs, critical)
    chosen = best_trials(runs[runs["by_hand"]], score, SETTING)
    if not laws or chosen.empty:
        return []
    law = runs[runs["initializer"] == laws[0]]
    gain = (by_seed(chosen, test) - by_seed(law, test)).dropna()
    if gain.empty:
        return []
    measured = seed_interval(gain)
    return [
        make_claim(
            ("tuned", *name(setting)),
            f"With {words(setting)} the deviation that validation chooses gains less than "
            f"{GAIN:g} of test accuracy over {short_name(laws[0])}.",
            source=BY_HAND,
            predicted=f"below {GAIN:g}",
            unit="test accuracy gained",
            measured=measured,
            verdict=partial(below, bound=GAIN),
            figure="laws",
            query="test_accuracy at the last step of the deviation with the highest mean "
            f"validation_accuracy, less that of {short_name(laws[0])}, {RATE}, seed by seed",
            subject=(words(setting),),
        )
    ]


def costs_of_the_wrong_law(
    setting: tuple[str, int, str], runs: pd.DataFrame, test: "pd.Series[float]", critical: float
) -> list[Claim]:
    """What the named law costs that is farthest from the critical deviation."""
    laws = named_laws(runs, critical)
    if len(laws) < 2:
        return []
    near, far = (runs[runs["initializer"] == label] for label in (laws[0], laws[-1]))
    return positive_claim(
        ("wrong", *name(setting)),
        f"With {words(setting)} {short_name(laws[-1])} ends with a lower test accuracy than "
        f"{short_name(laws[0])}.",
        by_seed(near, test) - by_seed(far, test),
        source=WEIGHTS,
        unit="test accuracy lost",
        figure="laws",
        query=f"test_accuracy at the last step of {short_name(laws[0])} less that of "
        f"{short_name(laws[-1])}, {RATE}, seed by seed",
        subject=(words(setting),),
    )
