"""How much filters look at colour, and how far training moves them."""

import numpy as np
import pytest

from initlab.analysis.filter_measures import (
    colour_selectivity,
    cosine_to_start,
    relative_movement,
)
from tests.analysis.filter_measures.test_spectrum import noise


def test_grey_has_nothing_and_opponent_colours_have_all():
    shape = noise(5, number=1)[:, :, 0, 0]
    grey = np.stack([shape, shape, shape], axis=-1)
    opponent = np.stack([shape, -shape, 0 * shape], axis=-1)
    both = grey + opponent
    kernel = np.stack([grey, opponent, both, 0 * grey], axis=-1)
    # Of both together, 3 parts of 5 are grey: |(1, 1, 1)|^2 and |(1, -1, 0)|^2.
    np.testing.assert_allclose(colour_selectivity(kernel), [0.0, 1.0, 0.4, np.nan], atol=1e-12)
    assert colour_selectivity(noise(5, number=3)).tolist() == [0.0] * 3


def test_white_noise_has_two_thirds_of_colour():
    found = colour_selectivity(noise(5, channels=3))
    # A share of 50 squares among 75: Beta(25, 12.5), of variance a b / ((a + b)^2 (a + b + 1)).
    deviation = np.sqrt(25 * 12.5 / (37.5**2 * 38.5))
    assert found.mean() == pytest.approx(2 / 3, abs=5 * deviation / np.sqrt(found.size))
    assert found.std() == pytest.approx(deviation, rel=5 / np.sqrt(2 * found.size))


def test_movement_is_relative_to_where_a_filter_began():
    before = noise(3, channels=2, number=4)
    after = before * np.array([1.0, 3.0, -1.0, 0.0])
    np.testing.assert_allclose(relative_movement(before, after), [0.0, 2.0, 2.0, 1.0])
    np.testing.assert_allclose(cosine_to_start(before, after), [1.0, 1.0, -1.0, np.nan])
    assert np.isnan(relative_movement(0 * before, after)).all()


def test_two_random_filters_are_root_two_apart():
    before, after = noise(11, number=400)[..., :200], noise(11, number=400)[..., 200:]
    squares = relative_movement(before, after) ** 2
    # 1 + |b|^2 / |a|^2 - 2 a b / |a|^2: mean 1 + n / (n - 2) for n = 121 Gaussian weights.
    assert squares.mean() == pytest.approx(1 + 121 / 119, abs=5 * squares.std() / np.sqrt(200))
    # The cosine of n dimensions has mean 0 and mean square 1 / n.
    cosines = cosine_to_start(before, after)
    assert abs(cosines.mean()) < 5 / np.sqrt(121 * 200)
