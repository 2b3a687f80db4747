"""The stated variance of each law against its draws."""

import math

import jax
import numpy as np
import pytest

from initlab.initializers import INITIALIZERS
from initlab.spec.laws import (
    CaffeFiller,
    Constant,
    FanInNormal,
    Gained,
    HeLeaky,
    LenetClass,
    Normal,
    PlainLaw,
    RandomWalk,
    SirenFirst,
    SirenHidden,
    Sparse,
    TiedHalves,
    TruncatedNormal,
    Uniform,
    VarianceScaling,
)
from initlab.theory.law_variance import OF_FANS, law_variance

STATED = [
    *(PlainLaw(name=name) for name in OF_FANS if name != "zeros"),
    Normal(name="normal", stddev=0.3),
    TruncatedNormal(name="truncated_normal", stddev=0.3),
    Uniform(name="uniform", low=-0.2, high=0.2),
    FanInNormal(name="fan_in_normal", weight_variance=1.5),
    Gained(name="orthogonal", gain=1.5),
    VarianceScaling(name="variance_scaling", scale=0.7, mode="fan_geo_avg"),
    HeLeaky(name="he_leaky_normal", negative_slope=0.5),
    CaffeFiller(name="caffe_xavier", mode="fan_out"),
    CaffeFiller(name="caffe_msra"),
    LenetClass(name="lenet_class_uniform", pool_area=4),
    SirenFirst(name="siren_first", folded_omega=3.0),
    SirenHidden(name="siren_hidden", omega=2.0),
    RandomWalk(name="random_walk"),
    RandomWalk(name="random_walk", activation="linear"),
]


@pytest.mark.parametrize("law", STATED, ids=lambda law: law.label)
@pytest.mark.parametrize("shape", [(64, 256), (256, 64)])
def test_the_stated_variance_is_that_of_the_draws(law, shape):
    init = INITIALIZERS[law.name](**law.arguments())
    draws = np.stack([init(jax.random.key(seed), shape) for seed in range(20)])
    # Of n entries the mean square has relative standard error sqrt(2 / n) at most (Gaussian).
    tolerance = 5 * math.sqrt(2 / draws.size)
    assert np.mean(draws**2, dtype=np.float64) == pytest.approx(
        law_variance(law, shape), rel=tolerance
    )


@pytest.mark.parametrize(
    "law",
    [
        PlainLaw(name="ones"),
        Constant(name="constant", value=1.0),
        Normal(name="normal", stddev=1.0, mean=0.1),
        TruncatedNormal(name="truncated_normal", stddev=1.0, mean=0.1),
        Uniform(name="uniform", low=0.0, high=1.0),
        Gained(name="identity"),
        TiedHalves(name="tied_halves", weight_variance=1.0),
        Sparse(name="sparse", sparsity=0.5),
    ],
    ids=lambda law: law.label,
)
def test_weights_with_a_mean_or_tied_have_no_number(law):
    assert law_variance(law, (8, 8)) is None
