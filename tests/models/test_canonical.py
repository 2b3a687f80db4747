"""Images that are convolved a part of the batch at a time."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.models import convolution as module
from initlab.models.canonical import Window, canonical, native
from initlab.models.convolution import PART, convolution, parts_of

WINDOW = Window((2, 1), ((1, 0), (2, 1)), (1, 2), 1)


def passes(operation, x, kernel, slope):
    value, pull_back = jax.vjp(operation, x, kernel)
    return value, *pull_back(slope)


@pytest.mark.parametrize("parts", [1, 2, 3, 6])
def test_values_and_gradients_are_those_of_all_images_at_once(parts):
    rng = np.random.default_rng(0)
    x, kernel = (
        jnp.asarray(rng.standard_normal(shape), np.float32)
        for shape in ((6, 7, 8, 2), (3, 2, 2, 3))
    )
    shape = jax.eval_shape(lambda x, w: native(WINDOW, x, w), x, kernel).shape
    slope = jnp.asarray(rng.standard_normal(shape), np.float32)
    found = passes(lambda x, w: canonical(WINDOW, parts, x, w), x, kernel, slope)
    expected = passes(lambda x, w: native(WINDOW, x, w), x, kernel, slope)
    for own, other in zip(found, expected, strict=True):
        assert own.shape == other.shape
        # Sums of at most 6 x 7 x 8 products, in whatever order: float32's rounding of each.
        assert np.max(np.abs(own - other)) <= 336 * 2**-24 * np.max(np.abs(other))


def parts(batch, side, channels, stride=1, taps=3):
    window = Window((stride, stride), ((1, 1), (1, 1)), (1, 1), 1)
    x, kernel = (
        jnp.zeros((batch, side, side, channels)),
        jnp.zeros((taps, taps, channels, channels)),
    )
    return parts_of(window, x, kernel)


def test_what_a_part_makes_is_at_most_a_mebibyte_and_the_parts_are_equal():
    assert parts(64, 28, 16) == 4  # 3.06 MiB
    assert parts(64, 28, 64) == 16
    assert parts(64, 14, 16) == 1  # 0.77 MiB
    assert parts(64, 28, 16, stride=2) == 1
    assert parts(360, 28, 16) == 18  # 17.2 MiB: of the divisors of 360 the next
    assert parts(61, 28, 16) == 1  # a prime: all at once, not image by image
    for batch in range(1, 130):
        number = parts(batch, 14, 16)
        assert batch % number == 0
        assert number == 1 or batch / number * 14 * 14 * 16 * 4 <= PART


def test_large_images_are_taken_in_parts(monkeypatch):
    rng = np.random.default_rng(0)
    x, kernel = (
        jnp.asarray(rng.standard_normal(shape), np.float32)
        for shape in ((4, 6, 6, 2), (3, 3, 2, 2))
    )

    def loops(most):
        monkeypatch.setattr(module, "PART", most)
        program = jax.jit(lambda x, w: convolution(x, w, (1, 1), "SAME")).lower(x, kernel)
        return program.as_text().count("stablehlo.while")

    assert loops(4 * 6 * 6 * 2 * 4) == 0
    assert loops(4 * 6 * 6 * 2 * 4 - 1) == 1
