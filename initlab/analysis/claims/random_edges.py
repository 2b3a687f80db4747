"""Claims on edges: whether a random filter finds them, and whether training makes it look."""

import operator
from functools import partial
from typing import NamedTuple

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.sources import BLIND, CENTRED_EDGES, EDGE_DETECTOR, LEARNED_EDGES
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.filter_arms import (
    CENTRED,
    MATCHED,
    RANDOM,
    SHUFFLED,
    SOBEL,
    TRAINED,
    of_bank,
)
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seed_interval, share_interval
from initlab.analysis.verdicts import above, within

CHANCE, NEAR = 0.5, 0.05
HALF = 0.5
AREA = "edge_detection"
QUERY = (
    "arrays first_kernel_initial and first_kernel_final: edge_detection, mean over filters, on the "
    "middles of the photographs against the edges of Canny"
)
FIGURE = "edges"


class Alike(NamedTuple):
    """A bank that is held against Sobel's: the id, what it is called, whose claim it is."""

    name: str
    bank: str
    said: str
    source: str


def claims_on_edges(numbers: pd.DataFrame) -> list[Claim]:
    """Returns the claims on edges, a trial a window.

    Args:
        numbers: of `filter_arms.filter_numbers`.
    """
    windows = sorted(map(int, numbers["window"].unique()))
    acting = Alike("acts", RANDOM, "A randomly initialized filter", EDGE_DETECTOR)
    centred = Alike("zero-mean", CENTRED, "A random filter whose mean is removed", CENTRED_EDGES)
    differences = (
        ("learned", RANDOM, "Training makes filters tell edges better than random ones"),
        ("moments", MATCHED, "Trained filters tell edges better than filters of their moments"),
        ("places", SHUFFLED, "Trained filters tell edges better than with their pixels shuffled"),
    )
    return [
        *_over_windows(acting.name, f"{acting.said} acts very much like an edge detector",
            [_alike(numbers, window, acting) for window in windows]),
        *_over_windows("blind", "Random filters do not know to look for edges",
            [_blind(numbers, window) for window in windows]),
        *_over_windows(centred.name, f"{centred.said} acts like an edge detector",
            [_alike(numbers, window, centred) for window in windows]),
        *(
            claim
            for name, bank, statement in differences
            for claim in _over_windows(name, statement,
                [_better(numbers, window, name, bank, statement) for window in windows])
        ),
    ]  # fmt: skip


def _over_windows(name: str, statement: str, trials: list[list[Claim]]) -> list[Claim]:
    """Returns the claim over all windows, each trial a list of one claim or none."""
    found = [claim for trial in trials for claim in trial]
    return over_trials((name,), statement, found, worst=operator.neg)


def _alike(numbers: pd.DataFrame, window: int, how: Alike) -> list[Claim]:
    """The claim that a bank tells edges at least half as far above chance as Sobel does."""
    own, sobel = (of_bank(numbers, window, bank, AREA) for bank in (how.bank, SOBEL))
    share = ((own - CHANCE) / (sobel - CHANCE)).dropna()
    if share.empty:
        return []
    measured = seed_interval(share)
    return [
        make_claim(
            (how.name, str(window)),
            f"{how.said} of {window} by {window} acts very much like an edge detector: it tells "
            "edges at least half as far above chance as Sobel's does.",
            source=how.source,
            predicted=f"above {HALF}",
            unit="share of Sobel's distance from chance",
            measured=measured,
            verdict=partial(above, bound=HALF),
            figure=FIGURE,
            query=f"{QUERY}: (value - 0.5) over (that of Sobel - 0.5), seed by seed",
            subject=(f"{window} by {window}",),
        )
    ]


def _blind(numbers: pd.DataFrame, window: int) -> list[Claim]:
    """The claim that random filters tell edges no better than chance."""
    own = of_bank(numbers, window, RANDOM, AREA).dropna()
    if own.empty:
        return []
    measured = share_interval(own)
    low, high = CHANCE - NEAR, CHANCE + NEAR
    return [
        make_claim(
            ("blind", str(window)),
            f"Random filters of {window} by {window} do not know to look for edges: their answers "
            "tell them from other places no better than chance.",
            source=BLIND,
            predicted=f"{low:g} to {high:g}",
            unit="chance that an edge has the greater answer",
            measured=measured,
            verdict=partial(within, low=low, high=high),
            figure=FIGURE,
            query=QUERY,
            subject=(f"{window} by {window}",),
        )
    ]


def _better(
    numbers: pd.DataFrame, window: int, name: str, bank: str, statement: str
) -> list[Claim]:
    """The claim that trained filters tell edges better than another bank."""
    trained, other = (of_bank(numbers, window, one, AREA) for one in (TRAINED, bank))
    return positive_claim(
        (name, str(window)),
        f"{statement}, {window} by {window}.",
        trained - other,
        source=LEARNED_EDGES,
        unit="chance that an edge has the greater answer, more",
        figure=FIGURE,
        query=f"{QUERY}: trained less {bank}, seed by seed",
        subject=(f"{window} by {window}",),
    )
