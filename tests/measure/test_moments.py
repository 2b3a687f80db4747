"""Moments agree with double precision over the range of float32, and do not cancel."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.measure.moments import moments, root_mean_square

# Two passes over n entries, pairwise or in order, lose at most about log2(n) to n roundings.
RELATIVE = 1e-5


def exact(x: np.ndarray) -> tuple[float, float, float]:
    wide = x.astype(np.float64)
    return float(wide.mean()), float(wide.std()), float(np.sqrt((wide**2).mean()))


@pytest.mark.parametrize("scale", [1e-34, 1e-20, 1e-12, 1.0, 1e12, 1e18, 1e30, 1e37])
@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_moments_agree_with_double_precision_at_every_size(scale, shift):
    rng = np.random.default_rng(0)
    x = (scale * (rng.standard_normal((64, 48)) / 4 + shift)).astype(np.float32)
    measured = np.asarray(jax.jit(moments)(x)[0], np.float64)
    mean, deviation, rms = exact(x)
    assert measured[0] == pytest.approx(mean, abs=RELATIVE * rms)
    assert measured[1] == pytest.approx(deviation, rel=RELATIVE)
    assert measured[2] == pytest.approx(rms, rel=RELATIVE)
    assert float(root_mean_square(jnp.asarray(x))) == pytest.approx(rms, rel=RELATIVE)


@pytest.mark.parametrize("size", [1.0, 4.0, 64.0, 4096.0])
def test_small_variance_about_a_large_mean_does_not_cancel(size):
    x = np.float32(size) + np.random.default_rng(1).standard_normal(10_000).astype(np.float32) / 8
    _, deviation, _ = moments(jnp.asarray(x))[0]
    # E[x^2] - E[x]^2 in float32 is off by about size^2 * 1e-7, and at 4096 that is a hundred times
    # the variance. A second pass leaves the rounding of x itself, size * 6e-8 in each entry.
    assert float(deviation) == pytest.approx(float(x.astype(np.float64).std()), rel=1e-4)


@pytest.mark.parametrize("share", [0.45, 0.49, 0.51, 0.9, 0.97])
@pytest.mark.parametrize("seed", range(8))
def test_a_mean_of_any_share_costs_a_few_roundings_at_most(share, seed):
    noise = np.random.default_rng(seed).standard_normal(4096)
    noise = (noise - noise.mean()) / noise.std()
    x = (np.sqrt(1 - share) * noise + np.sqrt(share)).astype(np.float32)
    _, deviation, _ = np.asarray(moments(jnp.asarray(x))[0], np.float64)
    # Sums by parts are off by about one rounding of 6e-8. One pass doubles it at a share of one
    # half; at 0.97 it would multiply it by fifty.
    assert deviation == pytest.approx(x.astype(np.float64).std(), rel=4 * 2**-24)


@pytest.mark.parametrize("largest", [8e37, 2e38, 3.4e38])
def test_moments_are_right_up_to_the_largest_number(largest):
    x = np.linspace(-largest, largest, 999).astype(np.float32)
    _, deviation, rms = np.asarray(jax.jit(moments)(x)[0], np.float64)
    assert [deviation, rms] == pytest.approx(exact(x)[1:], rel=RELATIVE)


def test_moments_of_several_arrays_are_those_of_each():
    rng = np.random.default_rng(2)
    arrays = [
        (scale * (rng.standard_normal((9, 7)) + shift)).astype(np.float32)
        for scale, shift in ((1.0, 0.0), (1e-25, 3.0), (1e3, 50.0))
    ]
    together = np.asarray(moments(*map(jnp.asarray, arrays)), np.float64)
    for row, x in zip(together, arrays, strict=True):
        mean, deviation, rms = exact(x)
        assert row == pytest.approx([mean, deviation, rms], rel=RELATIVE, abs=RELATIVE * rms)


def test_zeros_have_moments_of_zero():
    assert np.array_equal(moments(jnp.zeros((3, 5))), np.zeros((1, 3)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_entry_that_is_not_finite_shows(bad):
    x = jnp.ones((4, 4)).at[1, 2].set(bad)
    assert not np.isfinite(moments(x)[0, 1:]).any()
