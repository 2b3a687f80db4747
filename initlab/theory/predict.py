"""What theory expects of each layer of a network, forward and backward."""

import math
from typing import NamedTuple

from initlab.initializers.arguments import require_not_negative, require_positive
from initlab.theory.finite_width import relative_scatter
from initlab.theory.function import Phi
from initlab.theory.gaussian import slope_second_moment
from initlab.theory.meanfield import c_map, q_map


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
    r"""Returns the profile of a multilayer perceptron, a row for each weight layer.

    Forward, :math:`q_1 = \sigma_w^2 x + \sigma_b^2` with x the mean square of the inputs, and on by
    `q_map` and `c_map`. Backward, a layer's gradient is the next one's times
    :math:`\sigma_w^2 E[\phi'(\sqrt{q_l} z)^2]`, for equal widths.

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
    require_positive("input_second_moment", input_second_moment)
    if not -1 <= input_correlation <= 1:
        raise ValueError(f"`input_correlation` must lie between -1 and 1, got {input_correlation}.")
    q = [weight_variance * input_second_moment + bias_variance]
    shared = weight_variance * input_correlation * input_second_moment + bias_variance
    c = [shared / q[0]]
    for _ in range(depth - 1):
        c.append(c_map(phi, c[-1], q[-1], weight_variance, bias_variance))
        q.append(q_map(phi, q[-1], weight_variance, bias_variance))
    gradient = [1.0]
    for before in reversed(q[:-1]):
        gradient.append(gradient[-1] * weight_variance * slope_second_moment(phi, before))
    scatter: list[float | None] = [None] * depth
    if width is not None:
        hidden = [width] * (depth - 1)
        variances = relative_scatter(phi, hidden, weight_variance, bias_variance, q[0])
        scatter = [0.0, *map(math.sqrt, variances)]
    columns = zip(range(1, depth + 1), q, c, reversed(gradient), scatter, strict=True)
    return [LayerPrediction(*row) for row in columns]
