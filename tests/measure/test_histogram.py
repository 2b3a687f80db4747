"""Histograms of activations against NumPy's."""

import jax.numpy as jnp
import numpy as np
import pytest

from initlab.measure.histogram import LIMIT, NUM_BINS, NUM_INPUTS, activation_histogram


@pytest.mark.parametrize("size", [1.0, 1e-30])
def test_histogram_agrees_with_numpy_on_the_first_inputs(size):
    x = np.random.default_rng(0).standard_normal((50, 40)).astype(np.float32)
    found = np.asarray(activation_histogram(jnp.asarray(np.float32(size) * x)))
    scaled = x[:NUM_INPUTS] / np.sqrt((x.astype(np.float64) ** 2).mean())
    counts, _ = np.histogram(np.clip(scaled, -LIMIT, LIMIT), NUM_BINS, (-LIMIT, LIMIT))
    # An entry within a rounding of an edge may fall on either side of it.
    assert np.abs(found - counts / counts.sum()).max() <= 2 / counts.sum()
    assert found.sum() == pytest.approx(1.0, abs=1e-6)


def test_values_beyond_the_limits_count_in_the_outermost_bins():
    x = np.zeros((32, 100), np.float32)
    x[:, 0], x[:, 1] = 100.0, -100.0
    found = np.asarray(activation_histogram(jnp.asarray(x)))
    assert found[[0, -1]] == pytest.approx([0.01, 0.01], rel=1e-5)


def test_what_is_not_a_number_counts_in_no_bin():
    x = np.ones((32, 4), np.float32)
    x[:, 0] = np.nan
    assert np.asarray(activation_histogram(jnp.asarray(x))).sum() == 0.75
