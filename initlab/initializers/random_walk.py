"""The law under which the logarithm of a gradient's length walks without drift."""

import math
from typing import Literal, get_args

from initlab.initializers.base import Initializer
from initlab.initializers.fans import Fan
from initlab.initializers.variance_scaling import normal_of

WalkingActivation = Literal["linear", "relu"]


def random_walk(activation: WalkingActivation = "relu") -> Initializer:
    r"""Gaussian weights whose scale keeps the mean *logarithm* of a length, not its square.

    .. math:: W_{ij} \sim \mathcal{N}(0, g^2/N), \qquad
              g_\text{linear} = e^{1/(2N)}, \qquad
              g_\text{ReLU} = \sqrt 2\, e^{1.2/(\max(N, 6) - 2.4)},
              \qquad N = \text{fan\_in}

    Where the mean square is kept the typical network shrinks, since a logarithm is concave: by
    :math:`1/N` a layer in a linear network of width :math:`N`. The gain makes up for it; that of
    ReLU is a fit to simulations, valid from :math:`N = 6`. It tends to the usual gain as the width
    grows.

    Args:
        activation: whose gain, `"linear"` or `"relu"`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `activation` is neither.

    References:
        Sussillo and Abbott, Random Walk Initialization for Training Very Deep Feedforward Networks
        (arXiv:1412.6558), equations 6 and 7.
    """
    if activation not in get_args(WalkingActivation):
        raise ValueError(
            f"`activation` must be one of {', '.join(get_args(WalkingActivation))}, "
            f"got {activation!r}."
        )

    return normal_of(lambda fan_in, fan_out: random_walk_variance(activation, fan_in))


def random_walk_variance(activation: WalkingActivation, fan_in: Fan) -> float:
    """Returns the variance of a weight of `random_walk`: its gain squared over the fan-in."""
    if activation == "linear":
        return math.exp(1.0 / fan_in) / fan_in
    return 2.0 * math.exp(2.4 / (max(fan_in, 6) - 2.4)) / fan_in
