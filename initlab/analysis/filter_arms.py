"""First-layer filters before and after training, beside their controls and filters made by hand."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from initlab.analysis.arrays import Arrays
from initlab.analysis.filter_controls import moment_matched, pixel_shuffled, without_means
from initlab.analysis.filter_measures import (
    colour_selectivity,
    cosine_to_start,
    edge_correlation,
    edge_detection,
    frequency_selectivity,
    gabor_similarity,
    mean_frequency,
    orientation_selectivity,
    relative_movement,
    responses,
)
from initlab.analysis.seen_images import as_seen
from initlab.data.photo_edges import PhotoEdges, load_photo_edges
from initlab.filters import gabor_bank, sobel

type Kernel = Float[np.ndarray, "height width in out"]
type Bank = Float[np.ndarray, "height width in _"]
type Number = tuple[str, str, float]  # bank, statistic, value

RANDOM, TRAINED = "random", "trained"
CENTRED, MATCHED, SHUFFLED = "random, no mean", "moment-matched", "pixels shuffled"
SOBEL, GABOR = "Sobel", "Gabor"
BANKS = (RANDOM, TRAINED, MATCHED, SHUFFLED, CENTRED, SOBEL, GABOR)
MIDDLE = slice(80, 176)  # rows and columns of each photograph that are looked at
CONTROL = 0x696E6974  # beside the seed: what controls are drawn by
OF_WEIGHTS: dict[str, Callable[[Kernel], np.ndarray]] = {
    "orientation_selectivity": orientation_selectivity,
    "frequency_selectivity": frequency_selectivity,
    "mean_frequency": mean_frequency,
    "gabor_similarity": gabor_similarity,
    "colour_selectivity": colour_selectivity,
}


def banks_of(before: Kernel, after: Kernel, seed: int) -> dict[str, Bank]:
    """Returns the banks that a run's filters are held against, themselves among them.

    Args:
        before: the kernel as it was drawn, of a square window of odd size.
        after: the kernel after training.
        seed: of the run, by which its controls are drawn.
    """
    rng = np.random.default_rng([CONTROL, seed])
    size, _, channels, _ = before.shape

    def by_hand(bank: Float[np.ndarray, "filter size size"]) -> Kernel:
        return np.repeat(np.moveaxis(bank, 0, -1)[:, :, None], channels, axis=2)

    return {
        RANDOM: before,
        TRAINED: after,
        MATCHED: moment_matched(after, rng),
        SHUFFLED: pixel_shuffled(after, rng),
        CENTRED: without_means(before),
        SOBEL: by_hand(sobel(size)[:4]),  # the others are these negated
        GABOR: by_hand(gabor_bank(size)[:16]),  # likewise
    }


def filter_numbers(runs: pd.DataFrame, arrays: Arrays) -> pd.DataFrame:
    """Returns what every bank of every run comes to: one row a run, bank and statistic.

    A value is the mean over the bank's filters; `colour_spread` is the standard deviation over them
    of their colour selectivity. Edges are those of the middle of ten photographs, which the filters
    see as the run's network would.

    Args:
        runs: of one data set in colour; those that diverged are passed over, and those whose first
            kernels were not kept.
        arrays: `results.arrays`.

    Returns:
        `run_id`, `seed`, `window` (a number), `bank`, `statistic`, `value`.
    """
    rows = [
        {
            "run_id": run["run_id"],
            "seed": run["seed"],
            "window": len(before),
            "bank": bank,
            "statistic": statistic,
            "value": value,
        }
        for _, run in runs[runs["diverged_at_step"].isna()].iterrows()
        for before, after in _kernels(arrays, str(run["run_id"]))
        for banks in [banks_of(before, after, int(run["seed"]))]
        for bank, statistic, value in (
            *_edges(banks, _truth(run, len(before))),
            *_shapes(banks),
            *_changes(before, after),
        )
    ]
    columns = ["run_id", "seed", "window", "bank", "statistic", "value"]
    return pd.DataFrame(rows, columns=columns)


def _kernels(arrays: Arrays, run_id: str) -> Iterator[tuple[Kernel, Kernel]]:
    """Yields a run's first kernel before and after training, if both were kept."""
    kept = arrays(run_id)
    before, after = (kept.get(f"first_kernel_{when}") for when in ("initial", "final"))
    if before is not None and after is not None:
        yield before.astype(np.float64), after.astype(np.float64)


class Truth(NamedTuple):
    """Photographs as inputs, and their edges at the centres of all windows."""

    inputs: Float[np.ndarray, "image rows columns 3"]
    magnitude: Float[np.ndarray, "image places across"]
    edges: Bool[np.ndarray, "image places across"]


def _truth(run: "pd.Series[Any]", size: int) -> Truth:
    """Returns the middles of the photographs, as a run's network sees them."""
    cut = (slice(None), MIDDLE, MIDDLE)
    whole = PhotoEdges(*(array[cut] for array in load_photo_edges()))
    at = whole.at_centres(size)
    return Truth(as_seen(run, whole.photographs), at.magnitude, at.edges)


def _edges(banks: Mapping[str, Bank], truth: Truth) -> Iterator[Number]:
    """Yields how well each bank tells edges; all answer in one pass, which costs the most."""
    whole = responses(np.concatenate(list(banks.values()), axis=-1), truth.inputs)
    ends = np.cumsum([bank.shape[-1] for bank in banks.values()])
    for bank, answers in zip(banks, np.split(whole, ends[:-1], axis=-1), strict=True):
        yield bank, "edge_detection", float(edge_detection(answers, truth.edges).mean())
        yield bank, "edge_correlation", float(edge_correlation(answers, truth.magnitude).mean())


def _shapes(banks: Mapping[str, Bank]) -> Iterator[Number]:
    """Yields what the weights of each bank are like."""
    for bank, kernel in banks.items():
        for name, of in OF_WEIGHTS.items():
            yield bank, name, float(np.nanmean(of(kernel)))
        yield bank, "colour_spread", float(np.nanstd(colour_selectivity(kernel)))


def _changes(before: Kernel, after: Kernel) -> Iterator[Number]:
    """Yields how far training moved the filters."""
    yield TRAINED, "relative_movement", float(np.nanmean(relative_movement(before, after)))
    yield TRAINED, "cosine_to_start", float(np.nanmean(cosine_to_start(before, after)))


def of_bank(numbers: pd.DataFrame, window: int, bank: str, statistic: str) -> "pd.Series[float]":
    """Returns one value a seed of `filter_numbers`, empty where nothing was measured."""
    kept = numbers[
        (numbers["window"] == window)
        & (numbers["bank"] == bank)
        & (numbers["statistic"] == statistic)
    ]
    return kept.set_index("seed")["value"].astype("float64")
