"""What theory expects of each layer of a multilayer perceptron of equal widths."""

from typing import NamedTuple

from initlab.architectures.layers import Activation, Dense
from initlab.initializers.arguments import require_not_negative, require_positive
from initlab.theory.activating import LARGEST, SMALLEST
from initlab.theory.function import Phi
from initlab.theory.inputs import white_inputs
from initlab.theory.predict import predict_network


class LayerPrediction(NamedTuple):
    """What is expected of one weight layer; what theory has no number for is NaN.

    Attributes:
        layer: 1 for the first weight layer.
        preactivation_second_moment: q, the mean square of the layer's preactivations.
        batch_correlation: c, the correlation of two inputs' preactivations.
        preactivation_gradient_second_moment: mean square of the loss's gradient there, over that at
            the last layer.
        preactivation_second_moment_scatter: standard deviation of the logarithm of one network's
            mean square over the layer's own units, for one input, to first order in 1 / width; None
            where no width was given.
        preactivation_gradient_second_moment_scatter: the same of the gradient.
    """

    layer: int
    preactivation_second_moment: float
    batch_correlation: float
    preactivation_gradient_second_moment: float
    preactivation_second_moment_scatter: float | None
    preactivation_gradient_second_moment_scatter: float | None


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

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        depth: number of weight layers, the readout included, at least 1.
        weight_variance: variance of the weights times their fan-in, positive.
        bias_variance: variance of the biases, not negative.
        width: units of each layer, the readout included, for the scatter.
        input_second_moment: mean square of the inputs, positive.
        input_correlation: correlation of two inputs, between -1 and 1.

    Returns:
        `depth` rows, the first layer's first. Layers after one whose second moment leaves the range
        of 1e-300 to 1e76 are NaN, and so are the gradients before it: float32 holds no number that
        large.

    Raises:
        ValueError: if a number is out of its range, or the function cannot be integrated, or jumps.

    References:
        Schoenholz et al., Deep Information Propagation, 2017, arXiv:1611.01232.

    >>> [round(row.preactivation_second_moment, 6) for row in predict_dense(
    ...     "relu", depth=3, weight_variance=1.0, bias_variance=0.0)]
    [1.0, 0.5, 0.25]
    """
    for name, value in (("depth", depth), ("weight_variance", weight_variance)):
        require_positive(name, value)
    require_not_negative("bias_variance", bias_variance)
    units = width or 1  # no expectation depends on them
    layer = Dense(units, weight_variance, bias_variance)
    inputs = white_inputs(units, second_moment=input_second_moment, correlation=input_correlation)
    rows = predict_network([layer, *[Activation(phi), layer] * (depth - 1)], inputs)[::2]
    ranged = all(SMALLEST <= row.second_moment < LARGEST for row in rows if row.second_moment >= 0)
    if rows[-1].note and ranged:
        raise ValueError(rows[-1].note)
    return [
        LayerPrediction(
            number,
            row.second_moment,
            row.batch_correlation,
            row.gradient_second_moment,
            row.second_moment_scatter if width else None,
            row.gradient_second_moment_scatter if width else None,
        )
        for number, row in enumerate(rows, 1)
    ]
