"""What gratings filters answer to: waves of known frequency, derivatives, and white noise."""

import numpy as np
import pytest

from initlab import filters
from initlab.analysis.filter_measures import (
    frequency_response,
    frequency_selectivity,
    mean_frequency,
    orientation_selectivity,
    preferred_orientation,
)


def kernel_of(bank):
    """Filters `(filter, size, size)` as a kernel of one channel."""
    return np.moveaxis(np.asarray(bank, np.float64), 0, -1)[:, :, None, :]


def noise(size, channels=1, number=400):
    return np.random.default_rng(3).normal(size=(size, size, channels, number))


def test_the_mean_power_is_the_squared_norm():
    kernel = noise(7, channels=3, number=4)
    power = frequency_response(kernel).power
    np.testing.assert_allclose(power.mean(axis=(0, 1)), (kernel**2).sum(axis=(0, 1, 2)))
    # The middle is the answer to a uniform image.
    sums = (kernel.sum(axis=(0, 1)) ** 2).sum(axis=0)
    np.testing.assert_allclose(power[32, 32], sums)


@pytest.mark.parametrize("orientation", [0.0, 0.7, np.pi / 2, 2.9])
@pytest.mark.parametrize("frequency", [0.15, 0.3])
def test_a_wave_is_found_at_its_frequency_and_orientation(frequency, orientation):
    wave = filters.gabor(21, frequency=frequency, orientation=orientation, phase=0.4, sigma=4.0)
    kernel = kernel_of([wave])
    # The spectrum is a Gaussian of deviation 1 / (2 pi 4) = 0.04 about the frequency, in the plane,
    # so that the mean radius is longer by 0.04^2 / (2 frequency) to second order.
    width = 1 / (2 * np.pi * 4)
    expected = frequency + width**2 / (2 * frequency) / 2
    assert mean_frequency(kernel)[0] == pytest.approx(expected, abs=width**2 / frequency)
    away = (preferred_orientation(kernel)[0] - orientation + np.pi / 2) % np.pi - np.pi / 2
    assert away == pytest.approx(0.0, abs=0.01)
    # Angles scatter by width / (sqrt(2) frequency) about it, and 1 - 2 x their variance is left.
    assert orientation_selectivity(kernel)[0] > 1 - 2 * (width / frequency) ** 2


def test_a_derivative_has_one_half_and_the_laplacian_nothing():
    # Of a squared cosine, in the limit of low frequencies, which larger windows come near.
    assert orientation_selectivity(kernel_of(filters.sobel(11))).mean() == pytest.approx(
        0.5, abs=0.02
    )
    np.testing.assert_allclose(
        orientation_selectivity(kernel_of(filters.laplacian(5))), 0, atol=1e-12
    )
    np.testing.assert_allclose(
        preferred_orientation(kernel_of(filters.sobel(5)[:4])), np.pi * np.arange(4) / 4, atol=1e-9
    )


def test_white_noise_prefers_an_orientation_as_little_as_chance_has_it():
    # Both sums are quadratic forms of the weights, of the Fourier transforms A of exp(2 i theta)
    # and D of 1 over the disk: for Gaussian weights E |w A w|^2 = |tr A|^2 + 2 |A|^2, and
    # E (w D w)^2 = (tr D)^2 + 2 |D|^2.
    size = 11
    offset = np.arange(200) / 200 - 0.5 + 0.0025
    right, up = np.meshgrid(offset, offset)
    disk = np.hypot(right, up) <= 0.5
    right, up = right[disk], up[disk]
    rows, columns = (one.ravel() for one in np.indices((size, size)))
    waves = np.exp(-2j * np.pi * (np.outer(columns, right) - np.outer(rows, up)))
    forms = {
        name: np.real((waves * values) @ waves.conj().T)
        for name, values in {
            "cosine": np.cos(2 * np.arctan2(up, right)),
            "sine": np.sin(2 * np.arctan2(up, right)),
            "disk": np.ones(up.size),
        }.items()
    }
    squares = {name: np.trace(one) ** 2 + 2 * (one**2).sum() for name, one in forms.items()}
    expected = (squares["cosine"] + squares["sine"]) / squares["disk"]
    found = orientation_selectivity(noise(size, number=2000)) ** 2
    # A ratio of expectations for the expectation of a ratio, some 2 / 121 off; standard error.
    tolerance = 2 / size**2 * expected + 5 * found.std() / np.sqrt(found.size)
    assert found.mean() == pytest.approx(expected, abs=tolerance)


def test_white_noise_has_a_mean_frequency_of_a_third():
    found = mean_frequency(noise(11))
    assert found.mean() == pytest.approx(1 / 3, abs=5 * found.std() / 20 + 2 / 121 / 3)


@pytest.mark.parametrize("frequency", [0.15, 0.3])
def test_a_wave_selects_its_frequency_by_the_width_of_its_spectrum(frequency):
    wave = filters.gabor(33, frequency=frequency, orientation=0.7, phase=0.4, sigma=4.0)
    # Its power is a Gaussian of deviation 1 / (2 pi 4 sqrt 2) along the wave; what lies across
    # makes the radius scatter by the same to the fourth over (2 frequency)^2 more.
    width = 1 / (2 * np.pi * 4 * np.sqrt(2))
    deviation = np.sqrt(width**2 + width**4 / (2 * frequency**2))
    expected = 1 - deviation * np.sqrt(72)
    tolerance = (1 - expected) * (width / frequency) ** 2
    assert frequency_selectivity(kernel_of([wave]))[0] == pytest.approx(expected, abs=tolerance)


def test_a_flat_spectrum_selects_no_frequency():
    tap = np.zeros((1, 3, 3))
    tap[0, 1, 1] = 1.0
    # The grid has the disk's moments but for some of the 2 pi 32 cells on its border.
    assert frequency_selectivity(kernel_of(tap))[0] == pytest.approx(0.0, abs=1 / 32)
    # Noise is flat on average; each filter's spectrum is not, the less so the smaller its window.
    small, large = (frequency_selectivity(noise(size)) for size in (3, 11))
    error = 5 * np.hypot(small.std(), large.std()) / np.sqrt(large.size)
    assert large.mean() == pytest.approx(0.0, abs=error + 2 / 121)
    assert small.mean() > large.mean() + error


def test_a_filter_of_both_ends_selects_less_than_noise():
    # Columns of ones and zeros in turn: half of the power at frequency 0, half at 1/2.
    columns = np.tile(np.arange(33) % 2, (33, 1))[None] - 0.0
    assert frequency_selectivity(kernel_of(columns))[0] < -0.5


@pytest.mark.parametrize(
    "measure",
    [frequency_selectivity, mean_frequency, orientation_selectivity, preferred_orientation],
)
def test_a_filter_of_zeros_has_no_number(measure):
    kernel = noise(5, number=2)
    kernel[..., 1] = 0
    assert np.isnan(measure(kernel)).tolist() == [False, True]


def test_a_window_beyond_the_grid_is_refused():
    with pytest.raises(ValueError) as caught:
        frequency_response(np.zeros((65, 3, 1, 1)))
    assert str(caught.value) == "`kernel` must be at most 64 by 64, got (65, 3)."
