"""The laws that weights are drawn from; `INITIALIZERS` maps each name to its factory."""

from collections.abc import Callable

from initlab.initializers.base import Initializer
from initlab.initializers.constant import constant, ones, zeros
from initlab.initializers.fans import fans
from initlab.initializers.frameworks import (
    flax_default,
    haiku_default,
    keras_default,
    pytorch_default,
)
from initlab.initializers.gaussian import fan_in_normal, normal, truncated_normal
from initlab.initializers.identity import identity
from initlab.initializers.orthogonal import orthogonal
from initlab.initializers.tied import tied_halves
from initlab.initializers.uniform import lenet_uniform, uniform
from initlab.initializers.variance_scaling import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)

INITIALIZERS: dict[str, Callable[..., Initializer]] = {
    "zeros": zeros,
    "ones": ones,
    "constant": constant,
    "normal": normal,
    "uniform": uniform,
    "truncated_normal": truncated_normal,
    "fan_in_normal": fan_in_normal,
    "lecun_normal": lecun_normal,
    "lecun_uniform": lecun_uniform,
    "glorot_normal": glorot_normal,
    "glorot_uniform": glorot_uniform,
    "he_normal": he_normal,
    "he_uniform": he_uniform,
    "orthogonal": orthogonal,
    "identity": identity,
    "lenet_uniform": lenet_uniform,
    "pytorch_default": pytorch_default,
    "keras_default": keras_default,
    "flax_default": flax_default,
    "haiku_default": haiku_default,
    "tied_halves": tied_halves,
}

__all__ = [
    "INITIALIZERS",
    "Initializer",
    "constant",
    "fan_in_normal",
    "fans",
    "flax_default",
    "glorot_normal",
    "glorot_uniform",
    "haiku_default",
    "he_normal",
    "he_uniform",
    "identity",
    "keras_default",
    "lecun_normal",
    "lecun_uniform",
    "lenet_uniform",
    "normal",
    "ones",
    "orthogonal",
    "pytorch_default",
    "tied_halves",
    "truncated_normal",
    "uniform",
    "zeros",
]
