"""Gabor filters: waves under a Gaussian, as simple cells of the visual cortex answer."""

import numpy as np
from jaxtyping import Float

from initlab.filters.window import places, require_window, unit_norm

PHASES = (0.0, np.pi / 2, np.pi, 3 * np.pi / 2)


def gabor(
    size: int, *, frequency: float, orientation: float, phase: float, sigma: float
) -> Float[np.ndarray, "size size"]:
    r"""Returns one Gabor filter, its mean removed, of norm 1.

    .. math:: g(x, y) \propto e^{-(x^2 + y^2) / 2\sigma^2}
              \cos\bigl(2\pi f (x\cos\theta + y\sin\theta) + \varphi\bigr) - \text{mean}

    :math:`x` counts to the right and :math:`y` upwards from the centre of the window.

    Args:
        size: side of the window, odd, at least 3.
        frequency: :math:`f`, cycles a pixel, above 0 and below 1/2.
        orientation: :math:`\theta`, radians, in which the wave runs; its stripes lie across.
        phase: :math:`\varphi`, radians: 0 is bright at the centre, :math:`\pi/2` is odd.
        sigma: :math:`\sigma`, pixels, positive.

    Raises:
        ValueError: if an argument is out of its range.

    References:
        Daugman 1985; Jones and Palmer 1987, for the fit to simple cells.
    """
    require_window(size)
    if not 0 < frequency < 0.5:
        raise ValueError(f"`frequency` must be above 0 and below 0.5, got {frequency}.")
    if not sigma > 0:
        raise ValueError(f"`sigma` must be positive, got {sigma}.")
    right, up = places(size)
    along = right * np.cos(orientation) + up * np.sin(orientation)
    wave = np.exp(-(right**2 + up**2) / (2 * sigma**2)) * np.cos(
        2 * np.pi * frequency * along + phase
    )
    filters: np.ndarray = unit_norm((wave - wave.mean())[None])[0]
    return filters


def gabor_bank(
    size: int, *, cycles: float = 1.25, orientations: int = 8
) -> Float[np.ndarray, "filter size size"]:
    r"""Returns Gabor filters of one frequency: even, odd, and both negated, in all orientations.

    Orientations are :math:`\pi i / n`. The Gaussian's deviation is a quarter of the window, which
    with the default makes a filter two octaves wide at half its height.

    Args:
        size: side of the window, odd, at least 3.
        cycles: of the wave in the window, above 0 and below half of `size`.
        orientations: :math:`n`, at least 1.

    Returns:
        Four times `orientations` filters, all orientations of one phase before the next.

    Raises:
        ValueError: if an argument is out of its range.
    """
    require_window(size)
    if not 0 < cycles < size / 2:
        raise ValueError(
            f"`cycles` must be above 0 and below half of the window's {size}, got {cycles}."
        )
    if orientations < 1:
        raise ValueError(f"`orientations` must be at least 1, got {orientations}.")
    return np.stack(
        [
            gabor(
                size,
                frequency=cycles / size,
                orientation=np.pi * index / orientations,
                phase=phase,
                sigma=size / 4,
            )
            for phase in PHASES
            for index in range(orientations)
        ]
    )
