"""Claims on what first-layer filters select: orientations, frequencies, colours, Gabor's waves."""

from typing import NamedTuple

import pandas as pd

from initlab.analysis.claims.filter_banks import Asked, claims_on_half, claims_on_more
from initlab.analysis.claims.random_edges import KERNELS
from initlab.analysis.claims.sources import EDGES_AND_BLOBS, SELECTING, SMOOTH
from initlab.analysis.filter_arms import MATCHED, RANDOM, SHUFFLED, SOBEL, TRAINED
from initlab.analysis.findings import Claim

FIGURE = "measures"
ORIENTATION, FREQUENCY = "orientation_selectivity", "frequency_selectivity"
RANDOM_ONES = ("random", RANDOM, "random ones")
CONTROLS = (
    RANDOM_ONES,
    ("moments", MATCHED, "filters of their moments"),
    ("places", SHUFFLED, "the same with their pixels shuffled"),
)


class Tuned(NamedTuple):
    """What trained filters are said to have more of than others, or less.

    Attributes:
        name: how the ids of its claims begin.
        statistic: of `filter_arms.filter_numbers`.
        does: what trained filters do, up to the name of those that they are compared with.
        source: whose statement it is.
        unit: of the difference.
        beside: the banks that they are compared with: name, bank, words.
        falls: whether they have less of the statistic.
    """

    name: str
    statistic: str
    does: str
    source: str
    unit: str
    beside: tuple[tuple[str, str, str], ...] = (RANDOM_ONES,)
    falls: bool = False


LEARNED = (
    Tuned(
        "oriented", ORIENTATION, "select an orientation more than", EDGES_AND_BLOBS,
        "orientation selectivity more", CONTROLS,
    ),
    Tuned(
        "banded", FREQUENCY, "select a frequency more than", EDGES_AND_BLOBS,
        "frequency selectivity more", CONTROLS,
    ),
    Tuned(
        "smooth", "mean_frequency", "are smoother than", SMOOTH,
        "mean frequency lower, cycles a pixel", CONTROLS, falls=True,
    ),
    Tuned(
        "waves", "gabor_similarity", "are nearer to Gabor filters than", EDGES_AND_BLOBS,
        "gabor similarity more",
    ),
    Tuned(
        "blobs", "colour_spread", "differ more in how much they see of colour than",
        EDGES_AND_BLOBS, "colour spread more",
    ),
)  # fmt: skip


def claims_on_selectivity(numbers: pd.DataFrame) -> list[Claim]:
    """Returns the claims that random filters select as Sobel's edge detector does.

    Args:
        numbers: of `filter_arms.filter_numbers`.
    """
    found: list[Claim] = []
    for name, statistic in (("orientation", ORIENTATION), ("frequency", FREQUENCY)):
        asked = Asked(
            ("selects", name), "A randomly initialized filter", f"selects one {name}", statistic,
            SELECTING, f"{name} selectivity", FIGURE, f"{KERNELS}: {statistic}",
        )  # fmt: skip
        found += claims_on_half(numbers, asked, RANDOM, SOBEL)
    return found


def claims_on_first_filters(numbers: pd.DataFrame) -> list[Claim]:
    """Returns the claims that training makes first filters oriented, smooth, like waves, coloured.

    Args:
        numbers: of `filter_arms.filter_numbers`.
    """
    return [
        claim
        for tuned in LEARNED
        for beside in tuned.beside
        for claim in _of(numbers, tuned, *beside)
    ]


def _of(numbers: pd.DataFrame, tuned: Tuned, name: str, bank: str, words: str) -> list[Claim]:
    """Returns the claim that trained filters have more of it than one other bank, or less."""
    asked = Asked(
        (tuned.name, name), "Trained filters", f"{tuned.does} {words}", tuned.statistic,
        tuned.source, tuned.unit, FIGURE, f"{KERNELS}: {tuned.statistic}",
    )  # fmt: skip
    more, less = (bank, TRAINED) if tuned.falls else (TRAINED, bank)
    return claims_on_more(numbers, asked, more, less)
