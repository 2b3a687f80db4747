"""Controls keep what they say, and nothing else."""

import numpy as np
import pytest

from initlab.analysis.filter_controls import moment_matched, pixel_shuffled, without_means


@pytest.fixture
def kernel():
    """Filters of unlike means and deviations."""
    rng = np.random.default_rng(0)
    scale = np.array([0.5, 1.0, 3.0, 0.1])
    return scale * rng.normal(size=(11, 11, 3, 4)) + np.array([0.0, 1.0, -2.0, 0.3])


def test_moments_are_those_of_each_filter(kernel):
    drawn = moment_matched(kernel, np.random.default_rng(1))
    for made, how in ((np.mean, kernel.std((0, 1, 2))), (np.std, kernel.std((0, 1, 2)) / 1.4)):
        off = np.abs(made(drawn, axis=(0, 1, 2)) - made(kernel, axis=(0, 1, 2)))
        # A mean of 363 weights is off by a deviation over 19, a deviation by that over 27.
        assert (off < 4 * how / np.sqrt(363)).all()
    flat = [part.reshape(-1, 4) for part in (drawn, kernel)]
    cosines = [np.corrcoef(*(one[:, i] for one in flat))[0, 1] for i in range(4)]
    assert np.abs(cosines).max() < 4 / np.sqrt(363)


def test_shuffled_taps_keep_their_colours_and_leave_their_places(kernel):
    shuffled = pixel_shuffled(kernel, np.random.default_rng(1))
    for number in range(4):
        before, after = (part[..., number].reshape(121, 3) for part in (kernel, shuffled))
        assert {tuple(tap) for tap in before} == {tuple(tap) for tap in after}
        assert (before == after).all(axis=1).mean() < 0.1
    orders = [
        [np.flatnonzero((kernel[..., n].reshape(121, 3) == tap).all(axis=1))[0]
         for tap in shuffled[..., n].reshape(121, 3)]
        for n in (0, 1)
    ]  # fmt: skip
    assert orders[0] != orders[1]


def test_without_means_filters_are_silent_on_uniform_images(kernel):
    assert without_means(kernel).sum(axis=(0, 1)) == pytest.approx(np.zeros((3, 4)), abs=1e-12)
