"""The truth about the photographs' edges: that of scikit-image, and where it stands."""

import hashlib
from importlib.util import find_spec

import numpy as np
import pytest

from initlab.data.photo_edges import (
    SHIPPED,
    gradient_magnitude,
    grey,
    load_photo_edges,
)
from scripts.make_photo_edges import make_edges

needs_scikit_image = pytest.mark.skipif(
    find_spec("skimage") is None, reason="scikit-image is not here: pip install --group photographs"
)


def test_an_edge_lies_where_the_gradient_is_greater():
    found = load_photo_edges()
    assert found.edges.shape == found.magnitude.shape == (10, 256, 256)
    assert 0 <= found.magnitude.min() < found.magnitude.max() <= 1
    for magnitude, edges in zip(found.magnitude, found.edges, strict=True):
        assert 0 < edges.mean() < 0.5
        assert magnitude[edges].mean() > 1.5 * magnitude[~edges].mean()


def test_the_gradient_of_a_ramp_is_its_slope():
    rows, columns = np.indices((9, 9)) / 10.0
    for image, slope in ((columns, 0.1), (rows, 0.1), (rows + columns, np.hypot(0.1, 0.1))):
        found = gradient_magnitude(image[None])[0]
        # The difference of neighbours two apart, over the root of two.
        np.testing.assert_allclose(found[2:-2, 2:-2], 2 * slope / np.sqrt(2))


@pytest.mark.parametrize("size", [3, 11])
def test_the_truth_of_a_place_is_that_of_its_windows_centre(size):
    whole = load_photo_edges()
    cut = whole.at_centres(size)
    assert cut.edges.shape == cut.magnitude.shape == (10, 257 - size, 257 - size)
    np.testing.assert_array_equal(cut.magnitude[:, 0, 0], whole.magnitude[:, size // 2, size // 2])
    assert cut.photographs is whole.photographs


def test_grey_is_between_black_and_white():
    assert grey(np.array([[0, 0, 0], [255, 255, 255]], np.uint8)) == pytest.approx([0.0, 1.0])


@needs_scikit_image
def test_the_script_makes_the_shipped_edges(tmp_path):
    digest = make_edges(tmp_path / "edges.npz")
    assert digest == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


@needs_scikit_image
def test_the_gradient_is_that_of_scikit_image():
    from skimage.color import rgb2gray
    from skimage.filters import sobel

    found = load_photo_edges()
    for photograph, magnitude in zip(found.photographs, found.magnitude, strict=True):
        np.testing.assert_allclose(magnitude, sobel(rgb2gray(photograph)), atol=1e-12)
