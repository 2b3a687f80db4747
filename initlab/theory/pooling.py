"""What pooling over places makes of a signal, and of the gradient on its way back."""

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtri
from scipy.stats import qmc

from initlab.architectures.layers import Pool
from initlab.theory.function import Phi
from initlab.theory.places import Taps, gathered, scattered, taps
from initlab.theory.signal import Gaussian, Gradient, Link, Pairs, Places, Signal, share
from initlab.theory.table import table_of

SAMPLES = 8192  # of the Gaussian variables of an image, where maxima have no closed form
NO_SCATTER = "no scatter after pooling"
OVERLAP = "gradients of overlapping windows that are not independent"
NOT_GAUSSIAN = (
    "a maximum of values that are not a function of Gaussian ones: pool before dropout and "
    "normalization, and activate before pooling"
)

type Draws = Float[np.ndarray, "sample place"]


def through_pool(layer: Pool, signal: Signal) -> tuple[Signal, Link]:
    """Returns what a pooling window returns at each place of the output."""
    if not signal.size:
        raise ValueError("`layers` pool after a dense layer, where there are no places left.")
    whole = layer.kind == "global"
    window = signal.size if whole else layer.window
    strides = layer.strides or window
    met, size = taps(signal.size, window, strides, layer.padding)
    if layer.kind == "max":
        return _through_maximum(met, size, signal)
    if len(met) == 1 and (met < signal.places).all():
        return _through_choice(met[0], () if whole else size, signal)
    return _through_average(met, () if whole else size, signal)


def _through_choice(
    chosen: Int[np.ndarray, " out"], size: tuple[int, ...], signal: Signal
) -> tuple[Signal, Link]:
    """Returns the values of some places as they are: a window of one entry."""
    places = signal.places

    def back(gradient: Gradient) -> Gradient:
        def spread(values: np.ndarray) -> np.ndarray:
            return np.bincount(chosen, values, minlength=places)

        slope = None if gradient.slope is None else spread(gradient.slope)
        below = replace(gradient, second=spread(gradient.second), slope=slope)
        return below.without_scatter(NO_SCATTER)

    def pairs(values: np.ndarray) -> np.ndarray:
        return values[np.ix_(chosen, chosen)]

    gaussian = None if signal.gaussian is None else Gaussian(*map(pairs, signal.gaussian))
    ratio = share(signal.level, float(signal.second[chosen].mean()))
    return (
        replace(
            signal,
            size=size,
            mean=signal.mean[chosen],
            same=pairs(signal.same),
            other=pairs(signal.other),
            gaussian=gaussian,
            square_covariance=ratio**2 * pairs(signal.square_covariance),
            modes=ratio * signal.modes[chosen],
        ),
        back,
    )


def _through_average(met: Taps, size: tuple[int, ...], signal: Signal) -> tuple[Signal, Link]:
    """Returns the averages of windows, which are linear in the values."""
    places, window = signal.places, len(met)
    mixing = gathered(np.eye(places), met).mean(axis=0)

    def back(gradient: Gradient) -> Gradient:
        if _overlap(met, places) and not gradient.independent:
            return gradient.lost(OVERLAP, places)
        second = scattered(gradient.second / window**2, met, places)
        below = replace(gradient, second=second, independent=window == 1)
        return below.without_scatter(NO_SCATTER)

    same, other = (mixing @ pairs @ mixing.T for pairs in (signal.same, signal.other))
    pure = signal.gaussian is not None and signal.phi is None
    changed = signal.without_scatter(
        NO_SCATTER,
        size=size,
        mean=mixing @ signal.mean,
        same=same,
        other=other,
        gaussian=Gaussian(same, other) if pure else None,
        phi=None,
    )
    return changed, back


class Chosen(NamedTuple):
    """What maxima are, over draws of Gaussian variables.

    Attributes:
        mean, same, other: see `Signal`.
        share: how often each tap of each window holds its maximum.
        slope: mean square of the slope there, over the draws in which it does.
    """

    mean: Places
    same: Pairs
    other: Pairs
    share: Float[np.ndarray, "tap  out"]
    slope: Float[np.ndarray, "tap  out"]


def _through_maximum(met: Taps, size: tuple[int, ...], signal: Signal) -> tuple[Signal, Link]:
    """Returns the maxima of windows, by a sample of the Gaussian variables of two inputs."""
    places = signal.places
    if signal.gaussian is None or not np.isfinite(signal.gaussian.other).all():
        lost = signal.without_numbers(NOT_GAUSSIAN, size)
        return lost, lambda above: above.lost(NOT_GAUSSIAN, places)
    chosen = _choose(met, places, signal.gaussian, signal.phi)

    def back(gradient: Gradient) -> Gradient:
        if _overlap(met, places) and not gradient.independent:
            return gradient.lost(OVERLAP, places)
        arriving = gradient.second * chosen.share
        second = scattered(arriving, met, places)
        with np.errstate(divide="ignore", invalid="ignore"):
            met_slope = scattered(arriving * chosen.slope, met, places) / second
        return replace(
            gradient, second=second, slope=np.where(second > 0, met_slope, 0.0)
        ).without_scatter(NO_SCATTER)

    changed = signal.without_scatter(
        NO_SCATTER,
        size=size,
        mean=chosen.mean,
        same=chosen.same,
        other=chosen.other,
        gaussian=None,
        phi=None,
    )
    return changed, back


def _choose(met: Taps, places: int, gaussian: Gaussian, phi: Phi | None) -> Chosen:
    """Returns the moments of maxima and where they lie, over draws."""
    outside = met == places
    inside = np.where(outside, 0, met)
    maxima, shares, slopes = [], 0.0, 0.0
    for draws in _draws(gaussian):
        values, slope = draws, np.ones_like(draws)
        if phi is not None:
            values, slope = table_of(phi).function(draws)
        window = np.where(outside, -np.inf, values[:, inside])
        first = window.argmax(axis=1)
        held = first[:, None] == np.arange(len(met))[:, None]
        maxima.append(window.max(axis=1))
        shares = shares + held.mean(axis=0) / 2
        slopes = slopes + (held * slope[:, inside] ** 2).mean(axis=0) / 2
    one, two = maxima
    same = (one.T @ one + two.T @ two) / (2 * SAMPLES)
    other = one.T @ two / SAMPLES
    share = np.asarray(shares)
    return Chosen(
        np.mean(maxima, axis=(0, 1)),
        same,
        (other + other.T) / 2,
        share,
        np.asarray(slopes) / np.maximum(share, 1e-300),
    )


def _draws(gaussian: Gaussian) -> tuple[Draws, Draws]:
    """Returns draws of the variables of two inputs, by principal components."""
    places = len(gaussian.same)
    joint = np.block([[gaussian.same, gaussian.other], [gaussian.other.T, gaussian.same]])
    sizes, vectors = np.linalg.eigh(joint)
    root = vectors[:, ::-1] * np.sqrt(np.maximum(sizes[::-1], 0.0))
    both = _standard(2 * places) @ root.T
    return both[:, :places], both[:, places:]


@cache
def _standard(dimensions: int) -> Draws:
    """Returns a fixed sample of standard normal numbers that is more even than a random one."""
    uniform = qmc.Sobol(dimensions, rng=np.random.default_rng(0)).random(SAMPLES)
    return np.asarray(ndtri(np.clip(uniform, 2.0**-32, 1 - 2.0**-32)))


def _overlap(met: Taps, places: int) -> bool:
    """Tells whether a place is met by two windows."""
    return bool((np.bincount(met.ravel(), minlength=places + 1)[:places] > 1).any())
