"""Mean, variance, bounds and distribution of every random law, for dense and convolution."""

import functools
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest
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
]
EACH = pytest.mark.parametrize(
    ("case", "shape"),
    [(case, shape) for case in CASES for shape in FANS],
    ids=lambda value: value.name if isinstance(value, Case) else str(len(value)),
)


def draw(law, shape):
    """Kernels of `NUM_KEYS` keys as float64."""
    keys = jax.random.split(jax.random.key(20), NUM_KEYS)
    return np.asarray(jax.vmap(lambda key: law(key, shape))(keys), np.float64)


@functools.cache
def draw_case(case, shape):
    return draw(case.law(), shape)


@EACH
def test_mean_and_variance_are_those_of_the_law(case, shape):
    expected = case.expected(*FANS[shape])
    values = draw_case(case, shape).ravel()
    # Standard error of a mean of n values, and relative standard error of their variance,
    # sqrt((kurtosis - 1) / n): five of either, 1.4 % of the variance for a Gaussian.
    mean_tolerance = 5 * expected.std() / math.sqrt(values.size)
    variance_tolerance = 5 * math.sqrt((case.kurtosis - 1) / values.size)
    assert values.mean() == pytest.approx(expected.mean(), abs=mean_tolerance)
    assert values.var() == pytest.approx(expected.var(), rel=variance_tolerance)


@EACH
def test_values_follow_the_law(case, shape):
    expected = case.expected(*FANS[shape])
    # Kolmogorov and Smirnov: a true law gives less than 1e-6 once in a million seeds.
    assert scipy.stats.kstest(draw_case(case, shape).ravel(), expected.cdf).pvalue > 1e-6


@EACH
def test_values_reach_the_bounds_and_stay_within(case, shape):
    low, high = case.expected(*FANS[shape]).support()
    values = draw_case(case, shape)
    if math.isinf(high):
        # Of 262,144 Gaussian values some 700 lie beyond three standard deviations.
        assert np.abs(values - values.mean()).max() > 3 * values.std()
        return
    # Float32 rounding of the bound, and the emptier 1 % of a cut Gaussian's range, which holds
    # 0.1 % of 262,144 values, at each end.
    margin = 0.01 * (high - low)
    slack = 1e-6 * (high - low)
    assert low - slack <= values.min() < low + margin
    assert high - margin < values.max() <= high + slack


@EACH
def test_values_are_uncorrelated(case, shape):
    kernel = draw_case(case, shape)[0].reshape(-1, shape[-1])
    # Correlation of neighbours along either axis has standard error 1 / sqrt(pairs).
    for first, second in ((kernel[1:], kernel[:-1]), (kernel[:, 1:], kernel[:, :-1])):
        correlation = np.corrcoef(first.ravel(), second.ravel())[0, 1]
        assert abs(correlation) < 5 / math.sqrt(first.size)


@pytest.mark.parametrize(
    ("name", "value"), [("zeros", 0.0), ("ones", 1.0), ("constant", -0.25)], ids=str
)
@pytest.mark.parametrize("shape", [DENSE, CONVOLUTION, (7,)], ids=len)
def test_constant_laws_are_constant(name, value, shape):
    arguments = {"value": value} if name == "constant" else {}
    kernel = INITIALIZERS[name](**arguments)(jax.random.key(0), shape)
    assert kernel.shape == shape
    assert bool((kernel == value).all())


@pytest.mark.parametrize("name", ["normal", "truncated_normal"])
def test_no_noise_leaves_the_mean(name):
    kernel = INITIALIZERS[name](stddev=0.0, mean=0.5)(jax.random.key(0), (4, 4))
    assert bool((kernel == 0.5).all())


JAX_TWINS = {
    "lecun_normal": jax.nn.initializers.lecun_normal(),
    "lecun_uniform": jax.nn.initializers.lecun_uniform(),
    "glorot_normal": jax.nn.initializers.glorot_normal(),
    "glorot_uniform": jax.nn.initializers.glorot_uniform(),
    "he_normal": jax.nn.initializers.he_normal(),
    "he_uniform": jax.nn.initializers.he_uniform(),
}


@pytest.mark.parametrize("name", JAX_TWINS)
def test_realised_variance_is_that_of_jax(name):
    ours, theirs = draw(INITIALIZERS[name](), CONVOLUTION), draw(JAX_TWINS[name], CONVOLUTION)
    # Two independent sample variances, of kurtosis at most 3.
    assert ours.var() == pytest.approx(theirs.var(), rel=5 * math.sqrt(2 * 2 / ours.size))


ARGUMENTS = {
    "constant": {"value": 0.5},
    "normal": {"stddev": 0.5},
    "uniform": {"low": -1.0, "high": 1.0},
    "truncated_normal": {"stddev": 0.5},
    "fan_in_normal": {"weight_variance": 2.0},
    "tied_halves": {"weight_variance": 2.0},
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_law_satisfies_the_protocol(name):
    law = INITIALIZERS[name](**ARGUMENTS.get(name, {}))
    key, dtype = (
        inspect.signature(law).parameters["key"],
        inspect.signature(law).parameters["dtype"],
    )
    assert key.default is inspect.Parameter.empty
    assert dtype.default is jnp.float32
    for shape in ((6, 4), (3, 3, 2, 4)):
        for dtype in (jnp.float32, jnp.bfloat16, jnp.float16):
            kernel = law(jax.random.key(0), shape, dtype)
            assert (kernel.shape, kernel.dtype) == (shape, dtype)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_law_depends_on_the_key_alone(name):
    law = INITIALIZERS[name](**ARGUMENTS.get(name, {}))
    keys = jax.random.split(jax.random.key(3), 4)
    draw_each = jax.vmap(lambda key: law(key, (16, 8)))
    assert jax.eval_shape(jax.jit(draw_each), keys).shape == (4, 16, 8)
    mapped = draw_each(keys)
    alone = jnp.stack([law(key, (16, 8)) for key in keys])
    # QR may sum in another order in a batch.
    np.testing.assert_allclose(mapped, alone, rtol=1e-6, atol=1e-6)
    random = name not in {"zeros", "ones", "constant", "identity"}
    assert bool((mapped[0] != mapped[1]).any()) == random


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_narrow_type_holds_the_rounded_draw(name):
    law = INITIALIZERS[name](**ARGUMENTS.get(name, {}))
    wide = law(jax.random.key(5), (16, 8), jnp.float32)
    narrow = law(jax.random.key(5), (16, 8), jnp.bfloat16)
    assert bool((narrow == wide.astype(jnp.bfloat16)).all())
