"""Derivative filters: published numbers, what they answer to, and what leaves them silent."""

import numpy as np
import pytest

from initlab.filters import laplacian, prewitt, sobel
from initlab.filters.window import places

SIZES = (3, 5, 7, 11)
EACH_SIZE = pytest.mark.parametrize("size", SIZES)


def test_filters_of_three_by_three_are_the_published_ones():
    assert sobel(3)[0].tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert sobel(3)[2].tolist() == [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]
    assert prewitt(3)[0].tolist() == [[-1, 0, 1]] * 3
    assert laplacian(3)[0].tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


def test_sobel_of_five_by_five_is_that_of_opencv():
    # cv2.getDerivKernels(1, 0, 5): (-1, -2, 0, 2, 1) along, (1, 4, 6, 4, 1) across.
    assert sobel(5)[0].tolist() == np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1]).tolist()


@EACH_SIZE
@pytest.mark.parametrize("make", [sobel, prewitt])
def test_a_derivative_answers_to_a_plane_by_the_cosine_of_their_directions(make, size):
    right, up = places(size)
    filters = make(size)
    angles = np.pi * np.arange(8) / 4
    for angle in (0.0, 0.3, 2.0):
        plane = 5.0 + right * np.cos(angle) + up * np.sin(angle)
        answers = (filters * plane).sum(axis=(1, 2))
        greatest = (filters[0] * right).sum()
        # Rounding of sums of 121 products of numbers up to 2e5, of which the greatest is 1e6.
        np.testing.assert_allclose(answers / greatest, np.cos(angles - angle), atol=1e-10)


@EACH_SIZE
def test_the_laplacian_is_silent_on_planes_and_counts_a_parabola(size):
    right, up = places(size)
    dark, bright = laplacian(size)
    assert dark.tolist() == (-bright).tolist()
    assert (dark * (3.0 + 2.0 * right - up)).sum() == pytest.approx(0.0, abs=1e-9)
    # Of (x^2 + y^2) / 2 the Laplacian is 2, times the sum of the smoothing binomials.
    assert (dark * (right**2 + up**2) / 2).sum() == pytest.approx(2.0 * 4.0 ** (size - 3))


@pytest.mark.parametrize("size", [1, 4, -3])
@pytest.mark.parametrize("make", [sobel, prewitt, laplacian])
def test_a_window_without_a_centre_is_refused(make, size):
    with pytest.raises(ValueError) as caught:
        make(size)
    assert str(caught.value) == f"`size` must be odd and at least 3, got {size}."
