"""What initializers state: the variance of a weight, given the layer, and its distribution."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from scripts.conformance.layers import Layer

# Of a Gaussian cut at two standard deviations; the last is that of weights of one size.
GAUSSIAN, UNIFORM, CUT, FIXED = 3.0, 1.8, 2.365537, 1.0
# E[phi(z)^2] of a standard normal z, by quadrature.
SQUARES = {"relu": 0.5, "selu": 1.0, "tanh": 0.3942944904, "sigmoid": 0.2933790359}


@dataclass(frozen=True)
class Law:
    """A stated law.

    Attributes:
        formula: the variance as tables write it.
        variance: the same as a number, or None for a layer that the law says nothing of.
        kurtosis: of the stated distribution, from which the scatter of its variance follows.
        mean: what the weights are stated to lie about.
    """

    formula: str
    variance: Callable[[Layer], float | None]
    kurtosis: float
    mean: float = 0.0


def over_fan_in(scale: float, written: str, kurtosis: float) -> Law:
    """Variance `scale` over the fan-in; `written` is the formula."""
    return Law(written, lambda layer: scale / layer.fan_in, kurtosis)


def lecun(kurtosis: float) -> Law:
    """LeCun's law."""
    return over_fan_in(1.0, "1 / fan-in", kurtosis)


def he(kurtosis: float) -> Law:
    """He's law for ReLU."""
    return over_fan_in(2.0, "2 / fan-in", kurtosis)


def he_outwards(kurtosis: float) -> Law:
    """He's law for the gradient."""
    return Law("2 / fan-out", lambda layer: 2.0 / layer.fan_out, kurtosis)


def glorot(kurtosis: float) -> Law:
    """Glorot's law."""
    return Law(
        "2 / (fan-in + fan-out)", lambda layer: 2.0 / (layer.fan_in + layer.fan_out), kurtosis
    )


def geometric(kurtosis: float) -> Law:
    """One over the geometric mean of both fans."""
    return Law(
        "1 / sqrt(fan-in fan-out)",
        lambda layer: 1.0 / math.sqrt(layer.fan_in * layer.fan_out),
        kurtosis,
    )


def keeping(activation: str, kurtosis: float) -> Law:
    """The exact gain of an activation, which keeps a second moment of one."""
    return over_fan_in(1.0 / SQUARES[activation], f"1 / (E[{activation}²] fan-in)", kurtosis)


def fixed(stddev: float, kurtosis: float) -> Law:
    """One standard deviation for every layer."""
    return Law(f"{stddev:.4g}²", lambda layer: stddev**2, kurtosis)


def even(low: float, high: float) -> Law:
    """Uniform between the same bounds in every layer."""
    written = f"{high - low:g}² / 12, mean {(low + high) / 2:g}"
    return Law(written, lambda layer: (high - low) ** 2 / 12, UNIFORM, (low + high) / 2)


def _rotation(layer: Layer) -> float | None:
    return None if layer.spread > 1 else 1.0 / max(layer.fan_in, layer.outputs)


# Each group by itself; with a stride there is no one matrix to be orthogonal.
ORTHOGONAL = Law("1 / max(fan-in, out)", _rotation, FIXED)
