"""Claims on edges: whether a random filter finds them, and whether training makes it look."""

from functools import partial

import pandas as pd

from initlab.analysis.claims.filter_banks import (
    Asked,
    claims_on_half,
    claims_on_more,
    over_windows,
)
from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import BLIND, CENTRED_EDGES, EDGE_DETECTOR, LEARNED_EDGES
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
from initlab.analysis.over_seeds import share_interval
from initlab.analysis.verdicts import within

CHANCE, NEAR = 0.5, 0.05
AREA, GRADIENT = "edge_detection", "edge_correlation"
KERNELS = "arrays first_kernel_initial and first_kernel_final"
MEAN = "mean over filters, on the middles of the photographs"
QUERY = f"{KERNELS}: {AREA}, {MEAN} against the edges of Canny"
FOLLOWING = f"{KERNELS}: {GRADIENT}, {MEAN} against the gradient of Sobel"
UNIT = "chance that an edge has the greater answer"
CORRELATION = "correlation of the answers' magnitude with that of the gradient"
FIGURE = "edges"
CONTROLS = {
    "learned": (RANDOM, "random ones"),
    "moments": (MATCHED, "filters of their moments"),
    "places": (SHUFFLED, "the same with their pixels shuffled"),
}


def claims_on_edges(numbers: pd.DataFrame) -> list[Claim]:
    """Returns the claims on edges as Canny finds them, a trial a window.

    Args:
        numbers: of `filter_arms.filter_numbers`.
    """

    def alike(name: str, subject: str, does: str, source: str) -> Asked:
        unit = "distance from chance"
        return Asked((name,), subject, does, AREA, source, unit, FIGURE, QUERY)

    acts = alike(
        "acts",
        "A randomly initialized filter",
        "acts very much like an edge detector",
        EDGE_DETECTOR,
    )
    centred = alike("zero-mean", "A zero-mean random filter", "tells edges", CENTRED_EDGES)
    return [
        *claims_on_half(numbers, acts, RANDOM, SOBEL, chance=CHANCE),
        *over_windows(
            numbers, ("blind",), "Random filters do not know to look for edges",
            partial(_blind, numbers),
        ),
        *claims_on_half(numbers, centred, CENTRED, SOBEL, chance=CHANCE),
        *_trained(numbers, "edges", "tell edges better than", AREA, f"{UNIT}, more", QUERY),
    ]  # fmt: skip


def claims_on_gradient(numbers: pd.DataFrame) -> list[Claim]:
    """Returns the claims on the gradient as Sobel has it: whether answers grow and fall with it.

    Args:
        numbers: of `filter_arms.filter_numbers`.
    """

    def following(name: str, subject: str, source: str) -> Asked:
        return Asked(
            ("gradient", name), subject, "answers as strongly as the image has a gradient",
            GRADIENT, source, CORRELATION, FIGURE, FOLLOWING,
        )  # fmt: skip

    acts = following("acts", "A randomly initialized filter", EDGE_DETECTOR)
    centred = following("zero-mean", "A zero-mean random filter", CENTRED_EDGES)
    return [
        *claims_on_half(numbers, acts, RANDOM, SOBEL),
        *claims_on_half(numbers, centred, CENTRED, SOBEL),
        *_trained(
            numbers, "gradient", "answer more as the gradient is than", GRADIENT,
            f"{CORRELATION}, more", FOLLOWING,
        ),
    ]  # fmt: skip


def _trained(
    numbers: pd.DataFrame, name: str, does: str, statistic: str, unit: str, query: str
) -> list[Claim]:
    """Returns the claims that trained filters do better than random ones and their controls."""
    return [
        claim
        for control, (bank, words) in CONTROLS.items()
        for claim in claims_on_more(
            numbers,
            Asked(
                (name, control), "Trained filters", f"{does} {words}", statistic, LEARNED_EDGES,
                unit, FIGURE, query,
            ),
            TRAINED,
            bank,
        )
    ]  # fmt: skip


def _blind(numbers: pd.DataFrame, window: int) -> list[Claim]:
    """The claim that random filters tell edges no better than chance."""
    own = of_bank(numbers, window, RANDOM, AREA).dropna()
    if own.empty:
        return []
    low, high = CHANCE - NEAR, CHANCE + NEAR
    return [
        make_claim(
            ("blind", str(window)),
            f"Random filters of {window} by {window} do not know to look for edges: their answers "
            "tell them from other places no better than chance.",
            source=BLIND,
            predicted=f"{low:g} to {high:g}",
            unit=UNIT,
            measured=share_interval(own),
            verdict=partial(within, low=low, high=high),
            figure=FIGURE,
            query=QUERY,
            subject=(f"{window} by {window}",),
        )
    ]
