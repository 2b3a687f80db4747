"""Claims on small trials: do a few steps, or a shallow network, rank initializers rightly?"""

import operator
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.scales import name, words
from initlab.analysis.claims.sources import COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import correlation_interval, share_interval
from initlab.analysis.small_trials import EARLY, KINDS, rank_correlations, regrets
from initlab.analysis.verdicts import above, below
from initlab.analysis.weight_scales import SETTING

TRY = f"{COMMON}: what an initialization costs is hard to foresee, so try some on a small scale"
ALIKE, REGRET = 0.5, 0.02


def claims_on_small_trials(table: pd.DataFrame, *, steps: int, least: int) -> list[Claim]:
    """Returns the claims on both kinds of small trial.

    Args:
        table: of `analysis.small_trials.small_trials`.
        steps: of the shorter one.
        least: depth of the shallower one.
    """
    claims: list[Claim] = []
    for kind in KINDS:
        short = kind == EARLY
        what = f"{steps} steps" if short else f"networks of {least} layers"
        of_it = table[table["kind"] == kind]
        ranks = [
            trial
            for key, rows in rank_correlations(of_it).groupby(SETTING, sort=False)
            for trial in ranks_alike(what, short, key, rows)
        ]
        picks = [
            trial
            for key, rows in regrets(of_it).groupby(SETTING, sort=False)
            for trial in picks_well(what, short, key, rows)
        ]
        claims += over_trials(
            ("ranks-early" if short else "ranks-shallow",),
            f"A small trial of {what} ranks initializers like the full run",
            ranks,
            worst=operator.neg,
        )
        claims += over_trials(
            ("picks-early" if short else "picks-shallow",),
            f"The initializer that a small trial of {what} ranks first is as good as the best",
            picks,
            worst=float,
        )
    return claims


def ranks_alike(what: str, short: bool, key: tuple[object, ...], rows: pd.DataFrame) -> list[Claim]:
    """Rank correlation over initializers of a small trial and the full run."""
    setting = (str(key[0]), int(str(key[1])), str(key[2]))
    measured = correlation_interval(rows["rho"])
    return [
        make_claim(
            ("ranks-early" if short else "ranks-shallow", *name(setting)),
            f"With {words(setting)} a small trial of {what} ranks initializers like the full run.",
            source=TRY,
            predicted=f"above {ALIKE:g}",
            unit="Spearman's rank correlation",
            measured=measured,
            verdict=partial(above, bound=ALIKE),
            figure="small-trials",
            query=f"rank correlation over initializers of validation_accuracy in {what} and at the "
            "last step, in each with the learning rate that is best there, seed by seed",
            subject=(words(setting),),
        )
    ]


def picks_well(what: str, short: bool, key: tuple[object, ...], rows: pd.DataFrame) -> list[Claim]:
    """What following the small trial costs."""
    setting = (str(key[0]), int(str(key[1])), str(key[2]))
    measured = share_interval(rows["regret"])
    return [
        make_claim(
            ("picks-early" if short else "picks-shallow", *name(setting)),
            f"With {words(setting)} the initializer that {what} rank first loses less than "
            f"{REGRET:g} of accuracy.",
            source=TRY,
            predicted=f"below {REGRET:g}",
            unit="validation accuracy lost",
            measured=measured,
            verdict=partial(below, bound=REGRET),
            figure="small-trials",
            query="validation_accuracy at the last step of the best initializer, less that of the "
            f"one with the highest in {what} (of several, their mean), seed by seed",
            subject=(words(setting),),
        )
    ]
