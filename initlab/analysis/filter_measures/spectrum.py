"""What gratings a filter answers to: its frequency response, and which of them it prefers."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Inexact

from initlab.analysis.filter_measures.ratio import ratio

GRID = 64
FLAT = math.sqrt(1 / 72)  # deviation of the radius over a disk of radius 1/2, cycles a pixel


class FrequencyResponse(NamedTuple):
    """The power of filters' answers to gratings.

    Attributes:
        power: squared modulus of the Fourier transform, summed over input channels.
        right: cycles a pixel of each grating to the right, from -1/2 to below 1/2.
        up: cycles a pixel upwards, likewise.
    """

    power: Float[np.ndarray, "grid grid out"]
    right: Float[np.ndarray, "grid grid"]
    up: Float[np.ndarray, "grid grid"]


def frequency_response(kernel: Float[np.ndarray, "height width in out"]) -> FrequencyResponse:
    r"""Returns the power of filters' answers to gratings on a grid of 64 by 64 frequencies.

    .. math:: P_j(f) = \sum_c \Bigl| \sum_x W_{xcj}\, e^{-2\pi i f \cdot x} \Bigr|^2

    A grating of amplitude 1 in channel :math:`c` is answered with amplitude :math:`|\cdot|`. The
    mean over the grid is the filter's squared norm (Parseval). The middle of the grid is frequency
    0, the answer to a uniform image.

    Args:
        kernel: at most 64 by 64.

    Raises:
        ValueError: if the window is larger.
    """
    if max(kernel.shape[:2]) > GRID:
        raise ValueError(f"`kernel` must be at most {GRID} by {GRID}, got {kernel.shape[:2]}.")
    transform = np.fft.fft2(kernel.astype(np.float64), (GRID, GRID), axes=(0, 1))
    power = np.fft.fftshift((np.abs(transform) ** 2).sum(axis=2), axes=(0, 1))
    frequency = np.fft.fftshift(np.fft.fftfreq(GRID))
    right, below = np.meshgrid(frequency, frequency)
    return FrequencyResponse(power, right, -below)


def mean_frequency(kernel: Float[np.ndarray, "height width in out"]) -> Float[np.ndarray, " out"]:
    r"""Returns each filter's mean frequency, weighted by power: 0 to 0.5 cycles a pixel.

    .. math:: \sum_{0 < |f| \le 1/2} |f| P(f) \Big/ \sum_{0 < |f| \le 1/2} P(f)

    Frequencies beyond 1/2, in the corners of the grid, are left out, so that all orientations
    count alike, and so is frequency 0. White noise has about 1/3, the mean over a disk, whatever
    the window. NaN for a filter of zeros.
    """
    found = frequency_response(kernel)
    return _weighted(found, _radius(found))


def frequency_selectivity(
    kernel: Float[np.ndarray, "height width in out"],
) -> Float[np.ndarray, " out"]:
    r"""Returns how few frequencies each filter answers to: 1 a single one, 0 as white noise does.

    .. math:: 1 - \sqrt{72 \sum_{0 < |f| \le 1/2} (|f| - m)^2 P(f) \Big/
              \sum_{0 < |f| \le 1/2} P(f)}

    with :math:`m` the `mean_frequency`: one minus the deviation of the frequency, over that of a
    flat spectrum, :math:`1 / \sqrt{72}` cycles a pixel. It does not tell whether the band lies low,
    as of a blob, or higher, as of a wave. Below 0, at least -1.12, for a filter that answers to the
    lowest and the highest frequencies and not to those between. White noise has somewhat more than
    0, the less the larger the window. NaN for a filter of zeros.
    """
    found = frequency_response(kernel)
    radius = _radius(found)
    away = (radius - _weighted(found, radius)) ** 2
    index: np.ndarray = 1 - np.sqrt(_weighted(found, away)) / FLAT
    return index


def orientation_selectivity(
    kernel: Float[np.ndarray, "height width in out"],
) -> Float[np.ndarray, " out"]:
    r"""Returns each filter's orientation selectivity index: 0 (none) to 1 (a single orientation).

    .. math:: \Bigl| \sum_{0 < |f| \le 1/2} P(f)\, e^{2 i \theta(f)} \Bigr| \Big/
              \sum_{0 < |f| \le 1/2} P(f)

    One minus the circular variance of the power of answers to gratings, over their orientation
    :math:`\theta`. A filter whose power goes with the squared cosine has 1/2, as a derivative has
    at low frequencies; white noise has more than 0, the less the larger the window. NaN for a
    filter of zeros.

    References:
        Ringach, Shapley and Hawken, Orientation selectivity in macaque V1, 2002; Mazurek, Kager and
        Van Hooser, Robust quantification of orientation selectivity, 2014.
    """
    index: np.ndarray = np.abs(_orientation(kernel))
    return index


def preferred_orientation(
    kernel: Float[np.ndarray, "height width in out"],
) -> Float[np.ndarray, " out"]:
    """Returns the orientation of the gratings that each filter prefers, radians from 0 to pi.

    It is the direction in which the wave runs, anticlockwise from the right; stripes lie across.
    """
    found: np.ndarray = np.angle(_orientation(kernel)) / 2 % np.pi
    return found


def _orientation(
    kernel: Float[np.ndarray, "height width in out"],
) -> Inexact[np.ndarray, " out"]:
    """Returns the mean of the doubled angle's phase, weighted by power."""
    found = frequency_response(kernel)
    return _weighted(found, np.exp(2j * np.arctan2(found.up, found.right))[..., None])


def _radius(found: FrequencyResponse) -> Float[np.ndarray, "grid grid 1"]:
    """Returns the frequency of each grating, whatever its orientation, cycles a pixel."""
    radius: np.ndarray = np.hypot(found.right, found.up)[..., None]
    return radius


def _weighted(
    found: FrequencyResponse, values: Inexact[np.ndarray, "grid grid _"]
) -> Inexact[np.ndarray, " out"]:
    """Returns the mean of values, of all filters or of each, on the disk, weighted by power."""
    radius = _radius(found)[..., 0]
    within = (radius > 0) & (radius <= 0.5)
    power = found.power[within]
    return ratio((values[within] * power).sum(axis=0), power.sum(axis=0))
