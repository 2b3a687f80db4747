"""Claims on filters made by hand as starting points, free to learn or fixed."""

import operator

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.random_features import QUERY
from initlab.analysis.claims.sources import HAND_MADE, MEAN_REMOVED
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.frozen_arms import FIXED, FREE, arm
from initlab.analysis.names import short_name
from initlab.analysis.over_seeds import by_seed

USUAL = "he_normal"
BINARY = "form=binary"
STATEMENTS = {
    ("helps", FREE): "Filters made by hand help as a starting point",
    ("fixed", FIXED): "Fixed filters made by hand serve a linear classifier better than random",
}


def by_hand(own: pd.DataFrame) -> pd.DataFrame:
    """Returns the arms whose first layer has a law of its own, and those they are held against."""
    apart = own["law"] != own["initializer"]
    widths, models = own.loc[apart, "width"].unique(), own.loc[apart, "model"].unique()
    beside = own["law"].eq(USUAL) & own["width"].isin(widths) & own["model"].isin(models)
    return own[apart | beside].reset_index(drop=True)


def claims_on_hand_made(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claims that filters made by hand do better than He's random ones.

    Args:
        own: of `by_hand`.
        test: test accuracy by run id.
    """
    laws = [str(law) for law in dict.fromkeys(own["law"]) if law != USUAL]
    found: list[Claim] = []
    for (name, filters), statement in STATEMENTS.items():
        trials: list[Claim] = []
        for law in laws:
            made, drawn = (_of(own, test, one, filters) for one in (law, USUAL))
            trials += positive_claim(
                (name, law),
                f"{statement}: {short_name(law)}, {filters}, ends higher than He normal.",
                made - drawn,
                source=HAND_MADE,
                unit="test accuracy more",
                figure="hand-made",
                query=f"{QUERY}, first_initializer {law} less {USUAL}, filters {filters}, seed by "
                "seed",
                subject=(short_name(law),),
            )
        found += over_trials((name,), statement, trials, worst=operator.neg)
    return found + _means_removed(own, test, laws)


def _means_removed(own: pd.DataFrame, test: "pd.Series[float]", laws: list[str]) -> list[Claim]:
    """The claims that a shape less its mean is a better start than ones on zeros."""
    trials: list[Claim] = []
    for binary in (law for law in laws if BINARY in law):
        centred = binary.replace(f", {BINARY}", "").replace(f"{BINARY}, ", "")
        for filters in (FREE, FIXED) if centred in laws else ():
            trials += positive_claim(
                ("centred-shape", centred, filters),
                f"{short_name(centred)}, {filters}, ends higher with its mean removed than as "
                "ones on zeros.",
                _of(own, test, centred, filters) - _of(own, test, binary, filters),
                source=MEAN_REMOVED,
                unit="test accuracy more",
                figure="hand-made",
                query=f"{QUERY}, first_initializer {centred} less {binary}, filters {filters}, "
                "seed by seed",
                subject=(f"{short_name(centred)}, {filters}",),
            )
    return over_trials(
        ("centred-shape",), "Shapes less their mean serve better than ones on zeros", trials,
        worst=operator.neg,
    )  # fmt: skip


def _of(own: pd.DataFrame, test: "pd.Series[float]", law: str, filters: str) -> "pd.Series[float]":
    """Returns one value a seed of one arm."""
    model, width = str(own["model"].iloc[0]), int(own["width"].iloc[0])
    return by_seed(arm(own, model, width, law, filters), test)
