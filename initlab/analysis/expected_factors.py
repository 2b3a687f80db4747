"""What theory expects of a factor per layer, and how far one network's may lie from it."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from initlab.analysis.factors import DIRECTIONS, carried, hidden_signals, slope_weights
from initlab.analysis.intervals import MIN_SEEDS, interval, t_factor
from initlab.analysis.profiles import FORWARD

REACH = 3.0  # standard deviations: one right network in 370 lies farther off, if it is normal
LEVEL = math.erf(REACH / math.sqrt(2))
NEIGHBOURS = 2.0  # deviations of a layer's mean square, among which its factor is looked for
SAFE = 4.0  # deviations: one network in 16,000 lies farther off at a layer, if it is normal
STILL = 1e-9  # of a step between layers: what moves by less stands at a fixed point
FASTER = 1.1  # by how much more scatter a layer adds where networks run apart, at least
HOMOGENEOUS = ("identity", "relu", "leaky_relu")  # without biases every mean square stays, or none
MEMORIES = np.linspace(0.0, 1.0, 21)

type Numbers = npt.NDArray[np.float64]


class Expected(NamedTuple):
    """What theory expects of the slope of one network's log profile, in the direction of travel.

    Attributes:
        slope: of the mean over networks.
        low, high: between which the mean over many networks of the slope lies.
        deviation: standard deviation of one network's; NaN where theory has no scatter.
    """

    slope: float
    low: float
    high: float
    deviation: float


def expected_slope(log_mean: Numbers, variance: Numbers, near: npt.NDArray[np.bool_]) -> Expected:
    r"""Returns the slope that theory expects of layers in the direction of travel.

    The least-squares slope is a weighted sum :math:`\sum_l w_l y_l` of the profile's logarithm.

    - One network's deviates by the root of :math:`\sum_{kl} w_k w_l \operatorname{Cov}(y_k, y_l)`.
      Theory has the variance at each layer. How much of a layer's deviation the next one keeps it
      does not say: between all, a random walk, as with ReLU, and none. Taken is the memory with
      which the slope scatters most, for ReLU at most a quarter more than its own.
    - The mean over networks of the logarithm lies between the logarithm of the mean and half the
      variance below it, where it is if the logarithm is normal.
    - The factor of a step may be that of any of its neighbours.

    Args:
        log_mean: logarithm of what is predicted, at two layers at least.
        variance: of one network's logarithm; NaN where theory has none.
        near: of `neighbours`, which steps between layers may stand for which.

    >>> halves = np.log(0.5) * np.arange(5)
    >>> known = expected_slope(halves, np.zeros(5), np.eye(4, dtype=bool))
    >>> bool(np.allclose(known, (np.log(0.5), np.log(0.5), np.log(0.5), 0.0)))
    True
    """
    weights, steps = slope_weights(np.arange(len(log_mean))), np.diff(log_mean)
    tail = np.cumsum(weights[::-1])[::-1][1:]  # of a step: the weights of all layers after it
    least = np.where(near, steps, np.inf).min(axis=1)
    most = np.where(near, steps, -np.inf).max(axis=1)
    drift = float(np.nan_to_num(weights @ -variance / 2))
    low, high = tail @ least + min(drift, 0.0), tail @ most + max(drift, 0.0)
    return Expected(float(tail @ steps), float(low), float(high), _deviation(weights, variance))


def neighbours(state: Numbers, growth: Numbers, variance: Numbers) -> npt.NDArray[np.bool_]:
    """Tells which steps between layers a network may take in place of which.

    Where a mean square that is off runs farther off, the first order in 1 / width is not enough.
    Neighbours are steps whose mean squares lie within two relative deviations of each other, and of
    which the one from the larger mean square grows more, or shrinks less. Where a network comes
    back, and with homogeneous functions, whose steps are all alike, it has its own factor.

    Args:
        state: logarithm of the predicted mean square of preactivations on which each step depends.
        growth: of that logarithm, from this layer to the next one forward.
        variance: of one network's logarithm; NaN where theory has none.

    Returns:
        Row: a step. Column: one that may stand for it, itself among them.
    """
    higher, faster = state - state[:, None], growth - growth[:, None]
    reach = NEIGHBOURS * np.sqrt(np.expm1(np.nan_to_num(variance)))
    near = (np.abs(higher) <= reach[:, None]) & (higher * faster > 0)
    return near | np.eye(len(state), dtype=bool)


def run_apart(state: Numbers, variance: Numbers) -> bool:
    """Tells whether networks run apart whose mean squares their own scatter has parted.

    So they do about an unstable fixed point, and wherever the steps between layers grow so fast
    with the mean square that they would come to zero within four deviations, by a parabola through
    three steps: a first order in 1 / width says nothing of networks that come there. A prediction
    that stands still has them where layers add more scatter the farther they lie, as none does at
    a fixed point that is stable, or where all of them are alike.

    Args:
        state: logarithm of the predicted mean square of preactivations, layer by layer forward.
        variance: of one network's logarithm; NaN where theory has none.
    """
    steps, added = np.diff(state), np.diff(variance)
    if (np.abs(steps) <= STILL).all():
        return bool(len(added) > 1 and added.max() > FASTER * abs(added[0]))
    first, second, third = steps[:-2], steps[1:-1], steps[2:]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        chord = (second - first) / first  # a layer's step is how far the next one lies
        bend = ((third - second) / second - chord) / (first + second)
        tangent = chord - bend * first
        away = 2 * first / (tangent + np.sqrt(tangent**2 - 4 * bend * first))
        near = np.abs(away) <= SAFE * np.sqrt(variance[: len(away)])
    return bool((near & (chord > 0) & (np.abs(first) > STILL)).any())


def _deviation(weights: Numbers, variance: Numbers) -> float:
    """Returns the largest deviation of a weighted sum that layers of these variances may have."""
    lag = np.arange(len(weights))
    earlier, apart = np.minimum(lag[:, None], lag), np.abs(lag[:, None] - lag)
    terms = np.outer(weights, weights) * variance[earlier]
    of_lag = np.bincount(apart.ravel(), terms.ravel())  # a polynomial in the memory of a layer
    most = float((MEMORIES[:, None] ** lag @ of_lag).max())
    return math.sqrt(most) if math.isfinite(most) else math.nan


def run_expectations(
    runs: pd.DataFrame, start: pd.DataFrame, predictions: pd.DataFrame
) -> pd.DataFrame:
    """Returns each run's slope, forward and backward, and what theory expects of it.

    Both are of the same layers: the hidden ones that carry a signal, as for `layer_factors`.
    Without a row are runs of which theory predicts nothing, runs with fewer than two such layers,
    and gradients at layers whose forward signal is gone: they are of units that float32 has at
    zero, where a kinked function has one slope alone.

    Args:
        runs: the runs that count, with their activation.
        start: the `layers` table of step 0.
        predictions: the table of that name.

    Returns:
        `run_id`, `direction`, `measured`, the fields of `Expected`, in logarithms a layer, and
        `unstable`: whether networks `run_apart`, as none of a homogeneous function do;
        and `step_variance`, that of the profile's steps about what is predicted of each, NaN of
        fewer than two.
    """
    columns = ["run_id", "direction", "measured", *Expected._fields, "unstable", "step_variance"]
    if predictions.empty or "trial_id" not in runs:
        return pd.DataFrame(columns=columns)
    of_run = runs[["run_id", "trial_id"]].merge(predictions, on="trial_id")
    signals = hidden_signals(runs, start)
    held = signals.loc[(signals["statistic"] == FORWARD) & carried(signals["value"])]
    seen = pd.MultiIndex.from_frame(held[["run_id", "layer"]])
    rows = signals.merge(of_run, on=["run_id", "layer", "site"], suffixes=("", "_predicted"))
    rows["seen"] = pd.MultiIndex.from_frame(rows[["run_id", "layer"]]).isin(seen)
    rows = rows[carried(rows["value"]) & rows["seen"]]
    of_run_id = dict(zip(runs["run_id"], runs["activation"], strict=True))
    found = []
    for direction, statistic in DIRECTIONS.items():
        of_it = rows[(rows["statistic"] == statistic) & (rows[statistic] > 0)]
        of_it = of_it.sort_values("layer", ascending=direction == "forward")
        # Seeds of a trial have one expectation.
        known: dict[tuple[object, ...], tuple[float | bool, ...]] = {}
        for (trial, run_id), profile in of_it.groupby(["trial_id", "run_id"], sort=False):
            value = np.log(profile["value"].to_numpy(np.float64))
            if len(value) > 1:
                which = (trial, *profile["layer"])
                if which not in known:
                    can_leave = of_run_id[run_id] not in HOMOGENEOUS
                    unstable = can_leave and _is_unstable(profile)
                    known[which] = *_expected(profile, statistic), unstable
                measured = float(slope_weights(np.arange(len(value))) @ value)
                steps = np.diff(value - np.log(profile[statistic].to_numpy(np.float64)))
                variance = float(steps.var(ddof=1)) if len(steps) > 1 else math.nan
                found.append((run_id, direction, measured, *known[which], variance))
    return pd.DataFrame(found, columns=columns)


def _expected(profile: pd.DataFrame, statistic: str) -> Expected:
    """Returns what is expected of the slope over layers in the direction of travel."""
    columns = [FORWARD, f"{FORWARD}_scatter", statistic, f"{statistic}_scatter"]
    state, spread, mean, scatter = profile[columns].to_numpy(np.float64).T
    log_state = np.log(state)
    # A forward step depends on the mean square where it starts, a gradient's where it arrives.
    if statistic == FORWARD:
        near = neighbours(log_state[:-1], np.diff(log_state), spread[:-1] ** 2)
    else:
        near = neighbours(log_state[1:], -np.diff(log_state), spread[1:] ** 2)
    return expected_slope(np.log(mean), scatter**2, near)


def _is_unstable(profile: pd.DataFrame) -> bool:
    """Tells of one profile whether networks run apart."""
    forward = profile.sort_values("layer")
    state, scatter = forward[[FORWARD, f"{FORWARD}_scatter"]].to_numpy(np.float64).T
    return run_apart(np.log(state), scatter**2)


def astray(expectations: pd.DataFrame) -> "pd.Series[bool]":
    """Tells, of a table of `run_expectations`, which networks are not as theory expects of one.

    Their slopes lie three standard deviations or more beyond what the mean over networks may be;
    null where theory has no scatter, or networks run apart.
    """
    reach = REACH * expectations["deviation"]
    low, high = expectations["low"] - reach, expectations["high"] + reach
    beyond = ~expectations["measured"].between(low, high)
    return beyond.astype("boolean").mask(reach.isna() | expectations["unstable"].astype(bool))


def expected_factors(runs: pd.DataFrame, expectations: pd.DataFrame) -> pd.DataFrame:
    """Returns, of every trial and direction, the factor per layer that theory expects.

    The mean over seeds of the logarithm agrees with theory if it lies within three standard
    deviations of such a mean of what theory expects. Where theory has no scatter, as of gradients
    in convolutions, that of the seeds themselves stands for it, with Student's factor of the same
    level; that takes five seeds, and three layers. How far below the mean the typical network lies
    is then half the variance of a step, as of a random walk: the steps of all layers tell it, where
    the slopes of five seeds lie by chance so near to each other, now and then, that they do not.

    Args:
        runs: the runs that count.
        expectations: of `run_expectations`, for these runs.

    Returns:
        One row a trial and direction: `trial_id`, `direction`, `measured` (geometric mean over
        seeds) with its interval in `measured_low` and `measured_high`, `predicted` for the same
        layers, `expected_low`, `expected_high` (NaN where there is nothing to judge by, or
        `unstable`, for networks that run apart) and `judged_n`, the number of
        seeds.
    """
    rows = expectations.merge(runs[["run_id", "trial_id"]], on="run_id")
    found = [
        {"trial_id": key[0], "direction": key[1]} | _over_seeds(group)
        for key, group in rows.groupby(["trial_id", "direction"], sort=False)
    ]
    return pd.DataFrame(found, columns=["trial_id", "direction", *EXPECTED])


EXPECTED = (
    "measured", "measured_low", "measured_high", "predicted", "expected_low", "expected_high",
    "judged_n", "unstable",
)  # fmt: skip


def _over_seeds(group: pd.DataFrame) -> dict[str, float | bool]:
    """Returns a trial's columns of `expected_factors`."""
    n = len(group)
    reach, drift = REACH * math.sqrt(float((group["deviation"] ** 2).sum(skipna=False))) / n, 0.0
    if math.isnan(reach) and n >= MIN_SEEDS:
        reach = t_factor(n, LEVEL) * float(group["measured"].std()) / math.sqrt(n)
        drift = float(group["step_variance"].mean(skipna=False)) / 2
    unstable = bool(group["unstable"].any())
    if unstable:
        reach = math.nan
    low, high = group["low"].mean() - drift - reach, group["high"].mean() + reach
    measured = interval(group["measured"].to_numpy(np.float64), log=False)[:3]
    logs = [*measured, group["slope"].mean(), low, high]
    return dict(zip(EXPECTED, [*np.exp(logs).tolist(), n, unstable], strict=True))
