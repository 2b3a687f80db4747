"""What padding, dropout and pooling multiply the mean square by, before any training."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from initlab.analysis.factors import layer_factor
from initlab.analysis.filters import images_seen
from initlab.analysis.over_seeds import average, by_seed
from initlab.analysis.profiles import FORWARD
from initlab.analysis.selection import hidden, select
from initlab.analysis.verdicts import weight_variance

AFTER = "conv_3"  # the convolution after the first pooling of `textbook`
STATISTIC = "factor"


class Factor(NamedTuple):
    """A factor of the mean square.

    Attributes:
        label: what it is of.
        measured: by seed.
        expected: by theory; NaN where it has no number.
    """

    label: str
    measured: "pd.Series[float]"
    expected: float


def factor_table(factors: Iterable[Factor]) -> pd.DataFrame:
    """Returns the geometric mean over seeds of each factor, and what is expected of it.

    Returns:
        A row a factor: `label`, `statistic`, `predicted` and the columns of `average`.
    """
    columns = ["label", "statistic", "predicted", "seed", "run_id", "value", "diverged"]
    long = [
        pd.DataFrame({"seed": one.measured.index, "value": one.measured.to_numpy()}).assign(
            label=one.label, statistic=STATISTIC, predicted=one.expected, run_id="", diverged=False
        )[columns]
        for one in factors
    ]
    return average(pd.concat(long), log=True) if long else pd.DataFrame(columns=columns)


def lasting_share(side: int, taps: int) -> float:
    """Returns the factor per layer that zero padding leaves in the long run.

    Along one axis each place of the next layer has an equal part of the mean squares at the places
    that its taps meet; it is the largest eigenvalue of that matrix, squared for both axes.

    Args:
        side: of the images.
        taps: of the window along an axis, an odd number.

    >>> round(lasting_share(8, 3), 6)
    0.921207
    """
    places = np.arange(side)
    met = np.abs(np.subtract.outer(places, places)) <= taps // 2
    return float(np.linalg.eigvalsh(met / taps)[-1] ** 2)


def late_factors(runs: pd.DataFrame, start: pd.DataFrame, *, after: float) -> "pd.Series[float]":
    """Returns each run's factor per layer of the mean square, fitted to its later hidden layers.

    Args:
        runs: drawn networks.
        start: the `layers` table of step 0.
        after: share of the hidden layers that are left out, from the first on.
    """
    rows = hidden(runs, start)
    rows = rows[rows["layer"] > after * (rows["depth"] - 1)].sort_values("layer")
    found = {
        run_id: layer_factor(of_run["layer"].tolist(), of_run[FORWARD].tolist())[0]
        for run_id, of_run in rows.groupby("run_id")
    }
    return pd.Series(found, dtype="float64")


def padded_factors(linear: pd.DataFrame, start: pd.DataFrame) -> dict[int, Factor]:
    """Returns what zero padding leaves of the mean square a layer, by kernel size.

    Zeros about the image over an image that closes on itself, with the same weights, seed by seed.

    Args:
        linear: of `contrast(runs, "padding")`: linear convnets, drawn.
        start: the `layers` table of step 0.
    """
    if linear.empty:
        return {}
    factors = late_factors(linear, start, after=0.5)
    side = images_seen(linear)[0]
    found: dict[int, Factor] = {}
    for taps in sorted(map(int, linear["kernel_size"].unique())):
        of_it = select(linear, kernel_size=taps)
        same, circular = (by_seed(select(of_it, choice=x), factors) for x in ("same", "circular"))
        if len(values := (same / circular).dropna()):
            found[taps] = Factor(f"{taps} by {taps}", values, lasting_share(side, taps))
    return found


def noisy_factors(drawn: pd.DataFrame, start: pd.DataFrame) -> dict[tuple[float, float], Factor]:
    """Returns the factor of the mean square a layer, by rate of dropout and weight variance.

    Args:
        drawn: rectifier networks of several rates and variances.
        start: the `layers` table of step 0.
    """
    factors = late_factors(drawn, start, after=0.0)
    found: dict[tuple[float, float], Factor] = {}
    for (dropout, law), of_it in drawn.groupby(["dropout", "initializer"]):
        rate = float(str(dropout))
        variance = weight_variance(str(law), int(of_it["width"].iloc[0]))
        if variance is not None and len(values := by_seed(of_it, factors)):
            label = f"dropout {rate:g}, variance {variance:g}/fan-in"
            found[rate, variance] = Factor(label, values, variance / 2 / (1 - rate))
    return dict(sorted(found.items(), key=lambda one: (one[0][0], -one[0][1])))


def pooled_factors(
    own: pd.DataFrame, start: pd.DataFrame, predictions: pd.DataFrame
) -> dict[str, Factor]:
    """Returns by what each kind of pooling multiplies the mean square that comes after it.

    The mean square of the third convolution's preactivations over that of the same weights without
    pooling, by seed.

    Args:
        own: of `contrast(runs, "pooling")`: networks of each kind and of none, drawn.
        start: the `layers` table of step 0.
        predictions: of the results.
    """
    squares = start[start["layer_name"] == AFTER].set_index("run_id")[FORWARD]
    expected = predictions[predictions["layer_name"] == AFTER] if len(predictions) else predictions
    by_trial = expected.set_index("trial_id")[FORWARD] if len(expected) else pd.Series(dtype=float)
    measured = {kind: by_seed(select(own, choice=kind), squares) for kind in own["choice"].unique()}
    theory = {
        kind: by_trial.reindex(select(own, choice=kind)["trial_id"]).mean() for kind in measured
    }
    if "none" not in measured:
        return {}
    found = {
        str(kind): Factor(
            f"{kind} pooling",
            (values / measured["none"]).dropna(),
            float(theory[kind] / theory["none"]),
        )
        for kind, values in measured.items()
        if kind != "none"
    }
    return {kind: one for kind, one in found.items() if len(one.measured)}


def is_critical(rate: float, variance: float) -> bool:
    """Tells whether a weight variance is 2 times the share that dropout keeps.

    >>> is_critical(0.5, 1.0), is_critical(0.5, 2.0)
    (True, False)
    """
    return math.isclose(variance, 2 * (1 - rate), rel_tol=1e-6)
