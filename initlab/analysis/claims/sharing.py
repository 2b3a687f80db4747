"""Claims on what sharing does: the gradients of all positions are added into one filter."""

import math
from functools import partial

import numpy as np
import pandas as pd

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ADDED, COMMON
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.findings import Claim
from initlab.analysis.intervals import Interval
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import select
from initlab.analysis.shared_filters import GRADIENT, LOCAL, SHARED
from initlab.analysis.verdicts import within

ADDED_UP = (
    f"{COMMON}: the gradients of all positions are added into one filter. {ADDED}: with a random "
    "readout they are uncorrelated, so that their variances add up"
)
NEAR = math.log10(1.25)


def claims_on_sharing(shared: pd.DataFrame, gradient: "pd.Series[float]") -> list[Claim]:
    """Returns the claims on a convolution against a locally connected layer.

    Args:
        shared: of `shared_filters.with_positions`.
        gradient: variance of the first kernel's gradient at step 0, by run id.
    """
    logs = pd.Series(np.log10(gradient.to_numpy(np.float64)), index=gradient.index)
    trials: list[Claim] = []
    ratios: dict[int, pd.Series[float]] = {}
    for positions, runs in shared.groupby("positions"):
        places = int(str(positions))
        one, other = (by_seed(select(runs, kind=kind), logs) for kind in (SHARED, LOCAL))
        ratio = (one - other).dropna()
        if ratio.empty:
            continue
        ratios[places] = ratio
        trials += [_times(places, seed_interval(10.0**ratio, log=True))]
    return [
        *over_trials(
            ("times",), "A shared filter's gradient has the variance of a place's own filter "
            "times the number of positions", trials, worst=lambda _: 0.0,
        ),
        *_slope(ratios),
    ]  # fmt: skip


def _times(positions: int, measured: Interval) -> Claim:
    """The ratio at one number of positions."""
    low, high = (positions * 10 ** (sign * NEAR) for sign in (-1, 1))
    return make_claim(
        ("times", f"{positions}"),
        f"With {positions} positions the variance of a shared filter's gradient is {positions} "
        "times that of a locally connected layer, within a quarter.",
        source=ADDED_UP,
        predicted=f"{positions}, between {number(low)} and {number(high)}",
        unit="times",
        measured=measured,
        verdict=partial(within, low=low, high=high),
        figure="sharing",
        query=f"{GRADIENT} of the first layer at step 0, convolution over locally connected "
        "layer, seed by seed; geometric mean",
        subject=(f"{positions} positions",),
    )


def _slope(ratios: "dict[int, pd.Series[float]]") -> list[Claim]:
    """The ratio grows like the number of positions itself."""
    if len(ratios) < 2:
        return []
    table = pd.DataFrame(ratios).dropna()
    across = np.log10(np.array(list(table.columns), np.float64))
    slopes = pd.Series(np.polyfit(across, table.to_numpy(np.float64).T, 1)[0], index=table.index)
    measured = seed_interval(slopes)
    return [
        make_claim(
            ("power",),
            "The ratio of the two grows like the number of positions, to the power of one.",
            source=ADDED_UP,
            predicted="1, within a tenth",
            unit="power of the number of positions",
            measured=measured,
            verdict=partial(within, low=0.9, high=1.1),
            figure="sharing",
            query=f"slope of log10 of the ratio of {GRADIENT} (convolution over locally connected "
            "layer, step 0, first layer) against log10 of the positions, seed by seed",
        )
    ]
