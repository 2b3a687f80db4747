"""What theory expects at each site of dense layers that have variances of their own."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from initlab.theory.function import Phi
from initlab.theory.gaussian import expectations, second_moment
from initlab.theory.meanfield import c_map, q_map
from initlab.theory.table import table_of

LARGEST = 1e76  # a second moment beyond it is of numbers that float32 does not hold


class DenseLayer(NamedTuple):
    """What theory needs to know of one dense layer.

    Attributes:
        weight_variance: variance of its weights times their fan-in, positive.
        gradient_variance: variance of its weights times their fan-out, positive.
        bias_variance: variance of its biases, which have mean zero.
        width: number of its units, for the scatter.
    """

    weight_variance: float
    gradient_variance: float
    bias_variance: float
    width: int


class SitePrediction(NamedTuple):
    """What is expected at one site; what theory has no number for is NaN.

    Attributes:
        preactivation_second_moment: the mean over networks of the statistic of that name.
        activation_second_moment: the same; NaN at the last site.
        batch_correlation: correlation of two inputs' preactivations.
        preactivation_gradient_second_moment: that at the last site is 1.
        preactivation_second_moment_scatter: standard deviation of the logarithm of one network's,
            for one input.
        preactivation_gradient_second_moment_scatter: the same of the gradient of one input.
    """

    preactivation_second_moment: float
    activation_second_moment: float
    batch_correlation: float
    preactivation_gradient_second_moment: float
    preactivation_second_moment_scatter: float
    preactivation_gradient_second_moment_scatter: float


def predict_layers(
    phi: Phi,
    layers: Sequence[DenseLayer],
    *,
    input_second_moment: float,
    input_correlation: float,
) -> list[SitePrediction]:
    r"""Returns what is expected at each site of dense layers with `phi` between them.

    Forward by `q_map` and `c_map`, each layer with its own variances. Backward, a layer's gradient
    is the next one's times :math:`\text{fan\_out} \, \mathrm{Var}(W) \, E[\phi'^2]`. Scatter to
    first order in 1 / width: forward `relative_scatter` and 2 / width for the layer's own units;
    backward :math:`\prod (1 + \kappa / n) - 1` with
    :math:`\kappa = 3 E[\phi'^4] / E[\phi'^2]^2 - 1`, 5 for ReLU.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        layers: in the order of the forward pass, the readout last.
        input_second_moment: mean square of the inputs, positive.
        input_correlation: correlation of two inputs, between -1 and 1.

    Returns:
        A site for each layer. From where second moments pass 1e76, or theory refuses, forward
        predictions are NaN, and then all backward ones.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232.
    """
    q: list[float] = []
    c: list[float] = []
    scatter: list[float] = []
    state = (input_second_moment, input_correlation, 0.0)
    for index, layer in enumerate(layers):
        if index == 0:
            state = _first(layer, input_second_moment, input_correlation)
        else:
            state = _forward(phi, layer, layers[index - 1].width, *state)
        for column, value in zip((q, c, scatter), state, strict=True):
            column.append(value)
    gradient, spread = _backward(phi, layers, q)
    own = [
        math.sqrt(math.log1p(relative + 2 / layer.width * (1 + relative)))
        for relative, layer in zip(scatter, layers, strict=True)
    ]
    activation = [_or_nan(second_moment, phi, before) for before in q[:-1]]
    columns = (q, [*activation, math.nan], c, gradient, own, spread)
    return [SitePrediction(*row) for row in zip(*columns, strict=True)]


def _first(layer: DenseLayer, square: float, correlation: float) -> tuple[float, float, float]:
    """Returns q, c and relative variance of the first layer's preactivations."""
    q = layer.weight_variance * square + layer.bias_variance
    return q, (layer.weight_variance * correlation * square + layer.bias_variance) / q, 0.0


@lru_cache(maxsize=65_536)
def _forward(
    phi: Phi, layer: DenseLayer, width: int, q: float, c: float, relative: float
) -> tuple[float, float, float]:
    """Returns q, c and relative variance after a layer that sums over `width` activations."""
    variances = (layer.weight_variance, layer.bias_variance)
    if not 0 < q < LARGEST:
        return math.nan, math.nan, math.nan
    after = _or_nan(q_map, phi, q, *variances)
    if not 0 < after < LARGEST:
        return math.nan, math.nan, math.nan
    correlation = math.nan if math.isnan(c) else _or_nan(c_map, phi, c, q, *variances)
    try:
        fourth, growth = expectations(table_of(phi), q, ("fourth", "second_growth"))
    except ValueError:
        return after, correlation, math.nan
    weight, second = variances[0], (after - variances[1]) / variances[0]
    drawn = weight**2 * (fourth - second**2) / width * (1 + relative)
    carried = (weight * growth * q) ** 2 * relative
    return after, correlation, (drawn + carried) / after**2


def _backward(
    phi: Phi, layers: Sequence[DenseLayer], q: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Returns gradients over the last one's, and the scatter of their logarithms, site by site."""
    gradient, spread = [1.0], [0.0]
    for before, layer, after in zip(q[-2::-1], layers[-2::-1], layers[:0:-1], strict=True):
        second, fourth = _slopes(phi, before)
        gradient.append(gradient[-1] * after.gradient_variance * second)
        kappa = 3 * fourth / second**2 - 1 if second else math.nan
        spread.append(math.sqrt(spread[-1] ** 2 + math.log1p(kappa / layer.width)))
    return gradient[::-1], spread[::-1]


@lru_cache(maxsize=65_536)
def _slopes(phi: Phi, q: float) -> tuple[float, float]:
    """Returns E[phi'^2] and E[phi'^4], NaN where theory refuses."""
    if not 0 < q < LARGEST:
        return math.nan, math.nan
    try:
        second, fourth = expectations(table_of(phi), q, ("slope_second", "slope_fourth"))
    except ValueError:
        return math.nan, math.nan
    return second, fourth


def _or_nan(function: Callable[..., float], *arguments: Any) -> float:
    """Returns a number of theory, NaN where theory refuses it."""
    try:
        return function(*arguments)
    except ValueError:
        return math.nan
