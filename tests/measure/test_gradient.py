"""A gradient is finite where every entry is, and its norm is right over the range of float32."""

import jax.numpy as jnp
import numpy as np
import pytest

from initlab.measure.gradient import all_finite, global_norm


def test_finite_gradients_whose_sum_is_not_are_finite():
    large = jnp.full((4,), 2e38, jnp.float32)
    assert not np.isfinite(jnp.sum(large))
    assert all_finite({"kernel": large, "bias": jnp.zeros(3)})


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_entry_makes_a_gradient_not_finite(bad):
    gradient = {"kernel": jnp.zeros((4, 4)).at[2, 1].set(bad), "bias": jnp.zeros(3)}
    assert not all_finite(gradient)


@pytest.mark.parametrize("scale", [1e-30, 1e-18, 1.0, 1e18, 1e30])
def test_norm_is_that_of_all_entries_together(scale):
    rng = np.random.default_rng(0)
    kernel, bias = rng.standard_normal((30, 20)) * scale, rng.standard_normal(20) * scale / 7
    expected = np.linalg.norm(np.concatenate([kernel.reshape(-1), bias]))
    found = global_norm({"kernel": jnp.float32(kernel), "bias": jnp.float32(bias)})
    # Squares of 620 entries, each rounded once, added up in float32.
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_norm_of_zeros_is_zero():
    assert global_norm({"kernel": jnp.zeros((3, 2))}) == 0
