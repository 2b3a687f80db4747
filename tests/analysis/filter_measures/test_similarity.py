"""Similarity to Gabor filters and to given shapes: what is one, and how near chance comes."""

import numpy as np
import pytest

from initlab import filters
from initlab.analysis.filter_measures import gabor_similarity, template_match
from initlab.analysis.filter_measures.gabors import _pairs
from tests.analysis.filter_measures.test_spectrum import kernel_of, noise


@pytest.mark.parametrize("size", [5, 7, 11])
def test_gabor_filters_between_those_of_the_search_are_found(size):
    rng = np.random.default_rng(1)
    bank = [
        filters.gabor(
            size,
            frequency=rng.uniform(1.0, 2.0) / size,
            orientation=rng.uniform(0, np.pi),
            phase=rng.uniform(0, 2 * np.pi),
            sigma=rng.uniform(0.2, 0.35) * size,
        )
        for _ in range(40)
    ]
    # Half a step off in orientation, 7.5 degrees, in frequency and in width at once.
    assert gabor_similarity(kernel_of(bank)).min() > 0.9
    assert gabor_similarity(kernel_of(bank)).mean() > 0.95


def test_one_of_the_search_is_found_whole_in_any_colour_size_and_brightness():
    wave = filters.gabor(23, frequency=0.45, orientation=np.pi / 8, phase=1.0, sigma=11 / 4)
    one = wave[6:17, 6:17]
    kernel = np.stack([3 * one, -one, np.zeros((11, 11)) + 0.2], axis=-1)[..., None]
    assert gabor_similarity(kernel)[0] == pytest.approx(1.0)


@pytest.mark.parametrize("size", [7, 11])
def test_white_noise_is_no_gabor_filter(size):
    found = gabor_similarity(noise(size))
    # The squared projection of a random direction of n dimensions onto a plane exceeds t with
    # chance (1 - t)^((n - 2) / 2). Of any of the planes of any of 400 filters: once in a thousand.
    planes, dimensions = len(_pairs(size)), size**2 - 1
    limit = 1 - (1e-3 / (planes * 400)) ** (2 / (dimensions - 2))
    assert found.max() ** 2 < limit
    # And at least as near as to a single one, on average.
    assert (found**2).mean() > 2 / dimensions
    assert filters.gabor_bank(size).shape[0] == 32
    assert gabor_similarity(kernel_of(filters.gabor_bank(size))).min() ** 2 > limit


def test_a_uniform_filter_is_like_nothing():
    kernel = np.ones((5, 5, 1, 1))
    assert np.isnan(gabor_similarity(kernel)).all()
    assert np.isnan(template_match(kernel, filters.cross(5))).all()


@pytest.mark.parametrize("size", [7, 11])
def test_a_shape_matches_itself_wherever_it_lies(size):
    (shape,) = filters.cross(5)
    for top, left in ((0, 0), (size - 5, 1), (1, size - 5)):
        lying = np.full((size, size), 0.3)
        lying[top : top + 5, left : left + 5] += 2.0 * (shape - shape.mean())
        found = template_match(kernel_of([lying, 0.6 - lying]), filters.cross(5))
        assert found[0, 0] == pytest.approx(1.0)
        assert found[0, 1] < 0.7


def test_a_filter_matches_the_turn_that_it_is():
    bank = filters.curve(7)
    found = template_match(kernel_of(bank), bank)
    assert found.argmax(axis=0).tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(np.diag(found), 1.0)


@pytest.mark.parametrize("size", [3, 5, 9])
def test_every_shift_counts_that_leaves_something_in_common(size):
    drawn, (shape,) = noise(size, number=6), filters.cross(7)
    centred = shape - shape.mean()
    wide = np.pad(centred / np.linalg.norm(centred), size - 1)
    found = template_match(drawn, filters.cross(7))[0]
    for one, match in zip(np.moveaxis(drawn[:, :, 0], -1, 0), found, strict=True):
        own = one - one.mean()
        windows = np.lib.stride_tricks.sliding_window_view(wide, (size, size))
        products = np.einsum("abhw,hw->ab", windows, own / np.linalg.norm(own))
        assert match == pytest.approx(products.max())


def test_white_noise_matches_a_shape_by_chance_alone():
    number = 400
    found = template_match(noise(7, number=number), filters.cross(7))[0]
    # Each of 169 shifts is at most the cosine of two directions in 48 dimensions, whose chance to
    # exceed t is below exp(-48 t^2 / 2).
    limit = np.sqrt(2 * np.log(169 * number / 1e-3) / 48)
    assert 0 < found.mean() < found.max() < limit
