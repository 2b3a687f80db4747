"""What theory expects of each layer of a network, forward and backward."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from initlab.architectures.layers import Activation, Dense, Layer
from initlab.initializers.arguments import require_not_negative, require_positive
from initlab.theory.activating import LARGEST
from initlab.theory.finite_width import relative_scatter
from initlab.theory.function import Phi
from initlab.theory.inputs import white_inputs
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

    Raises:
        ValueError: if a layer does not fit what it is given, or its weights' law has no variance.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232.
        Xiao et al., Dynamical Isometry and a Mean Field Theory of CNNs, 2018, arXiv:1806.05393.
        Yang and Schoenholz, Mean Field Residual Networks, 2017, arXiv:1712.08969.

    >>> from initlab.architectures.layers import Activation, Dense
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
        relative = squares.mean() / second**2
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


class LayerPrediction(NamedTuple):
    """What is expected of one weight layer.

    Attributes:
        layer: 1 for the first weight layer.
        preactivation_second_moment: q, the mean square of the layer's preactivations.
        batch_correlation: c, the correlation of two inputs' preactivations.
        preactivation_gradient_second_moment: mean square of the loss's gradient there, over that at
            the last layer.
        relative_scatter: standard deviation of one network's q over its mean, given the first
            layer's; None where no width was given. The mean square over one layer's own units
            scatters by 2 / width more in its relative variance.
    """

    layer: int
    preactivation_second_moment: float
    batch_correlation: float
    preactivation_gradient_second_moment: float
    relative_scatter: float | None


def predict_dense(
    phi: Phi,
    *,
    depth: int,
    weight_variance: float,
    bias_variance: float,
    width: int | None = None,
    input_second_moment: float = 1.0,
    input_correlation: float = 0.0,
) -> list[LayerPrediction]:
    r"""Returns the profile of a multilayer perceptron of equal widths, a row for each weight layer.

    Forward, :math:`q_1 = \sigma_w^2 x + \sigma_b^2` with x the mean square of the inputs, and on by
    `q_map` and `c_map`. Backward, a layer's gradient is the next one's times
    :math:`\sigma_w^2 E[\phi'(\sqrt{q_l} z)^2]`. It is what `predict_network` says of such layers.

    Layers after one whose second moment passes 1e76, which is of numbers that float32 does not
    hold, are NaN, and so are the gradients before it.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        depth: number of weight layers, the readout included, at least 1.
        weight_variance: variance of the weights times their fan-in, positive.
        bias_variance: variance of the biases, not negative.
        width: units of each hidden layer, for the scatter.
        input_second_moment: mean square of the inputs, positive.
        input_correlation: correlation of two inputs, between -1 and 1.

    Raises:
        ValueError: if a number is out of its range, or the function cannot be integrated, or jumps.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232.
    """
    for name, value in (("depth", depth), ("weight_variance", weight_variance)):
        require_positive(name, value)
    require_not_negative("bias_variance", bias_variance)
    units = width or 1  # no expectation depends on them
    layer = Dense(units, weight_variance, bias_variance)
    inputs = white_inputs(units, second_moment=input_second_moment, correlation=input_correlation)
    rows = predict_network([layer, *[Activation(phi), layer] * (depth - 1)], inputs)[::2]
    if rows[-1].note and not np.nanmax([row.second_moment for row in rows]) >= LARGEST:
        raise ValueError(rows[-1].note)
    scatter: list[float | None] = [None] * depth
    if width is not None:
        hidden, first = [width] * (depth - 1), rows[0].second_moment
        variances = relative_scatter(phi, hidden, weight_variance, bias_variance, first)
        scatter = [0.0, *map(math.sqrt, variances)]
    return [
        LayerPrediction(
            number,
            row.second_moment,
            row.batch_correlation,
            row.gradient_second_moment,
            one_scatter,
        )
        for number, (row, one_scatter) in enumerate(zip(rows, scatter, strict=True), 1)
    ]
