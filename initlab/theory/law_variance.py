"""The variance of the weights that a law draws, as a number, where theory has one to work with."""

from collections.abc import Callable

from initlab.initializers.fans import Fan, fans
from initlab.initializers.random_walk import random_walk_variance
from initlab.initializers.variance_scaling import TRUNCATED_STDDEV, mean_fan
from initlab.spec.law import Law
from initlab.spec.laws import (
    CaffeFiller,
    FanInNormal,
    Gained,
    HeLeaky,
    LenetClass,
    Normal,
    PlainLaw,
    RandomWalk,
    SirenFirst,
    SirenHidden,
    TruncatedNormal,
    Uniform,
    VarianceScaling,
)

CUT = TRUNCATED_STDDEV**2

OF_FANS: dict[str, Callable[[Fan, Fan], float]] = {
    "zeros": lambda fan_in, fan_out: 0.0,
    "lecun_normal": lambda fan_in, fan_out: 1 / fan_in,
    "lecun_uniform": lambda fan_in, fan_out: 1 / fan_in,
    "glorot_normal": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "glorot_uniform": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he_normal": lambda fan_in, fan_out: 2 / fan_in,
    "he_uniform": lambda fan_in, fan_out: 2 / fan_in,
    "lenet_uniform": lambda fan_in, fan_out: 1 / (3 * fan_in**2),
    "pytorch_default": lambda fan_in, fan_out: 1 / (3 * fan_in),
    "keras_default": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "flax_default": lambda fan_in, fan_out: 1 / fan_in,
    "haiku_default": lambda fan_in, fan_out: CUT / fan_in,
    "lenet_demo_uniform": lambda fan_in, fan_out: 1 / (3 * fan_in),
    "lenet_sigmoid_uniform": lambda fan_in, fan_out: 32 / (fan_in + fan_out),
    "lenet_paper_uniform": lambda fan_in, fan_out: 2.4**2 / (3 * fan_in**2),
    "alexnet_normal": lambda fan_in, fan_out: 0.01**2,
    "caffenet_dense_normal": lambda fan_in, fan_out: 0.005**2,
    "vgg_normal": lambda fan_in, fan_out: 0.1**2,
    "vgg_port_normal": lambda fan_in, fan_out: 0.01**2,
    "zfnet_normal": lambda fan_in, fan_out: 0.01**2,
    "nin_normal": lambda fan_in, fan_out: 0.05**2,
}


def law_variance(law: Law, shape: tuple[int, ...]) -> float | None:
    r"""Returns the variance of an entry of a kernel of `shape`, or None where it tells too little.

    The kernel of a convolution of several groups is as many kernels, each drawn by itself.

    Theory needs weights of mean zero that are independent, or as good as that. A mean other than
    zero, ones, the identity, tied halves, sparse laws, whose units see few inputs, and an author's
    own laws have no number here. An
    orthogonal matrix has :math:`g^2 / \max(\text{fan\_in}, \text{out})`: its entries are
    independent to first order, and it scatters less than independent ones do. A delta-orthogonal
    kernel has it without a window alone: with one its entries are not alike.

    Args:
        law: what the weights are drawn from.
        shape: `(*window, in, out)`, of one group.

    >>> law_variance(PlainLaw(name="he_normal"), (128, 64))
    0.015625
    """
    fan_in, fan_out = fans(shape)
    match law:
        case PlainLaw(name=name) if name in OF_FANS:
            return OF_FANS[name](fan_in, fan_out)
        case Normal(stddev=stddev, mean=0.0):
            return stddev**2
        case TruncatedNormal(stddev=stddev, mean=0.0):
            return stddev**2 * CUT
        case Uniform(low=low, high=high) if low == -high:
            return high**2 / 3
        case Gained(name="orthogonal", gain=gain):
            return gain**2 / max(fan_in, shape[-1])
        case Gained(name="delta_orthogonal", gain=gain) if len(shape) == 2:
            return gain**2 / max(shape)
    return _over_fans(law, fan_in, fan_out)


def _over_fans(law: Law, fan_in: Fan, fan_out: Fan) -> float | None:
    """Returns the variance of a law with numbers of its own that divides by a fan."""
    match law:
        case FanInNormal(weight_variance=weight_variance):
            return weight_variance / fan_in
        case VarianceScaling(scale=scale, mode=mode):
            return scale / mean_fan(mode, fan_in, fan_out)
        case HeLeaky(negative_slope=slope):
            return 2 / ((1 + slope**2) * fan_in)
        case CaffeFiller(name=name, mode=mode):
            return (1 if name == "caffe_xavier" else 2) / mean_fan(mode, fan_in, fan_out)
        case LenetClass(pool_area=pool_area):
            return 2 / (fan_in + fan_out // pool_area)
        case SirenFirst(folded_omega=omega):
            return omega**2 / (3 * fan_in**2)
        case SirenHidden(omega=omega):
            return 2 / (fan_in * omega**2)
        case RandomWalk(activation=activation):
            return random_walk_variance(activation, fan_in)
    return None
