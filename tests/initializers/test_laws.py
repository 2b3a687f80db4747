"""Mean, variance, bounds and distribution of every random law, for dense and convolution."""

import inspect
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

from initlab.initializers import INITIALIZERS
from tests.initializers.cases import CASES, CONVOLUTION, DENSE, FANS, Case, draw, draw_case

EACH = pytest.mark.parametrize(
    ("case", "shape"),
    [(case, shape) for case in CASES for shape in FANS],
    ids=lambda value: value.name if isinstance(value, Case) else str(len(value)),
)


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
    ("name", "value"),
    [("zeros", 0.0), ("ones", 1.0), ("constant", -0.25), ("zfnet_constant", 0.01)],
    ids=str,
)
@pytest.mark.parametrize("shape", [DENSE, CONVOLUTION, (7,)], ids=len)
def test_constant_laws_are_constant(name, value, shape):
    arguments = {"value": value} if name == "constant" else {}
    kernel = INITIALIZERS[name](**arguments)(jax.random.key(0), shape)
    assert kernel.shape == shape
    assert bool((kernel == jnp.float32(value)).all())


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
    "variance_scaling": {"scale": 2.0},
    "he_leaky_normal": {"negative_slope": 0.1},
    "he_leaky_uniform": {"negative_slope": 0.1},
    "sparse": {"sparsity": 0.5},
}
HAND_MADE = {"sobel", "prewitt", "laplacian", "gabor", "curve_detector", "x_detector"}
NOT_RANDOM = {"zeros", "ones", "constant", "identity", "zfnet_constant", "dirac", "zero_hadamard"}


def kernel_shape(name):
    """A shape that the law takes, with more filters than any law makes by hand."""
    return (3, 3, 2, 40) if name in HAND_MADE else (16, 8)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_law_satisfies_the_protocol(name):
    law = INITIALIZERS[name](**ARGUMENTS.get(name, {}))
    key, dtype = (
        inspect.signature(law).parameters["key"],
        inspect.signature(law).parameters["dtype"],
    )
    assert key.default is inspect.Parameter.empty
    assert dtype.default is jnp.float32
    for shape in ((3, 3, 2, 4),) if name in HAND_MADE else ((6, 4), (3, 3, 2, 4)):
        for dtype in (jnp.float32, jnp.bfloat16, jnp.float16):
            kernel = law(jax.random.key(0), shape, dtype)
            assert (kernel.shape, kernel.dtype) == (shape, dtype)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_law_depends_on_the_key_alone(name):
    law = INITIALIZERS[name](**ARGUMENTS.get(name, {}))
    keys = jax.random.split(jax.random.key(3), 4)
    shape = kernel_shape(name)
    draw_each = jax.vmap(lambda key: law(key, shape))
    assert jax.eval_shape(jax.jit(draw_each), keys).shape == (4, *shape)
    mapped = draw_each(keys)
    alone = jnp.stack([law(key, shape) for key in keys])
    # QR may sum in another order in a batch.
    np.testing.assert_allclose(mapped, alone, rtol=1e-6, atol=1e-6)
    assert bool((mapped[0] != mapped[1]).any()) == (name not in NOT_RANDOM)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_narrow_type_holds_the_rounded_draw(name):
    law = INITIALIZERS[name](**ARGUMENTS.get(name, {}))
    wide = law(jax.random.key(5), kernel_shape(name), jnp.float32)
    narrow = law(jax.random.key(5), kernel_shape(name), jnp.bfloat16)
    assert bool((narrow == wide.astype(jnp.bfloat16)).all())
