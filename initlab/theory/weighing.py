"""What dense layers and convolutions make of a signal, and of the gradient on its way back."""

import math

import numpy as np
from jaxtyping import Float

from initlab.architectures.layers import Convolution, Dense, Variance
from initlab.architectures.sizes import require_divisor
from initlab.initializers.arguments import require_not_negative
from initlab.spec.laws import Gained
from initlab.theory.law_variance import law_variance
from initlab.theory.places import gathered, scattered, taps
from initlab.theory.signal import Gaussian, Gradient, Link, Signal, share, signal_of_gaussian

FEW = 16  # channels: 5 / 16 is no small part of what one over their number leaves out
OF_FEW = "no scatter of convolutions that see few channels, whose preactivations are not Gaussian"
OF_ROTATIONS = "no scatter of orthogonal convolutions, whose weights are not independent"
OF_PLACES = "no scatter of gradients that spread over places"


def through_dense(layer: Dense, signal: Signal) -> tuple[Signal, Link]:
    """Returns the preactivations of a dense layer, which sums over channels and places."""
    shape = (signal.channels * signal.places, layer.width)
    weights, biases = _variances(layer, shape)
    kept_back = _kept(layer, shape[::-1])
    places = signal.places

    def back(gradient: Gradient) -> Gradient:
        second = np.full(places, weights / shape[0] * layer.width * gradient.second[0])
        below = Gradient(
            second,
            spread=gradient.own_spread(layer.width),
            kurtosis=3.0,
            kept=2 * kept_back,
            modes=gradient.modes,
            notes=gradient.notes,
        )
        return below if places == 1 else below.without_scatter(OF_PLACES)

    def averaged(pairs: np.ndarray) -> np.ndarray:
        return np.asarray(weights * pairs.diagonal().mean().reshape(1, 1) + biases)

    found = Gaussian(averaged(signal.same), averaged(signal.other))
    ratio = share(weights * signal.level, float(found.same[0, 0]))
    both = ratio**2 * signal.square_covariance.mean().reshape(1, 1) / signal.channels
    modes = _with_new(ratio * signal.modes.mean(axis=0, keepdims=True), both)
    kept = ratio**2 * _kept(layer, shape)
    return signal_of_gaussian(signal, found, modes, kept, channels=layer.width, size=()), back


def through_convolution(layer: Convolution, signal: Signal) -> tuple[Signal, Link]:
    """Returns the preactivations of a convolution: at each place a mean over what its taps meet."""
    met, size = taps(signal.size, layer.window, layer.strides, layer.padding, layer.dilation)
    require_divisor(layer.groups, signal.channels, layer.channels)
    shape = (*layer.window, signal.channels // layer.groups, layer.channels // layer.groups)
    weights, biases = _variances(layer, shape)
    places, fan_in = signal.places, math.prod(shape[:-1])

    def back(gradient: Gradient) -> Gradient:
        each = weights / fan_in * shape[-1] * gradient.second
        below = Gradient(scattered(each, met, places), gradient.independent, notes=gradient.notes)
        return below.without_scatter(OF_PLACES)

    def over_taps(pairs: np.ndarray) -> np.ndarray:
        rows = (gathered(gathered(pairs, tap).T, tap).T for tap in met)
        return np.asarray(sum(rows)) / len(met)

    found = Gaussian(
        *(weights * over_taps(pairs) + biases for pairs in (signal.same, signal.other))
    )
    mixing = gathered(np.eye(places), met).mean(axis=0)
    mixing *= share(weights * signal.level, float(found.same.diagonal().mean()))
    both = mixing @ signal.square_covariance @ mixing.T / signal.channels
    modes = _with_new(mixing @ signal.modes, both)
    after = signal_of_gaussian(signal, found, modes, channels=layer.channels, size=size)
    if shape[-2] < FEW and signal.square_covariance.any():  # inputs are given, however few
        return after.without_scatter(OF_FEW), back
    if _kept(layer, shape):
        return after.without_scatter(OF_ROTATIONS), back
    return after, back


def _with_new(
    modes: Float[np.ndarray, "place mode"], covariance: Float[np.ndarray, "place place"]
) -> Float[np.ndarray, "place more"]:
    """Returns the fluctuations with those of a covariance added, none that are nothing."""
    if not np.isfinite(covariance).all():
        return np.full((len(modes), 1), np.nan)
    sizes, vectors = np.linalg.eigh(covariance)
    kept = sizes > 1e-12 * max(sizes[-1], 0.0)
    return np.concatenate([modes, vectors[:, kept] * np.sqrt(sizes[kept])], axis=1)


def _kept(layer: Dense | Convolution, shape: tuple[int, ...]) -> float:
    """Returns the share of a mean square's scatter that weights of this shape do not add.

    The mean square of `out` coordinates of a direction of given length scatters by
    :math:`2 / out - 2 / in` where an orthogonal matrix leaves some out, and not at all where it
    has them all; of independent weights by 2 / out.
    """
    law = layer.weights
    if not (isinstance(law, Gained) and law.name in ("orthogonal", "delta_orthogonal")):
        return 0.0
    return min(1.0, shape[-1] / math.prod(shape[:-1]))


def _variances(layer: Dense | Convolution, shape: tuple[int, ...]) -> tuple[float, float]:
    """Returns the variance of the weights times their fan-in, and that of the biases.

    Raises:
        ValueError: if a law has no variance that theory can work with, or a variance is negative.
    """
    fan_in = math.prod(shape[:-1])
    weights = _number("weights", layer.weights, shape, fan_in)
    return weights, _number("biases", layer.biases, shape, 1)


def _number(name: str, variance: Variance | None, shape: tuple[int, ...], fan_in: int) -> float:
    """Returns a variance that is given as a number, or as a law for entries of a shape."""
    if variance is None:
        raise ValueError(f"`{name}` must have a variance or a law for theory, got None.")
    if isinstance(variance, float | int):
        require_not_negative(name, variance)
        return float(variance)
    found = law_variance(variance, shape)
    if found is None:
        raise ValueError(
            f"`{name}` drawn by {variance.label} have no variance to work with: theory needs "
            "independent weights of mean zero. Give a variance as a number."
        )
    return found * fan_in
