"""Every random law of independent entries, and what it should follow given the fans."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import jax
import numpy as np
import scipy.stats

from initlab.initializers import INITIALIZERS, Initializer

NUM_KEYS = 8
DENSE = (256, 128)
CONVOLUTION = (3, 3, 32, 64)
FANS = {DENSE: (256, 128), CONVOLUTION: (288, 576)}
# Of a unit Gaussian cut at plus and minus 2, by quadrature.
CUT_VARIANCE = 0.773741303550
CUT_KURTOSIS = 2.365537


def gaussian(stddev, mean=0.0):
    return scipy.stats.norm(mean, stddev)


def cut_gaussian(parent_stddev, mean=0.0):
    return scipy.stats.truncnorm(-2, 2, loc=mean, scale=parent_stddev)


def corrected(variance):
    return cut_gaussian(math.sqrt(variance / CUT_VARIANCE))


def even(low, high):
    return scipy.stats.uniform(low, high - low)


@dataclass(frozen=True)
class Case:
    """A law, what it should follow given the fans, and that law's kurtosis."""

    name: str
    expected: Callable[[int, int], object]
    kurtosis: float
    arguments: tuple[tuple[str, float | str], ...] = ()

    def law(self) -> Initializer:
        return INITIALIZERS[self.name](**dict(self.arguments))


def symmetric(bound):
    return even(-bound, bound)


NORMAL, UNIFORM = 3.0, 1.8
SLOPE_HALF = (("negative_slope", 0.5),)
FAN_OUT, FAN_AVG = (("mode", "fan_out"),), (("mode", "fan_avg"),)
MODES = {
    "fan_in": lambda i, o: i,
    "fan_out": lambda i, o: o,
    "fan_avg": lambda i, o: (i + o) / 2,
    "fan_geo_avg": lambda i, o: math.sqrt(i * o),
}
DISTRIBUTIONS = {
    "truncated_normal": (corrected, CUT_KURTOSIS),
    "normal": (lambda variance: gaussian(math.sqrt(variance)), NORMAL),
    "uniform": (lambda variance: symmetric(math.sqrt(3 * variance)), UNIFORM),
}


def scaled(fan_in, fan_out, *, draw_from, mean_fan):
    return draw_from(1.7 / mean_fan(fan_in, fan_out))


CASES = [
    Case("normal", lambda i, o: gaussian(0.01), NORMAL, (("stddev", 0.01),)),
    Case("normal", lambda i, o: gaussian(0.01, 0.005), NORMAL, (("stddev", 0.01), ("mean", 0.005))),
    Case("truncated_normal", lambda i, o: cut_gaussian(0.05), CUT_KURTOSIS, (("stddev", 0.05),)),
    Case(
        "truncated_normal",
        lambda i, o: cut_gaussian(0.05, -0.02),
        CUT_KURTOSIS,
        (("stddev", 0.05), ("mean", -0.02)),
    ),
    Case("uniform", lambda i, o: even(-0.1, 0.3), UNIFORM, (("low", -0.1), ("high", 0.3))),
    Case(
        "fan_in_normal",
        lambda i, o: gaussian(math.sqrt(1.7 / i)),
        NORMAL,
        (("weight_variance", 1.7),),
    ),
    Case("lecun_normal", lambda i, o: corrected(1 / i), CUT_KURTOSIS),
    Case("lecun_uniform", lambda i, o: symmetric(math.sqrt(3 / i)), UNIFORM),
    Case("glorot_normal", lambda i, o: corrected(2 / (i + o)), CUT_KURTOSIS),
    Case("glorot_uniform", lambda i, o: symmetric(math.sqrt(6 / (i + o))), UNIFORM),
    Case("he_normal", lambda i, o: corrected(2 / i), CUT_KURTOSIS),
    Case("he_uniform", lambda i, o: symmetric(math.sqrt(6 / i)), UNIFORM),
    Case("lenet_uniform", lambda i, o: symmetric(1 / i), UNIFORM),
    Case("pytorch_default", lambda i, o: symmetric(1 / math.sqrt(i)), UNIFORM),
    Case("keras_default", lambda i, o: symmetric(math.sqrt(6 / (i + o))), UNIFORM),
    Case("flax_default", lambda i, o: corrected(1 / i), CUT_KURTOSIS),
    Case("haiku_default", lambda i, o: cut_gaussian(1 / math.sqrt(i)), CUT_KURTOSIS),
    *(
        Case(
            "variance_scaling",
            functools.partial(scaled, draw_from=draw_from, mean_fan=mean_fan),
            kurtosis,
            (("scale", 1.7), ("mode", mode), ("distribution", distribution)),
        )
        for distribution, (draw_from, kurtosis) in DISTRIBUTIONS.items()
        for mode, mean_fan in MODES.items()
    ),
    Case("he_leaky_normal", lambda i, o: corrected(1.6 / i), CUT_KURTOSIS, SLOPE_HALF),
    Case("he_leaky_uniform", lambda i, o: symmetric(math.sqrt(4.8 / i)), UNIFORM, SLOPE_HALF),
    Case("lenet_demo_uniform", lambda i, o: symmetric(1 / math.sqrt(i)), UNIFORM),
    Case("lenet_class_uniform", lambda i, o: symmetric(math.sqrt(6 / (i + o // 4))), UNIFORM),
    Case(
        "lenet_class_uniform",
        lambda i, o: symmetric(math.sqrt(6 / (i + o // 9))),
        UNIFORM,
        (("pool_area", 9),),
    ),
    Case("lenet_sigmoid_uniform", lambda i, o: symmetric(math.sqrt(96 / (i + o))), UNIFORM),
    Case("lenet_paper_uniform", lambda i, o: symmetric(2.4 / i), UNIFORM),
    Case("alexnet_normal", lambda i, o: gaussian(0.01), NORMAL),
    Case("caffenet_dense_normal", lambda i, o: gaussian(0.005), NORMAL),
    Case("vgg_normal", lambda i, o: gaussian(math.sqrt(0.01)), NORMAL),
    Case("vgg_port_normal", lambda i, o: gaussian(0.01), NORMAL),
    Case("zfnet_normal", lambda i, o: gaussian(0.01), NORMAL),
    Case("nin_normal", lambda i, o: gaussian(0.05), NORMAL),
    Case("caffe_xavier", lambda i, o: symmetric(math.sqrt(3 / i)), UNIFORM),
    Case("caffe_xavier", lambda i, o: symmetric(math.sqrt(3 / o)), UNIFORM, FAN_OUT),
    Case("caffe_xavier", lambda i, o: symmetric(math.sqrt(6 / (i + o))), UNIFORM, FAN_AVG),
    Case("caffe_msra", lambda i, o: gaussian(math.sqrt(2 / i)), NORMAL),
    Case("caffe_msra", lambda i, o: gaussian(math.sqrt(2 / o)), NORMAL, FAN_OUT),
    Case("caffe_msra", lambda i, o: gaussian(math.sqrt(4 / (i + o))), NORMAL, FAN_AVG),
    Case("siren_first", lambda i, o: symmetric(1 / i), UNIFORM),
    Case("siren_first", lambda i, o: symmetric(30 / i), UNIFORM, (("folded_omega", 30.0),)),
    Case("siren_hidden", lambda i, o: symmetric(math.sqrt(6 / i) / 30), UNIFORM),
    Case("siren_hidden", lambda i, o: symmetric(math.sqrt(6 / i)), UNIFORM, (("omega", 1.0),)),
    Case(
        "random_walk", lambda i, o: gaussian(math.sqrt(2 / i) * math.exp(1.2 / (i - 2.4))), NORMAL
    ),
    Case(
        "random_walk",
        lambda i, o: gaussian(math.exp(1 / (2 * i)) / math.sqrt(i)),
        NORMAL,
        (("activation", "linear"),),
    ),
]


def draw(law, shape):
    """Kernels of `NUM_KEYS` keys as float64."""
    keys = jax.random.split(jax.random.key(20), NUM_KEYS)
    return np.asarray(jax.vmap(lambda key: law(key, shape))(keys), np.float64)


@functools.cache
def draw_case(case, shape):
    return draw(case.law(), shape)
