"""Gabor filters: where their spectrum lies, and that no two of a bank are alike."""

import numpy as np
import pytest

from initlab.filters import gabor, gabor_bank


@pytest.mark.parametrize("orientation", [0.0, 0.4, 1.9])
@pytest.mark.parametrize("phase", [0.0, np.pi / 2])
def test_the_spectrum_lies_at_the_frequency_and_in_the_orientation(orientation, phase):
    frequency, sigma, size = 0.2, 6.0, 63  # a window of ten deviations cuts nothing off
    filters = gabor(size, frequency=frequency, orientation=orientation, phase=phase, sigma=sigma)
    power = np.abs(np.fft.fft2(filters, (256, 256))) ** 2
    row, column = np.unravel_index(power.argmax(), power.shape)
    along, down = np.fft.fftfreq(256)[[column, row]]
    # To half a step of the grid of 256; rows count downwards, and a real filter has two peaks.
    wave = frequency * np.array([np.cos(orientation), np.sin(orientation)])
    found = np.array([along, -down])
    assert min(np.abs(found - wave).max(), np.abs(found + wave).max()) <= 0.5 / 256 + 1e-9


def test_a_filter_has_norm_one_and_mean_zero():
    filters = gabor(7, frequency=0.2, orientation=0.3, phase=0.0, sigma=1.75)
    assert (filters**2).sum() == pytest.approx(1.0)
    assert filters.sum() == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("size", [3, 5, 7, 11])
def test_no_two_filters_of_a_bank_are_alike(size):
    bank = gabor_bank(size).reshape(32, -1)
    cosines = bank @ bank.T - np.eye(32)
    assert cosines.max() < 1 - 1e-6
    # The last sixteen are the first negated.
    np.testing.assert_allclose(bank[16:], -bank[:16], atol=1e-12)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"frequency": 0.5}, "`frequency` must be above 0 and below 0.5, got 0.5."),
        ({"frequency": np.nan}, "`frequency` must be above 0 and below 0.5, got nan."),
        ({"sigma": 0.0}, "`sigma` must be positive, got 0.0."),
    ],
)
def test_numbers_out_of_range_are_refused(changed, message):
    numbers = {"frequency": 0.2, "orientation": 0.0, "phase": 0.0, "sigma": 2.0}
    with pytest.raises(ValueError) as caught:
        gabor(7, **numbers | changed)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"cycles": 1.5},
            "`cycles` must be above 0 and below half of the window's 3, got 1.5.",
        ),
        ({"orientations": 0}, "`orientations` must be at least 1, got 0."),
    ],
)
def test_a_bank_that_the_window_cannot_hold_is_refused(changed, message):
    with pytest.raises(ValueError) as caught:
        gabor_bank(3, **changed)
    assert str(caught.value) == message
