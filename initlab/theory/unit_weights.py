"""Weights that give every weight layer outputs of variance 1, by mean and variance followed on."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Concatenation,
    Convolution,
    Dense,
    Dropout,
    Layer,
    LocalResponse,
    Norm,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
from initlab.architectures.local import Patches
from initlab.architectures.rows import Here, row_of
from initlab.architectures.scalars import Multiplier
from initlab.architectures.sizes import Sizes
from initlab.theory.function import Phi
from initlab.theory.layer_factors import max_pool_moments
from initlab.theory.panels import WEIGHTS, nodes_of
from initlab.theory.places import taps
from initlab.theory.table import table_of

EDGES = np.linspace(-12.0, 12.0, 97)  # a kink that is at none of them costs 1e-5


class Followed(NamedTuple):
    """What is followed: where it is, and the mean and variance of its values."""

    here: Here
    mean: float
    variance: float

    @property
    def second(self) -> float:
        """The mean square."""
        return self.mean**2 + self.variance


def unit_weights(
    layers: Iterable[Layer], image_shape: Sizes, phi: Phi | None = None
) -> tuple[float, ...]:
    r"""Returns for each weight layer the variance, times fan-in, that gives outputs variance 1.

    It is :math:`1 / (\mu^2 + \nu)`, with the mean and variance of what reaches the layer, zeros of
    a convolution's padding among it. They are followed from inputs of mean 0 and variance 1, as if
    values were Gaussian, and independent over places, channels and branches. Behind a weight layer
    they are 0 and 1 again. A layer whose `first_scale` is zero begins with no weights: 0.

    Args:
        layers: descriptions of layers, in the order of the forward pass.
        image_shape: `(height, width, channel)`; `(inputs,)` without places.
        phi: the nonlinearity of layers that name none.

    Returns:
        A number for each weight layer, in the order of the forward pass.

    Raises:
        ValueError: if a layer does not fit what reaches it, nothing reaches it, or phi is no
            activation's name and no scalar JAX function.

    References:
        Bingham and Miikkulainen, AutoInit, 2023, arXiv:2109.08958, section 3.

    >>> layers = [Dense(64), Activation(), Dense(64), Activation(), Dense(10)]
    >>> [round(weights, 9) for weights in unit_weights(layers, (784,), "relu")]
    [1.0, 2.0, 2.0]
    """
    one = (1,) * (len(image_shape) - 1)
    found: list[float] = []
    _through(layers, Followed(Here(tuple(image_shape), 0, one, one), 0.0, 1.0), phi, found)
    return tuple(found)


def _through(
    layers: Iterable[Layer], given: Followed, phi: Phi | None, found: list[float]
) -> Followed:
    """Returns what comes out of layers that follow one another; adds their weights to `found`."""
    for layer in _unrolled(layers):
        match layer:
            case Residual():
                branch = _through(layer.branch, given, phi, found)
                beside = _through(layer.shortcut, given, phi, found)
                mean = beside.mean + layer.scale * branch.mean
                variance = beside.variance + layer.scale**2 * branch.variance
                given = Followed(branch.here, mean, variance)
            case Concatenation():
                given = _side_by_side([_through(one, given, phi, found) for one in layer.branches])
            case Auxiliary():
                _through(layer.branch, given, phi, found)
            case Dense() | Convolution():
                second = _share_inside(layer, given.here) * given.second
                if not second > 0:
                    raise ValueError(f"nothing reaches {layer!r}: no weights give it variance 1.")
                there = 1.0 if layer.first_scale else 0.0
                found.append(there / second)
                given = Followed(row_of(layer, given.here).here, 0.0, there)
            case _:
                given = Followed(row_of(layer, given.here).here, *_moments(layer, given, phi))
    return given


def _unrolled(layers: Iterable[Layer]) -> Iterator[Layer]:
    """Yields the layers, a repeated block as often as it comes."""
    for layer in layers:
        yield from layer.block * layer.number if isinstance(layer, Repeat) else (layer,)


def _moments(layer: Layer, given: Followed, phi: Phi | None) -> tuple[float, float]:
    """Returns mean and variance behind a layer without weights."""
    mean, variance = given.mean, given.variance
    match layer:
        case Activation():
            return _activated(phi if layer.phi is None else layer.phi, mean, variance)
        case Pool():
            return _pooled(layer, given)
        case Norm():
            return 0.0, layer.first_scale**2
        case LocalResponse():
            factor = (layer.k + layer.alpha * layer.size * given.second) ** -layer.beta
            return factor * mean, factor**2 * variance
        case Dropout():
            keep = 1 - layer.rate
            return mean, variance + given.second * (1 / keep - 1)
        case Multiplier():
            return layer.first * mean, layer.first**2 * variance
        case ZeroChannels():
            return _scarcer(given, given.here.shape[-1] / layer.channels)
        case Patches():
            return _scarcer(given, _share_inside(layer, given.here))
    return mean, variance


def _activated(phi: Phi | None, mean: float, variance: float) -> tuple[float, float]:
    """Returns mean and variance of a function of a Gaussian variable."""
    if phi is None:
        raise ValueError("`phi` must be given where layers leave their nonlinearity to the run.")
    z = nodes_of(EDGES[:-1], EDGES[1:])
    mass = (EDGES[1] - EDGES[0]) / 2 * WEIGHTS * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    values, _ = table_of(phi).function(mean + math.sqrt(variance) * z)
    first = float((mass * values).sum())
    return first, float((mass * (values - first) ** 2).sum())


def _pooled(layer: Pool, given: Followed) -> tuple[float, float]:
    """Returns mean and variance of what is made of the places of a window."""
    whole = layer.kind == "global"
    number = math.prod(given.here.shape[:-1] if whole else layer.window)
    if layer.kind == "max":
        largest = max_pool_moments(number)
        deviation = math.sqrt(given.variance)
        return given.mean + deviation * largest.mean, given.variance * largest.variance
    if layer.kind == "norm":  # of Gaussian values of mean zero a chi variable
        logs = math.lgamma((number + 1) / 2) - math.lgamma(number / 2)
        mean = math.sqrt(2 * given.second) * math.exp(logs)
        return mean, number * given.second - mean**2
    return given.mean, given.variance / number


def _share_inside(layer: Layer, here: Here) -> float:
    """Returns the share of what a layer's window meets that is no padding."""
    size = here.shape[:-1]
    match layer:
        case Convolution():
            met, _ = taps(size, layer.window, layer.strides, layer.padding, layer.dilation)
        case Patches():
            met, _ = taps(size, layer.window, padding="SAME")
        case _:
            return 1.0
    return float((met < math.prod(size)).mean())


def _scarcer(given: Followed, share: float) -> tuple[float, float]:
    """Returns mean and variance where all but a share of the values are zero."""
    mean = share * given.mean
    return mean, share * given.second - mean**2


def _side_by_side(parts: list[Followed]) -> Followed:
    """Returns what is followed of branches whose channels lie one after another."""
    channels = [part.here.shape[-1] for part in parts]
    mean, second = (
        sum(own * value for own, value in zip(channels, values, strict=True)) / sum(channels)
        for values in ([part.mean for part in parts], [part.second for part in parts])
    )
    here = parts[0].here
    joined = Here((*here.shape[:-1], sum(channels)), here.layer, here.field, here.apart)
    return Followed(joined, mean, second - mean**2)
