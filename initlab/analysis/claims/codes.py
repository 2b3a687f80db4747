"""Claims on codes: features of a layer with a linear classifier on them, rectified or not."""

import operator

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import CODES
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.linear_probes import KINDS, PLACES
from initlab.analysis.transfer_arms import OTHER, SCRATCH

NAMES = {"svm": "support vector machine", "softmax": "softmax regression"}
QUERY = "arrays linear_accuracy of the last hidden layer, all places"


def claims_on_codes(answers: pd.DataFrame, similar: str) -> list[Claim]:
    """Returns the claims that codes have to be rectified, and that pretrained ones beat random.

    Args:
        answers: of `linear_probes.linear_answers`, of `transfer_arms.with_arms`.
        similar: the data set of the source's kind.
    """
    if answers.empty:
        return []
    top = answers[(answers["layer"] == answers["layer"].max()) & (answers["places"] == PLACES[0])]
    rectified: list[Claim] = []
    better: list[Claim] = []
    for (dataset, images), of_it in top.groupby(["dataset", "images"], sort=False):
        alike = "similar" if dataset == similar else "different"
        for kind in KINDS:
            here = of_it[of_it["kind"] == kind]
            words = f"{images:,} {alike} images, {NAMES[kind]}"
            codes = {
                key: rows.set_index("seed")["value"]
                for key, rows in here.groupby(["source", "form"])
            }
            none = pd.Series(dtype="float64")
            own = codes.get((OTHER, "rectified"), none)
            rectified += positive_claim(
                ("rectified", alike, str(images), kind),
                f"On {images:,} {alike} images a {NAMES[kind]} does better on the rectified codes "
                "of a pretrained net's top layer than on the codes as they are.",
                own - codes.get((OTHER, "raw"), none),
                source=CODES,
                unit="test accuracy more",
                figure=f"codes-{alike}",
                query=f"{QUERY}, {kind}: rectified less as they are, seed by seed",
                subject=(words,),
            )
            better += positive_claim(
                ("codes", alike, str(images), kind),
                f"On {images:,} {alike} images a {NAMES[kind]} does better on the codes of a "
                "pretrained net's top layer than on those of a random net's.",
                own - codes.get((SCRATCH, "rectified"), none),
                source=CODES,
                unit="test accuracy more",
                figure=f"codes-{alike}",
                query=f"{QUERY}, rectified, {kind}: pretrained less he_normal, seed by seed",
                subject=(words,),
            )
    return [
        *over_trials(("rectified",), "The codes of the top layer have to be rectified", rectified,
            worst=operator.neg),
        *over_trials(("codes",), "Codes of a pretrained net are better than those of a random one",
            better, worst=operator.neg),
    ]  # fmt: skip
