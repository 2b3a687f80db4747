"""Layers that work on channels have the values and gradients of their formulas."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.models.channels import local_response


@pytest.mark.parametrize("size", [3, 4, 5])
def test_local_response_has_the_value_and_the_gradient_of_its_formula(size):
    alpha, beta, k, channels = 0.3, 0.75, 2.0, 7
    rng = np.random.default_rng(0)
    x, slope = rng.standard_normal((2, 2, 3, 4, channels))
    before = size // 2
    # Row i has the neighbours j of channel i: from i - size // 2 on, `size` of them.
    near = np.array(
        [[0 <= j - i + before < size for j in range(channels)] for i in range(channels)], float
    )
    total = k + alpha * (x**2) @ near.T
    # y_i = x_i t_i^-b: by x_j there are t_j^-b, and -2 a b x_i x_j t_i^(-b-1) from each i near j.
    through = (slope * x * total ** (-beta - 1)) @ near
    expected = slope * total**-beta - 2 * alpha * beta * x * through
    value, pull_back = jax.vjp(
        lambda x: local_response(x, size, alpha, beta, k), jnp.asarray(x, jnp.float32)
    )
    (found,) = pull_back(jnp.asarray(slope, jnp.float32))
    np.testing.assert_allclose(value, x * total**-beta, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
