"""What theory expects of each layer of a network, forward and backward."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from initlab.architectures.layers import Layer
from initlab.theory.signal import Gradient, Signal, noted
from initlab.theory.walk import Step, backward, forward


class Prediction(NamedTuple):
    """What is expected of one layer's output; what theory has no number for is NaN.

    Attributes:
        name: the layer's kind and number, after the name of the sum that it is inside of.
        second_moment: mean square over channels and places, the mean over networks.
        mean: mean over channels and places.
        batch_correlation: product of two inputs' outputs over the mean square.
        gradient_second_moment: mean square of the loss's gradient there, over that at the last
            layer's output.
        second_moment_scatter: standard deviation of the logarithm of one network's mean square, for
            one input, to first order in 1 / width.
        gradient_second_moment_scatter: the same of the gradient.
        note: why a number is missing; empty where none is.
    """

    name: str
    second_moment: float
    mean: float
    batch_correlation: float
    gradient_second_moment: float
    second_moment_scatter: float
    gradient_second_moment_scatter: float
    note: str


def predict_network(layers: Sequence[Layer], inputs: Signal) -> list[Prediction]:
    """Returns what is expected of each layer's output, sums after the layers inside them.

    In the limit of wide layers: preactivations are Gaussian, and a gradient is independent of the
    weights that it has not met yet. The gradient at the last layer's output has mean square 1 at
    each place and is independent over channels, places and inputs.

    Args:
        layers: descriptions of layers, in the order of the forward pass.
        inputs: what `white_inputs` or `inputs_like` returns.

    Returns:
        A row for each layer, in the order of the forward pass; NaN, and a note why, where theory
        has no number.

    Raises:
        ValueError: if a layer does not fit what it is given, or its weights' law has no variance.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232.
        Xiao et al., Dynamical Isometry and a Mean Field Theory of CNNs, 2018, arXiv:1806.05393.
        Yang and Schoenholz, Mean Field Residual Networks, 2017, arXiv:1712.08969.

    >>> from initlab.architectures.layers import Activation, Dense
    >>> from initlab.theory.inputs import white_inputs
    >>> rows = predict_network(
    ...     [Dense(64, 2.0), Activation("relu"), Dense(10, 1.0)], white_inputs(784)
    ... )
    >>> [(row.name, round(row.second_moment, 6)) for row in rows]
    [('dense_1', 2.0), ('activation_1', 1.0), ('dense_2', 1.0)]
    """
    with np.errstate(over="ignore", invalid="ignore"):
        steps = forward(layers, inputs)
        if not steps:
            return []
        last = steps[-1].signal
        gradients, _ = backward(steps, Gradient(np.ones(last.places)))
        return [_row(step, gradients[step.name]) for top in steps for step in top.all]


def _row(step: Step, gradient: Gradient) -> Prediction:
    """Returns the prediction of one layer's output."""
    signal = step.signal
    second = float(signal.second.mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        shared = float(np.diagonal(signal.other).mean() / np.float64(second))
        squares = signal.modes @ signal.modes.T + signal.square_covariance / signal.channels
        relative = squares.mean() if second else math.nan
        spread = gradient.total_spread(signal.channels)
    return Prediction(
        step.name,
        second,
        float(signal.mean.mean()),
        shared,
        float(gradient.second.mean()),
        math.sqrt(math.log1p(relative)),
        math.sqrt(spread),
        "; ".join(noted(signal.notes, *gradient.notes)),
    )
