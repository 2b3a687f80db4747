"""The fans of a kernel."""

import jax.numpy as jnp
import pytest
from jax import random

from initlab.initializers import INITIALIZERS, fans


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((3, 4), (3, 4)),
        ((1, 2, 3, 4), (6, 8)),  # Haiku's own test of `_compute_fans`.
        ((5, 32, 64), (160, 320)),
        ((3, 3, 3, 2, 7), (54, 189)),
    ],
)
def test_fans_are_the_window_times_inputs_and_outputs(shape, expected):
    assert fans(shape) == expected


@pytest.mark.parametrize("shape", [(), (5,)])
def test_a_bias_has_no_fans(shape):
    with pytest.raises(ValueError) as caught:
        fans(shape)
    assert str(caught.value) == (
        f"`shape` must be `(*window, in, out)` for a law that depends on the fans, got {shape}."
    )


def test_an_empty_kernel_has_no_fans():
    with pytest.raises(ValueError) as caught:
        fans((0, 3))
    assert str(caught.value) == "`shape` must have positive sizes, got (0, 3)."


@pytest.mark.parametrize("name", ["he_normal", "orthogonal", "identity", "haiku_default"])
def test_a_law_of_kernels_refuses_a_bias(name):
    with pytest.raises(ValueError, match="depends on the fans"):
        INITIALIZERS[name]()(random.key(0), (5,), jnp.float32)
