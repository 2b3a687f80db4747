"""Means over several cells of a sweep, with intervals by resampling seeds inside each cell."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from initlab.analysis.intervals import LEVEL, MIN_SEEDS, NOTHING, Interval, Values

type Statistic = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


def interquartile_mean(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Returns the mean of the middle half of the values along the last axis.

    Of n values the n // 4 least and as many greatest are left out: less moved by one odd run than
    a mean, and by chance than a median.

    Args:
        values: `(..., n)`, finite.

    References:
        Agarwal et al., Deep reinforcement learning at the edge of the statistical precipice
        (arXiv:2108.13264), section 4.3.

    >>> float(interquartile_mean([0.0, 1.0, 3.0, 100.0]))
    2.0
    """
    ranked = np.sort(np.asarray(values, np.float64), axis=-1)
    n = ranked.shape[-1]
    return np.asarray(ranked[..., n // 4 : n - n // 4].mean(axis=-1))


def stratified_interval(
    cells: Sequence[Values],
    *,
    rng: np.random.Generator,
    statistic: Statistic = interquartile_mean,
    num_resamples: int = 2000,
) -> Interval:
    """Returns a statistic of all cells' values with its stratified percentile bootstrap interval.

    Each cell is resampled by itself, so that every resample holds each cell as often as the sweep
    does. Cells are taken to be independent: where they share seeds, images and batches, `by_seed`
    and `seed_interval` are the interval to state. Like every bootstrap it is too narrow with few
    seeds.

    Args:
        cells: of each cell one number a seed; those that are not finite are left out, and a cell
            without any is.
        rng: the only source of randomness.
        statistic: from `(..., n)` to `(...)`: along the last axis, in any order of the values.
        num_resamples: how many samples are drawn with replacement.

    Returns:
        The interval; `n` is the least number of seeds of a cell, and below five it has no ends.
    """
    arrays = [np.asarray(cell, np.float64) for cell in cells]
    used = [kept for cell in arrays if len(kept := cell[np.isfinite(cell)])]
    if not used:
        return NOTHING
    centre, n = float(statistic(np.concatenate(used))), min(map(len, used))
    if n < MIN_SEEDS:
        return Interval(centre, math.nan, math.nan, n)
    drawn = [rng.choice(cell, (num_resamples, len(cell))) for cell in used]
    found = statistic(np.concatenate(drawn, axis=1))
    low, high = np.quantile(found, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return Interval(centre, float(low), float(high), n)
