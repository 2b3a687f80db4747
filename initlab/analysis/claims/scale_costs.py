"""Claims on what a wrong scale costs: extra steps near the right one, failure further off."""

import math
import operator
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.scales import RATE, name, settings, words
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import by_seed, share_interval
from initlab.analysis.verdicts import above
from initlab.analysis.weight_scales import TARGET, TRAINED, best_deviations, steps_to_target

EPOCHS = f"{COMMON}: initialization should cost some extra epochs, and not outright failure"
NEAR = 0.5  # powers of ten of the deviation


def claims_on_costs(
    runs: pd.DataFrame,
    records: pd.DataFrame,
    score: "pd.Series[float]",
    critical: dict[str, float],
) -> list[Claim]:
    """Returns the claims on extra steps and on failure.

    Args:
        runs: of `with_deviations`, one trial a setting and law.
        records: the `steps` table.
        score: validation accuracy at the end, by run id; a diverged run is a guess.
        critical: of `critical_deviations`.
    """
    steps = steps_to_target(runs, records)
    near: list[Claim] = []
    slow: list[Claim] = []
    for setting, of_it in settings(runs):
        place = critical.get(setting[0], math.nan)
        if math.isfinite(place):
            near += trains_nearby(setting, of_it, score, place)
            slow += takes_more_steps(setting, of_it, steps, place)
    return [
        *over_trials(
            ("near",), "Within half a decade of the critical deviation every scale trains", near,
            worst=operator.neg,
        ),
        *over_trials(
            ("slow",), "Half a decade off the critical deviation training takes more steps", slow,
            worst=operator.neg,
        ),
        *narrowing(best_deviations(runs, score)),
    ]  # fmt: skip


def trains_nearby(
    setting: tuple[str, int, str], runs: pd.DataFrame, score: "pd.Series[float]", critical: float
) -> list[Claim]:
    """Whether every scale within half a decade of the critical one trains."""
    near = runs[np.abs(np.log10(runs["stddev"] / critical)) <= NEAR]
    scored = near.assign(score=near["run_id"].map(score).astype("float64")).dropna(subset="score")
    if scored.empty:
        return []
    by_law = scored.groupby("initializer")["score"].mean()
    measured = share_interval(by_seed(near[near["initializer"] == by_law.idxmin()], score))
    return [
        make_claim(
            ("near", *name(setting)),
            f"With {words(setting)} every scale within half a decade of the critical deviation "
            "trains.",
            source=EPOCHS,
            predicted=f"above {TRAINED:g}",
            unit="validation accuracy of the worst",
            measured=measured,
            verdict=partial(above, bound=TRAINED),
            figure="scales",
            query=f"validation_accuracy at the last step of {by_law.idxmin()}, the worst of "
            f"{len(by_law)} laws whose deviation lies within a factor of 10^{NEAR:g} of the "
            f"critical one, {RATE} (a diverged run: a guess); mean over seeds",
            subject=(words(setting),),
        )
    ]


def takes_more_steps(
    setting: tuple[str, int, str], runs: pd.DataFrame, steps: "pd.Series[float]", critical: float
) -> list[Claim]:
    """How many more steps it takes half a decade off."""
    hand = runs[runs["by_hand"]]
    off = np.log10(hand["stddev"] / critical)
    at, beside = hand[off.abs() < 0.1], hand[(off.abs() - NEAR).abs() < 0.1]
    if at.empty or beside.empty:
        return []
    reached = hand["run_id"].map(steps).astype("float64")
    found = pd.Series(np.log10(reached.to_numpy(np.float64)), index=hand["run_id"])
    limit = pd.Series(np.log10(hand["steps"].to_numpy(np.float64)), index=hand["run_id"])
    return positive_claim(
        ("slow", *name(setting)),
        f"With {words(setting)} training takes more steps half a decade off the critical "
        "deviation.",
        by_seed(beside, found.fillna(limit)) - by_seed(at, found),
        source=EPOCHS,
        unit="powers of ten of steps more",
        figure="steps",
        query=f"log10 of the first measured step at which train_accuracy is {TARGET:g} (the last "
        "step where it never is), mean over the deviations between 10^0.4 and 10^0.6 off either "
        f"way, less that of those within 10^0.1, {RATE}, seed by seed, of seeds in which the "
        "latter get there",
        subject=(words(setting),),
    )


def narrowing(found: pd.DataFrame) -> list[Claim]:
    """The deeper the network, the fewer scales train."""
    trials: list[Claim] = []
    for (activation, optimizer), of_it in found.groupby(["activation", "optimizer"], sort=False):
        least, most = of_it["depth"].min(), of_it["depth"].max()
        if least == most:
            continue
        decades = of_it.set_index(["depth", "seed"])["decades"]
        trials += positive_claim(
            ("narrows", str(activation), str(optimizer)),
            f"With {activation} and {optimizer} fewer scales train at depth {most} than at depth "
            f"{least}.",
            decades.loc[least] - decades.loc[most],
            source=f"{ADDED}: a factor a layer is raised to the depth",
            unit="decades of the deviation fewer",
            figure="scales",
            query=f"log10 of the greatest over the least deviation whose validation_accuracy at "
            f"the last step is {TRAINED:g} or more, {RATE}, at depth {least} less at depth {most}, "
            "seed by seed",
            subject=(f"{activation} with {optimizer}",),
        )
    return over_trials(
        ("narrows",), "The deeper the network, the narrower the range of scales that train", trials,
        worst=operator.neg,
    )  # fmt: skip
