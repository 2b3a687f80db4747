"""Claims on augmentation: does it enlarge the data?"""

import operator

import pandas as pd

from initlab.analysis.claims.layer_choices import MORE, QUERY
from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import ADDED, ENLARGING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.contrasts import seeds_of
from initlab.analysis.findings import Claim

NONE = "none"
GAP = (
    "mean of train_accuracy over the steps measured in the last quarter, less test_accuracy at the "
    "last step, each with the learning rate of its highest mean validation accuracy"
)


def claims_on_augmentation(
    own: pd.DataFrame, train: "pd.Series[float]", test: "pd.Series[float]"
) -> list[Claim]:
    """Returns the claims that each augmentation narrows the gap, and raises test accuracy.

    Args:
        own: one trial for each augmentation and data set, with a `label`.
        train: training accuracy by run id.
        test: test accuracy by run id.
    """
    narrower: list[Claim] = []
    higher: list[Claim] = []
    gap = train - test
    for setting, of_it in own.groupby("setting", sort=False):
        for choice in [one for one in of_it["choice"].unique() if one != NONE]:
            label = str(of_it.loc[of_it["choice"] == choice, "label"].iloc[0])
            narrower += positive_claim(
                ("gap", label),
                f"With {label} training accuracy is less above test accuracy than without.",
                seeds_of(own, gap, NONE, setting=setting)
                - seeds_of(own, gap, choice, setting=setting),
                source=ENLARGING,
                unit="accuracy less between training and test",
                figure="augmentation",
                query=f"{GAP}; without augmentation less with it, seed by seed. Training accuracy "
                "is that on the changed images",
                subject=(label,),
            )
            higher += positive_claim(
                ("gain", label),
                f"With {label} test accuracy ends higher than without.",
                seeds_of(own, test, choice, setting=setting)
                - seeds_of(own, test, NONE, setting=setting),
                source=ENLARGING,
                unit=MORE,
                figure="augmentation",
                query=f"{QUERY}; with augmentation less without, seed by seed",
                subject=(label,),
            )
    return [
        *over_trials(("gap",), "Augmentation narrows the gap between training and test", narrower,
            worst=operator.neg),
        *over_trials(("gain",), "Augmentation raises test accuracy, as more data would", higher,
            worst=operator.neg),
    ]  # fmt: skip


def claims_on_more_images(own: pd.DataFrame, test: "pd.Series[float]") -> list[Claim]:
    """Returns the claim that more images raise test accuracy: the measure of an augmentation.

    Args:
        own: one trial for each `validation_fraction`, without augmentation, with a `label`.
        test: test accuracy by run id.
    """
    least = own["validation_fraction"].max()
    found: list[Claim] = []
    for fraction in sorted(own["validation_fraction"].unique()):
        of_it = own[own["validation_fraction"] == fraction]
        if fraction == least:
            continue
        label = str(of_it["label"].iloc[0])
        found += positive_claim(
            ("images", label),
            f"With {label} test accuracy ends higher than with the fewest.",
            seeds_of(own, test, fraction) - seeds_of(own, test, least),
            source=f"{ADDED}: what more data do, beside what augmentation does",
            unit=MORE,
            figure="augmentation",
            query=f"{QUERY}; without augmentation, validation_fraction {fraction:g} less {least:g},"
            " seed by seed",
            subject=(label,),
        )
    return over_trials(("images",), "More images raise test accuracy", found, worst=operator.neg)
