"""Claims on what zero padding takes of a signal, read off linear convolutional networks."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from scipy import special

from initlab.analysis.claims.making import make_claim
from initlab.analysis.claims.sources import ADDED, PADDING
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.factors import DIRECTIONS, layer_factor
from initlab.analysis.filters import images_seen
from initlab.analysis.findings import Claim
from initlab.analysis.names import capital, short_name
from initlab.analysis.over_seeds import by_seed, seed_interval
from initlab.analysis.selection import hidden, select
from initlab.analysis.verdicts import agrees, always, slope_scatter

TAPS = 3  # along an axis
ROUNDED = 1e-4
SPREAD_OUT = ("lecun_normal", "orthogonal")  # of weight variance 1, on all taps
CENTRED = "delta_orthogonal"


def first_share(side: int) -> float:
    """Returns the share of a 3 by 3 window that meets a square image, on average over its places.

    >>> round(first_share(8), 6)
    0.840278
    """
    return ((TAPS * side - 2) / (TAPS * side)) ** 2


def lasting_share(side: int) -> float:
    r"""Returns the factor per layer that zero padding leaves in the long run.

    Along one axis each place of the next layer has a third of the mean squares at itself and at its
    neighbours. The largest eigenvalue of that matrix is
    :math:`(1 + 2 \cos(\pi / (H + 1))) / 3`; the profile that lasts is lower at the border, where
    the loss is, so that less is lost than of an even one.

    >>> round(lasting_share(8), 6)
    0.921207
    """
    return ((1 + 2 * math.cos(math.pi / (side + 1))) / TAPS) ** 2


def claims_on_padding(linear: pd.DataFrame, start: pd.DataFrame) -> list[Claim]:
    """What zero padding takes a layer, of kernels on all taps and of those on the centre alone.

    Args:
        linear: runs of convolutional networks without a nonlinearity, of one depth and width.
        start: the `layers` table of step 0.
    """
    if linear.empty or int(linear["depth"].min()) < 3:
        return []
    side = images_seen(linear)[0]
    even: list[Claim] = []
    lasting: list[Claim] = []
    kept: list[Claim] = []
    for label, direction, values in _factors(linear, start):
        given = (label, direction, values, linear)
        if label in SPREAD_OUT:
            even.append(takes("padding-even", *given, share=first_share(side)))
            lasting.append(takes("padding-lasting", *given, share=lasting_share(side)))
        elif label == CENTRED:
            kept.append(takes_nothing(*given))
    square = f"{side} \N{MULTIPLICATION SIGN} {side}"
    return [
        *over_trials(
            ("padding-even",),
            f"Zero padding takes ((3H - 2) / (3H))² a layer of images of {square}, as it does of a "
            "signal that is even over the image",
            even,
            worst=partial(_off, first_share(side)),
        ),
        *over_trials(
            ("padding-lasting",),
            f"In the long run zero padding takes ((1 + 2 cos(π / (H + 1))) / 3)² a layer of "
            f"images of {square}",
            lasting,
            worst=partial(_off, lasting_share(side)),
        ),
        *over_trials(
            ("padding-delta",),
            "Delta-orthogonal kernels keep the mean square to rounding under the same padding",
            kept,
            worst=partial(_off, 1.0),
        ),
    ]


def _off(share: float, factor: float) -> float:
    return abs(math.log(factor / share)) if factor > 0 else math.inf


def _factors(
    linear: pd.DataFrame, start: pd.DataFrame
) -> Iterator[tuple[str, str, "pd.Series[float]"]]:
    """Yields each law's factor per layer over the hidden layers' second half, by seed."""
    rows = hidden(linear, start)
    for label in linear["initializer"].unique():
        runs = select(linear, initializer=label)
        of_it = rows[rows["run_id"].isin(runs["run_id"])]
        for direction, statistic in DIRECTIONS.items():
            half = _second_half(of_it, direction)
            found = {
                run_id: layer_factor(of_run["travelled"].tolist(), of_run[statistic].tolist())[0]
                for run_id, of_run in half.groupby("run_id")
            }
            if len(values := by_seed(runs, pd.Series(found, dtype="float64"))):
                yield str(label), direction, values


def _second_half(rows: pd.DataFrame, direction: str) -> pd.DataFrame:
    """Returns the later half of hidden layers in the direction of travel, numbered along it."""
    last = rows["depth"] - 1
    along = rows["layer"] if direction == "forward" else last + 1 - rows["layer"]
    return rows.assign(travelled=along)[along > last // 2]


def takes(
    words: str,
    label: str,
    direction: str,
    values: "pd.Series[float]",
    runs: pd.DataFrame,
    *,
    share: float,
) -> Claim:
    """Returns the claim that a linear network keeps this share of the mean square a layer."""
    width, depth, n = int(runs["width"].iloc[0]), int(runs["depth"].iloc[0]), len(values)
    layers = depth - 1 - (depth - 1) // 2
    drift = float(special.digamma(width / 2)) - math.log(width / 2)
    reach = 3 * math.sqrt(2 / width * slope_scatter(layers) / n)
    low, high = share * math.exp(drift - reach), share * math.exp(reach)
    measured = seed_interval(values, log=True)
    return make_claim(
        (words, direction, label),
        f"{capital(short_name(label))}: zero padding leaves {share:.4f} of the mean square a "
        f"layer, {direction}.",
        source=f"{ADDED}: the share of taps that meet the image" if "even" in words else PADDING,
        predicted=f"{share:.4f}; of {n} such nets {low:.4f} to {high:.4f}",
        unit="factor per layer",
        measured=measured,
        verdict=partial(agrees, low=low, high=high),
        figure=f"padding-{direction}",
        query=f"step 0, linear networks of depth {depth} and width {width}: exp of the "
        f"least-squares slope of ln {DIRECTIONS[direction]} against layer over the later half of "
        "the hidden layers in the direction of travel; geometric mean over seeds. Allowed are the "
        "typical decay of finite width, at most that of a sum of squares of so many Gaussians, "
        f"e^({drift:.4f}), and three standard deviations of the mean over {n} networks, at most "
        f"those of a random walk of variance {2 / width:.3g} a layer",
    )


def takes_nothing(
    label: str, direction: str, values: "pd.Series[float]", runs: pd.DataFrame
) -> Claim:
    """Returns the claim that kernels on the centre tap alone lose nothing at the border."""
    depth = int(runs["depth"].iloc[0])
    return make_claim(
        ("padding-delta", direction, label),
        f"{capital(short_name(label))} kernels keep the {direction} mean square under zero "
        "padding.",
        source=f"{ADDED}: only the centre tap is not zero, Xiao et al. 2018, arXiv:1806.05393",
        predicted=f"1 within {ROUNDED:g} in every run",
        unit="factor per layer",
        measured=seed_interval(values, log=True),
        verdict=always((np.abs(values - 1) <= ROUNDED).tolist()),
        figure=f"padding-{direction}",
        query=f"step 0, linear networks of depth {depth}: exp of the least-squares slope of ln "
        f"{DIRECTIONS[direction]} against layer over the later half of the hidden layers in the "
        "direction of travel; geometric mean over seeds",
    )
