"""Closed forms of what normalization does to gradients and pooling to independent values."""

from typing import NamedTuple

import numpy as np
from scipy.special import log_ndtr

from initlab.initializers.arguments import require_positive
from initlab.theory.function import Phi
from initlab.theory.gaussian import mean, second_moment, slope_second_moment
from initlab.theory.table import table_of


class PooledMoments(NamedTuple):
    """Mean, second moment and variance of what a pooling window returns."""

    mean: float
    second_moment: float
    variance: float


def batch_norm_gradient_factor(phi: Phi) -> float:
    r"""Returns the factor a layer of the gradient's variance, dense layer, batch norm, phi.

    :math:`E[\phi'(z)^2] / \mathrm{Var}\,\phi(z)`, for a width far above a batch that is itself
    large, and layers away from the input: pi / (pi - 1) = 1.467 for ReLU. Gradients explode with
    depth whatever the weights' scale.

    Args:
        phi: an activation's name, or a function of one scalar written in JAX.

    Raises:
        ValueError: if phi is constant, cannot be integrated or jumps.

    References:
        Yang et al., A Mean Field Theory of Batch Normalization, 2019, arXiv:1902.08129.
    """
    variance = second_moment(phi, 1.0) - mean(phi, 1.0) ** 2
    if variance <= 0:
        raise ValueError(f"`{table_of(phi).name}` is constant: normalization divides by zero.")
    return slope_second_moment(phi, 1.0) / variance


def batch_norm_linear_gradient_factor(batch: int) -> float:
    """Returns the same factor of a linear network for a batch of finite size: (B - 2) / (B - 3).

    Checked by simulation at batches of 8 and 16.

    Raises:
        ValueError: if the batch has three examples or fewer, for then it is infinite.
    """
    if batch <= 3:
        raise ValueError(f"`batch` must be at least 4, got {batch}.")
    return (batch - 2) / (batch - 3)


def max_pool_moments(window: int) -> PooledMoments:
    """Returns the moments of the largest of `window` independent standard normal numbers."""
    require_positive("window", window)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    x = 12 * nodes
    log_density = -(x**2) / 2 - np.log(2 * np.pi) / 2 + (window - 1) * log_ndtr(x)
    mass = 12 * weights * window * np.exp(log_density)
    first, second = float(mass @ x), float(mass @ x**2)
    return PooledMoments(first, second, second - first**2)
