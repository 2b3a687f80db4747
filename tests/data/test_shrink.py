"""Smaller images: means of blocks, by another way of computing them."""

import numpy as np
import pytest

from initlab.data import load, payload_sha256
from initlab.data.shrink import block_means


@pytest.mark.parametrize(("height", "width"), [(6, 4), (3, 4), (2, 2), (1, 1)])
def test_a_pixel_is_the_mean_of_its_block(height, width):
    images = np.random.default_rng(0).integers(0, 256, (3, 6, 4, 2), np.uint8)
    small = block_means(images, height, width)
    assert small.dtype == np.uint8
    assert small.shape == (3, height, width, 2)
    down, across = 6 // height, 4 // width
    for row in range(height):
        for column in range(width):
            block = images[
                :, row * down : (row + 1) * down, column * across : (column + 1) * across
            ]
            # The nearest whole number is at most a half away.
            assert np.abs(small[:, row, column] - block.mean(axis=(1, 2))).max() <= 0.5


def test_a_half_goes_up_and_the_brightest_pixel_stays():
    images = np.array([[0, 1], [0, 1]], np.uint8).reshape(1, 2, 2, 1)
    assert block_means(images, 1, 1).item() == 1
    bright = np.full((1, 28, 28, 3), 255, np.uint8)
    assert (block_means(bright, 1, 1) == 255).all()


@pytest.mark.parametrize(("height", "width"), [(4, 2), (3, 3), (0, 2), (12, 4)])
def test_what_does_not_divide_is_refused(height, width):
    with pytest.raises(ValueError) as caught:
        block_means(np.zeros((1, 6, 4, 1), np.uint8), height, width)
    assert str(caught.value) == f"{height}x{width} does not divide images of 6x4 pixels."


def test_a_smaller_set_keeps_its_labels_and_has_its_own_digest():
    own, small = load("fashion"), load("fashion", 14)
    assert small.train_images.shape == (5000, 14, 14, 1)
    assert small.test_images.shape == (1000, 14, 14, 1)
    np.testing.assert_array_equal(small.train_labels, own.train_labels)
    np.testing.assert_array_equal(small.test_images, block_means(own.test_images, 14, 14))
    arrays = (small.train_images, small.train_labels, small.test_images, small.test_labels)
    assert small.sha256 == payload_sha256(*arrays) != own.sha256
    with pytest.raises(ValueError, match="read-only"):
        small.train_images[0] = 0


def test_a_size_is_made_once_and_its_own_is_the_set_itself():
    assert load("digits", 4) is load("digits", 4)
    assert load("digits", 8) is load("digits")
