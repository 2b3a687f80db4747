"""How much one network of finite width scatters about the mean over networks."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import digamma
from scipy.stats import binom

from initlab.initializers.arguments import require_not_negative, require_positive
from initlab.theory.activating import LARGEST, SMALLEST
from initlab.theory.function import Phi
from initlab.theory.gaussian import expectations, kurtosis
from initlab.theory.table import table_of


def relative_scatter(
    phi: Phi,
    widths: Sequence[int],
    weight_variance: float,
    bias_variance: float,
    q: float = 1.0,
) -> list[float]:
    r"""Returns, after each layer, the variance of a network's q over the square of its mean.

    Given q, the next is a mean over the units, so that its variance is
    :math:`\sigma_w^4 (E[\phi^4] - E[\phi^2]^2) / n`; what there was of scatter is carried on by the
    slope of the q map. Exact for homogeneous functions with Gaussian weights and no biases, where
    it is :math:`\prod (1 + \kappa / n) - 1`, kappa 5 for ReLU and 2 for the identity; to first
    order in 1 / width for others.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.
        widths: units of each layer whose activations are summed over, from the first on.
        weight_variance: variance of the weights times their fan-in, positive.
        bias_variance: variance of the biases, not negative.
        q: mean square of the first layer's preactivations, taken as certain, positive.

    Returns:
        A number for each width, the first being that of the second layer's q; NaN from where q
        leaves the range of 1e-300 to 1e76 on.

    Raises:
        ValueError: if a number is out of its range, or the function cannot be integrated.

    References:
        Hanin and Rolnick, How to Start Training: The Effect of Initialization and Architecture,
        2018, arXiv:1803.01719.
    """
    require_positive("weight_variance", weight_variance)
    require_not_negative("bias_variance", bias_variance)
    require_positive("q", q)
    table, variance, scatter = table_of(phi), 0.0, []
    for width in widths:
        require_positive("width", width)
        if not SMALLEST <= q < LARGEST:
            scatter.append(math.nan)
            continue
        second, growth = expectations(table, q, ("second", "second_growth"))
        before, q = q, weight_variance * second + bias_variance
        fourth = kurtosis(table, before, "fourth", second)
        drawn = (weight_variance * second / q) ** 2 * (fourth - 1)
        slope = weight_variance * growth * before / q
        variance = drawn * (1 + variance) / width + slope**2 * variance
        scatter.append(variance)
    return scatter


def he_relu_mean_log_factor(width: int) -> float:
    r"""Returns E[ln] of the factor by which a layer multiplies the second moment, for ReLU.

    With He's Gaussian weights the factor is :math:`\frac{2}{n} \chi^2_k`, k of n units being
    active. Its mean is 1 and the mean of its logarithm below 0, about -5 / (2 n): the typical
    network decays. No active unit, whose logarithm is infinite, is left out.

    Args:
        width: the layer's fan-in, at least 1.

    References:
        Jakub and Nica, Depth Degeneracy in Neural Networks, 2023, arXiv:2302.09712.
    """
    require_positive("width", width)
    active = np.arange(1, width + 1)
    chance = binom.pmf(active, width, 0.5)
    logs = math.log(2 / width) + math.log(2) + digamma(active / 2)
    return float((chance * logs).sum() / chance.sum())
