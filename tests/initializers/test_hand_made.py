"""Laws that begin with filters made by hand: norms, channels, spare filters, refusals."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab import filters
from initlab.initializers import INITIALIZERS

KEY = jax.random.key(2)
BANKS = {
    "sobel": filters.sobel,
    "prewitt": filters.prewitt,
    "laplacian": filters.laplacian,
    "gabor": filters.gabor_bank,
    "curve_detector": filters.curve,
    "x_detector": filters.cross,
}
EPS = float(np.finfo(np.float32).eps)


def drawn(name, shape, **arguments):
    return np.asarray(INITIALIZERS[name](**arguments)(KEY, shape), np.float64)


@pytest.mark.parametrize("name", BANKS)
@pytest.mark.parametrize("size", [3, 5, 7, 11])
def test_filters_are_the_banks_in_every_channel_and_of_norm_gain(name, size):
    form = {"form": "binary"} if name.endswith("detector") else {}
    bank = BANKS[name](size)
    kernel = drawn(name, (size, size, 3, len(bank)), gain=1.5, **form)
    np.testing.assert_allclose((kernel**2).sum(axis=(0, 1, 2)), 1.5**2, rtol=100 * EPS)
    for channel in range(3):
        for made, one in zip(bank, np.moveaxis(kernel[:, :, channel], -1, 0), strict=True):
            scale = 1.5 / math.sqrt(3) / np.linalg.norm(made)
            np.testing.assert_allclose(one, scale * made, atol=10 * EPS)


@pytest.mark.parametrize("name", ["sobel", "gabor", "curve_detector"])
def test_white_input_is_answered_with_variance_gain_squared(name):
    kernel = jnp.asarray(drawn(name, (5, 5, 2, 4), gain=1.5))
    images = jax.random.normal(KEY, (64, 24, 24, 2))
    answers = jax.lax.conv_general_dilated(
        images, kernel, (5, 5), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    # 1,024 windows that share no pixel, each a normal draw for each filter.
    found = np.var(np.asarray(answers, np.float64), axis=(0, 1, 2))
    assert answers[..., 0].size == 1024
    np.testing.assert_allclose(found, 1.5**2, rtol=5 * math.sqrt(2 / 1024))


@pytest.mark.parametrize("name", BANKS)
def test_a_layer_with_fewer_filters_takes_the_first(name):
    few, all_of_it = (drawn(name, (5, 5, 1, number)) for number in (1, len(BANKS[name](5))))
    np.testing.assert_array_equal(few, all_of_it[..., :1])


def test_spare_filters_are_random_with_the_same_mean_square_or_the_bank_again():
    shape = (7, 7, 3, 264)
    kernel = drawn("sobel", shape, gain=1.5)
    spare = kernel[..., 8:]
    # Of 37,632 normal draws.
    tolerance = 5 * math.sqrt(2 / spare.size)
    assert (spare**2).mean() * 147 == pytest.approx(1.5**2, rel=tolerance)
    np.testing.assert_array_equal(kernel[..., :8], drawn("sobel", (7, 7, 3, 8), gain=1.5))
    other = INITIALIZERS["sobel"](gain=1.5)(jax.random.key(3), shape)
    assert (np.asarray(other)[..., 8:] != spare.astype(np.float32)).any()
    again = drawn("sobel", shape, gain=1.5, spare="repeat")
    np.testing.assert_array_equal(again, np.tile(kernel[..., :8], 33))


@pytest.mark.parametrize("name", ["curve_detector", "x_detector"])
def test_shapes_have_two_forms(name):
    shape = (7, 7, 1, len(BANKS[name](7)))
    binary, centred = (drawn(name, shape, form=form) for form in ("binary", "mean_removed"))
    for made, one in zip(BANKS[name](7), np.moveaxis(binary[:, :, 0], -1, 0), strict=True):
        assert (one[made == 0] == 0).all()
        assert len(set(one[made == 1])) == 1
    # Sums of 49 numbers of norm 1 in float32.
    np.testing.assert_allclose(centred.sum(axis=(0, 1, 2)), 0.0, atol=49 * EPS)
    np.testing.assert_array_equal(drawn(name, shape), centred)


@pytest.mark.parametrize("name", BANKS)
@pytest.mark.parametrize("shape", [(64, 10), (3, 5, 1, 4), (4, 4, 1, 4), (1, 1, 8, 4), (3, 1, 4)])
def test_a_kernel_without_such_a_window_is_refused(name, shape):
    with pytest.raises(ValueError) as caught:
        drawn(name, shape)
    assert str(caught.value) == (
        f"`{name}` needs a kernel with a square window of odd size from 3 on, got shape {shape}."
    )
