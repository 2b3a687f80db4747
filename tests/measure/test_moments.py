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
    measured = [float(m) for m in jax.jit(moments)(x)]
    mean, deviation, rms = exact(x)
    assert measured[0] == pytest.approx(mean, abs=RELATIVE * rms)
    assert measured[1] == pytest.approx(deviation, rel=RELATIVE)
    assert measured[2] == pytest.approx(rms, rel=RELATIVE)
    assert float(root_mean_square(jnp.asarray(x))) == pytest.approx(rms, rel=RELATIVE)


def test_small_variance_about_a_large_mean_does_not_cancel():
    x = np.float32(4096.0) + np.random.default_rng(1).standard_normal(10_000).astype(np.float32) / 8
    _, deviation, _ = moments(jnp.asarray(x))
    # E[x^2] - E[x]^2 in float32 is off by about 4096^2 * 1e-7 = 2, a hundred times the variance.
    assert float(deviation) == pytest.approx(float(x.astype(np.float64).std()), rel=1e-3)


def test_zeros_have_moments_of_zero():
    assert [float(m) for m in moments(jnp.zeros((3, 5)))] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_entry_that_is_not_finite_shows(bad):
    x = jnp.ones((4, 4)).at[1, 2].set(bad)
    assert not np.isfinite([float(m) for m in moments(x)[1:]]).any()
