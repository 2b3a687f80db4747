"""Filters' answers against the truth about edges."""

import itertools

import numpy as np
import pytest

from initlab import filters
from initlab.analysis.filter_measures import edge_correlation, edge_detection, responses
from initlab.data.photo_edges import grey, load_photo_edges
from tests.analysis.filter_measures.test_spectrum import kernel_of


def test_an_answer_is_the_sum_over_the_window_and_the_channels():
    rng = np.random.default_rng(0)
    kernel, images = rng.normal(size=(3, 5, 2, 4)), rng.integers(0, 256, (2, 8, 9, 2), np.uint8)
    found = responses(kernel, images)
    assert found.shape == (2, 6, 5, 4)
    window = images[1, 2:5, 3:8]
    np.testing.assert_allclose(found[1, 2, 3], np.einsum("hwc,hwco->o", window, kernel))


@pytest.mark.parametrize("size", [3, 7])
def test_the_truth_stands_where_the_answers_do(size):
    # Sobel's own gradient, from two of its filters in the middle of a larger window.
    truth = load_photo_edges()
    few = truth._replace(
        photographs=truth.photographs[:2], magnitude=truth.magnitude[:2], edges=truth.edges[:2]
    ).at_centres(size)
    margin = (size - 3) // 2
    pair = np.pad(filters.sobel(3)[[0, 2]], ((0, 0), (margin, margin), (margin, margin)))
    answers = responses(kernel_of(pair), grey(few.photographs)[..., None])
    gradient = np.sqrt((answers**2).sum(axis=-1, keepdims=True))
    assert edge_correlation(gradient, few.magnitude)[0] == pytest.approx(1.0)
    assert edge_detection(gradient, few.edges)[0] > 0.9
    assert (edge_correlation(answers, few.magnitude) < 0.95).all()


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    rng = np.random.default_rng(5)
    answers = rng.integers(-3, 4, (4, 5, 2)).astype(np.float64)
    edges = rng.random((4, 5)) < 0.4
    found = edge_detection(answers, edges)
    for unit in range(2):
        values = np.abs(answers[..., unit])
        pairs = itertools.product(values[edges], values[~edges])
        right = [(one > other) + 0.5 * (one == other) for one, other in pairs]
        assert found[unit] == pytest.approx(np.mean(right))


def test_answers_that_know_nothing_are_right_by_chance():
    rng = np.random.default_rng(6)
    answers, edges = rng.normal(size=(100, 100, 3)), rng.random((100, 100)) < 0.2
    magnitude = rng.random((100, 100))
    # Variance of the area without ties (n + 1) / (12 n_e n_o); of a correlation 1 / n.
    deviation = np.sqrt(10_001 / (12 * 2_000 * 8_000))
    np.testing.assert_allclose(edge_detection(answers, edges), 0.5, atol=5 * deviation)
    np.testing.assert_allclose(edge_correlation(answers, magnitude), 0.0, atol=5 / 100)


def test_edges_everywhere_are_refused():
    with pytest.raises(ValueError) as caught:
        edge_detection(np.zeros((2, 2, 1)), np.ones((2, 2), bool))
    assert str(caught.value) == "`edges` must hold both kinds of place, got 4 of 4."


def test_an_answer_that_never_varies_has_no_correlation():
    assert np.isnan(edge_correlation(np.ones((2, 2, 1)), np.eye(2)))
