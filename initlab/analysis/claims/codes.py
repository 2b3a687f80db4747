"""Claims on codes: features of a layer with a linear classifier on them, rectified or not."""

import operator
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from initlab.analysis.claims.making import positive_claim
from initlab.analysis.claims.sources import CODES
from initlab.analysis.claims.transfer_starts import MORE, Case
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.linear_probes import KINDS, PLACES
from initlab.analysis.selection import select
from initlab.analysis.transfer_arms import OTHER, SCRATCH

NAMES = {"svm": "support vector machine", "softmax": "softmax regression"}
QUERY = "arrays linear_accuracy of the last hidden layer, all places"


class Codes(NamedTuple):
    """A form of codes: rectified or raw, of a pretrained net or of a random one.

    Attributes:
        source: `OTHER`, pretrained, or `SCRATCH`, random.
        form: of `linear_probes.FORMS`.
    """

    source: str
    form: str


class Contrast(NamedTuple):
    """What is held against what.

    Attributes:
        name: how the claim's id begins.
        statement: of all cases, without its full stop.
        better: which codes are said to be better.
        worse: than which.
        words: these two, in a sentence about a classifier that does better on the one.
        query: the same in the words of tables.
    """

    name: str
    statement: str
    better: Codes
    worse: Codes
    words: str
    query: str


CONTRASTS = (
    Contrast(
        "rectified",
        "The codes of the top layer have to be rectified",
        Codes(OTHER, "rectified"),
        Codes(OTHER, "raw"),
        "the rectified codes of a pretrained net's top layer than on the codes as they are",
        "rectified less as they are",
    ),
    Contrast(
        "codes",
        "Codes of a pretrained net are better than those of a random one",
        Codes(OTHER, "rectified"),
        Codes(SCRATCH, "rectified"),
        "the codes of a pretrained net's top layer than on those of a random net's",
        "rectified, pretrained less he_normal",
    ),
)


def claims_on_codes(answers: pd.DataFrame, cases: list[Case]) -> list[Claim]:
    """Returns the claims that codes have to be rectified, and that pretrained ones beat random.

    Args:
        answers: of `linear_probes.linear_answers`, of `transfer_arms.with_arms`.
        cases: of `cases_of`; those that no classifier was put on are passed over.
    """
    top = answers[(answers["layer"] == answers["layer"].max()) & (answers["places"] == PLACES[0])]
    found: list[Claim] = []
    for contrast in CONTRASTS:
        trials = [claim for case in cases for claim in _of_case(top, contrast, case)]
        found += over_trials((contrast.name,), contrast.statement, trials, worst=operator.neg)
    return found


def _of_case(top: pd.DataFrame, contrast: Contrast, case: Case) -> Iterator[Claim]:
    """Yields the claim of each kind of classifier on the images of a case."""
    here = select(top, dataset=case.dataset, images=case.images)
    for kind in KINDS:
        yield from positive_claim(
            (contrast.name, case.slug, kind),
            f"On {case.words} a {NAMES[kind]} does better on {contrast.words}.",
            of_codes(here, kind, contrast.better) - of_codes(here, kind, contrast.worse),
            source=CODES,
            unit=MORE,
            figure=f"codes-{case.slug}",
            query=f"{QUERY}, {kind}: {contrast.query}, seed by seed",
            subject=(f"{case.words}, {NAMES[kind]}",),
        )


def of_codes(answers: pd.DataFrame, kind: str, codes: Codes) -> "pd.Series[float]":
    """Returns the test accuracy of a classifier on one form of codes, by seed."""
    rows = select(answers, kind=kind, source=codes.source, form=codes.form)
    found: pd.Series[float] = rows.set_index("seed")["value"]
    return found
