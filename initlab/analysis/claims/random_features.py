"""Claims on filters that stay as they were drawn, under a classifier that learns."""

import operator
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import RANDOM_FEATURES
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.frozen_arms import FIXED, FREE, MODELS, arm, settings
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.verdicts import above

STRONG = 0.9
QUERY = (
    "test_accuracy at the last step, each with the learning rate of its highest mean validation "
    "accuracy (a diverged run: a guess)"
)


def shares(own: pd.DataFrame, test: "pd.Series[float]", *at: object) -> "pd.Series[float]":
    """Returns the accuracy of fixed filters over that of trained ones, seed by seed."""
    model, width, law = str(at[0]), int(str(at[1])), str(at[2])
    fixed, free = (by_seed(arm(own, model, width, law, one), test) for one in (FIXED, FREE))
    return (fixed / free).dropna()


def claims_on_random_features(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that random features are a strong baseline, and the more so the more.

    Args:
        own: of `frozen_arms.chosen_arms`, of random laws alone.
        test: test accuracy by run id.
    """
    found: list[Claim] = []
    for model, what in MODELS.items():
        mine = own[own["model"] == model]
        strong = [
            claim for _, _, width, law in settings(mine)
            for claim in _strong(mine, test, model, width, law)
        ]  # fmt: skip
        more = [
            claim for law in dict.fromkeys(mine["law"])
            for claim in _more(mine, test, model, str(law))
        ]  # fmt: skip
        found += [
            *over_trials(("strong", model), f"Random filters with a linear classifier, {what}, "
                "come to nine tenths of the accuracy of trained ones", strong,
                worst=operator.neg),
            *over_trials(("more", model), f"Of {what} more random filters come nearer to trained "
                "ones", more, worst=operator.neg),
        ]  # fmt: skip
    return found


def _strong(
    own: pd.DataFrame, test: "pd.Series[float]", model: str, width: int, law: str
) -> list[Claim]:
    """The claim that one width and law of random filters is a strong baseline."""
    share = shares(own, test, model, width, law)
    if share.empty:
        return []
    measured = seed_interval(share)
    name = f"{width} filters, {short_name(law)}"
    return [
        make_claim(
            ("strong", model, str(width), law),
            f"With {name}, {MODELS[model]}, random filters with a linear classifier come to nine "
            "tenths of the test accuracy of trained ones.",
            source=RANDOM_FEATURES,
            predicted=f"above {STRONG}",
            unit="test accuracy over that of trained filters",
            measured=measured,
            verdict=partial(above, bound=STRONG),
            figure=f"features-{model}",
            query=f"{QUERY}, all convolutions frozen over all trained, seed by seed",
            subject=(name,),
        )
    ]


def _more(own: pd.DataFrame, test: "pd.Series[float]", model: str, law: str) -> list[Claim]:
    """The claim that many random filters come nearer to trained ones than few."""
    widths = sorted(map(int, own.loc[own["law"] == law, "width"].unique()))
    if len(widths) < 2:
        return []
    few, many = widths[0], widths[-1]
    name = short_name(law)
    return positive_claim(
        ("more", model, law),
        f"Of {name} {many} random filters come nearer to as many trained ones than {few}, "
        f"{MODELS[model]}.",
        shares(own, test, model, many, law) - shares(own, test, model, few, law),
        source=RANDOM_FEATURES,
        unit="test accuracy over that of trained filters, more",
        figure=f"features-{model}",
        query=f"{QUERY}, frozen over trained at width {many} less the same at {few}, seed by seed",
        subject=(name,),
    )
