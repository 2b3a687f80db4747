"""How near each filter is to a Gabor filter."""

from functools import cache

import numpy as np
from jaxtyping import Float

from initlab.analysis.filter_measures.ratio import ratio
from initlab.filters import gabor

NUM_ORIENTATIONS, NUM_FREQUENCIES = 16, 8
LOWEST_CYCLES, HIGHEST_FREQUENCY = 0.75, 0.45
WIDTHS = (1 / 6, 1 / 4, 2 / 5)  # deviations of the Gaussian, in windows
SHIFTS = (-1 / 5, 0.0, 1 / 5)  # of its centre, likewise
THIN = 1e-3


def gabor_similarity(kernel: Float[np.ndarray, "size size in out"]) -> Float[np.ndarray, " out"]:
    r"""Returns each filter's similarity to the nearest Gabor filter: 0 to 1.

    .. math:: \max_g \Bigl( \sum_c \lVert P_g W_c \rVert^2 \Big/
              \sum_c \lVert W_c \rVert^2 \Bigr)^{1/2}

    after the mean of each channel is removed. :math:`P_g` projects onto the even and the odd Gabor
    filter of one orientation (of 16), frequency (of 8, from 3/4 of a cycle in the window to 0.45
    cycles a pixel), width (of 3) and centre (of 9), so that the phase is free, and each channel has
    its own: the normalized correlation with the best wave. 1 is a Gabor filter. Of white noise
    each projection alone has a mean square of :math:`2 / (k^2 - 1)` in a window of :math:`k` by
    :math:`k`; the greatest of all is more. NaN for a filter that is uniform.

    Args:
        kernel: of a square window of odd size, at least 3.

    Raises:
        ValueError: if the window is another.

    References:
        Jones and Palmer 1987; Krizhevsky et al. 2012, whose first layer learned such filters.
    """
    size = kernel.shape[0]
    exact = kernel.astype(np.float64)
    exact = exact - exact.mean(axis=(0, 1))
    bases = _pairs(size)
    parts = np.einsum("gpt,tco->gpco", bases, exact.reshape(size * size, *exact.shape[2:]))
    greatest = (parts**2).sum(axis=(1, 2)).max(axis=0)
    total = (exact**2).sum(axis=(0, 1, 2))
    found: np.ndarray = np.sqrt(np.minimum(ratio(greatest, total), 1.0))
    return found


@cache
def _pairs(size: int) -> Float[np.ndarray, "gabor 2 tap"]:
    """Returns orthonormal bases of the even and the odd Gabor filter of each kind."""
    wide = 2 * size + 1  # a window around the window, from which shifted ones are cut
    frequencies = np.geomspace(LOWEST_CYCLES / size, HIGHEST_FREQUENCY, NUM_FREQUENCIES)
    shifts = [round(shift * size) for shift in SHIFTS]
    cut = (wide - size) // 2
    found = []
    for turn in range(NUM_ORIENTATIONS):
        for frequency in frequencies:
            for width in WIDTHS:
                waves = [
                    gabor(
                        wide,
                        frequency=float(frequency),
                        orientation=np.pi * turn / NUM_ORIENTATIONS,
                        phase=phase,
                        sigma=width * size,
                    )
                    for phase in (0.0, np.pi / 2)
                ]
                for down in shifts:
                    for across in shifts:
                        top, left = cut + down, cut + across
                        pair = [one[top : top + size, left : left + size].ravel() for one in waves]
                        found.append(np.stack(pair))
    return _orthonormal(np.stack(found))


def _orthonormal(pairs: Float[np.ndarray, "gabor 2 tap"]) -> Float[np.ndarray, "gabor 2 tap"]:
    """Returns bases of what the pairs span, means removed; zero where two are as good as one."""
    centred = pairs - pairs.mean(axis=2, keepdims=True)
    _, scales, bases = np.linalg.svd(centred, full_matrices=False)
    kept = scales > THIN * scales[:, :1]
    result: np.ndarray = bases * kept[:, :, None]
    return result
