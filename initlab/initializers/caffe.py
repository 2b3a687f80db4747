"""The fillers of Caffe that know the fans."""

from typing import Literal, get_args

from initlab.initializers.base import Initializer
from initlab.initializers.variance_scaling import mean_fan, normal_of, uniform_of

CaffeMode = Literal["fan_in", "fan_out", "fan_avg"]


def _require_mode(mode: str) -> None:
    if mode not in get_args(CaffeMode):
        raise ValueError(f"`mode` must be one of {', '.join(get_args(CaffeMode))}, got {mode!r}.")


def caffe_xavier(mode: CaffeMode = "fan_in") -> Initializer:
    r"""Caffe's `xavier` filler: uniform weights of variance :math:`1/n`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{3/n})

    By default :math:`n` is the fan-in, so that the filler that carries Glorot's first name draws
    LeCun's law (`lecun_uniform`); only with `fan_avg` it is `glorot_uniform`. GoogLeNet was
    published with it and biases of 0.2.

    Args:
        mode: what :math:`n` is, `"fan_in"`, `"fan_out"` or `"fan_avg"`: Caffe's `variance_norm`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `mode` is unknown.

    References:
        `XavierFiller` in `include/caffe/filler.hpp`; `bvlc_googlenet`.
    """
    _require_mode(mode)
    return uniform_of(lambda fan_in, fan_out: 1.0 / mean_fan(mode, fan_in, fan_out))


def caffe_msra(mode: CaffeMode = "fan_in") -> Initializer:
    r"""Caffe's `msra` filler: Gaussian weights of variance :math:`2/n`, not cut.

    .. math:: W_{ij} \sim \mathcal{N}(0, 2/n)

    Args:
        mode: what :math:`n` is, `"fan_in"`, `"fan_out"` or `"fan_avg"`: Caffe's `variance_norm`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `mode` is unknown.

    References:
        `MSRAFiller` in `include/caffe/filler.hpp`; He et al., Delving Deep into Rectifiers
        (arXiv:1502.01852), equations 10 and 14.
    """
    _require_mode(mode)
    return normal_of(lambda fan_in, fan_out: 2.0 / mean_fan(mode, fan_in, fan_out))
