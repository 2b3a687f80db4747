"""What theory expects at each site of dense layers that have variances of their own."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from initlab.theory.activating import LARGEST
from initlab.theory.function import Phi
from initlab.theory.inputs import white_inputs
from initlab.theory.layers import Activation, Dense
from initlab.theory.predict import predict_network


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
    layers: Sequence[Dense],
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
    inputs = white_inputs(1, second_moment=input_second_moment, correlation=input_correlation)
    walked = [part for layer in layers for part in (Activation(phi), layer)][1:]
    rows = predict_network(walked, inputs)
    sites, activated = rows[::2], [*(row.second_moment for row in rows[1::2]), math.nan]
    found = []
    for row, after in zip(sites, activated, strict=True):
        site = SitePrediction(
            row.second_moment,
            after,
            row.batch_correlation,
            row.gradient_second_moment,
            row.second_moment_scatter,
            row.gradient_second_moment_scatter,
        )
        if not row.second_moment < LARGEST:
            site = SitePrediction(*(math.nan,) * 3, site[3], math.nan, site[5])
        found.append(site)
    return found
