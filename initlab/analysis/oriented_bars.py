"""Bars in many orientations, and how much a unit prefers one of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Float32

from initlab.analysis.filter_measures.ratio import ratio
from initlab.analysis.layer_outputs import READOUT, layer_outputs

ORIENTATIONS = 12
OFFSETS = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)  # pixels from the middle
HALF_WIDTH, HALF_LENGTH = 1.0, 12.0


def oriented_bars(side: int, channels: int) -> Float32[np.ndarray, "orientation bar row column c"]:
    r"""Returns grey bars in 12 orientations, bright and dark, at seven distances from the middle.

    A bar is 1 or -1 within a pixel of a line, on ground of 0, and fades over one pixel. It is 24
    pixels long, so that in 32 by 32 its ends are near the border. Line :math:`i` runs at
    :math:`\pi i / 12` anticlockwise from the right.

    Args:
        side: of the images in pixels.
        channels: all alike.
    """
    axis = np.arange(side) - (side - 1) / 2
    right, up = np.meshgrid(axis, -axis)
    bars = []
    for turn in np.pi * np.arange(ORIENTATIONS) / ORIENTATIONS:
        across = -right * np.sin(turn) + up * np.cos(turn)
        along = right * np.cos(turn) + up * np.sin(turn)
        ends = np.clip(HALF_LENGTH + 0.5 - np.abs(along), 0, 1)
        own = [np.clip(HALF_WIDTH + 0.5 - np.abs(across - d), 0, 1) * ends for d in OFFSETS]
        bars.append(np.stack([*own, *(-one for one in own)]))
    whole = np.stack(bars).astype(np.float32)
    return np.repeat(whole[..., None], channels, axis=-1)


def bar_tuning(answers: Float[np.ndarray, "orientation unit"]) -> Float[np.ndarray, " unit"]:
    r"""Returns each unit's tuning to oriented bars: 0 (none) to 1 (it answers to one alone).

    .. math:: \Bigl| \sum_i r_i\, e^{2 i \theta_i} \Bigr| \Big/ \sum_i r_i

    one minus the circular variance of its answers :math:`r_i`, not negative. NaN for a unit that
    answers to none.

    References:
        Ringach, Shapley and Hawken, Orientation selectivity in macaque V1, 2002.
    """
    turns = np.exp(2j * np.pi * np.arange(len(answers)) / len(answers))
    return ratio(np.abs(turns @ answers), answers.sum(axis=0).astype(np.float64))


def tuning_by_layer(
    checkpoint: Mapping[str, np.ndarray[Any, np.dtype[Any]]], *, side: int, channels: int
) -> dict[str, Float[np.ndarray, " unit"]]:
    """Returns the tuning of the units of each convolution, by its name.

    A unit's answer to an orientation is the greatest of its activations at the middle of the image,
    over all distances, bright bars and dark ones.

    Args:
        checkpoint: of a run of `layer_outputs.can_be_passed`.
        side: of its images.
        channels: of its images.
    """
    bars = oriented_bars(side, channels)
    flat = bars.reshape(-1, *bars.shape[2:])
    found = {}
    for name, outputs in layer_outputs(checkpoint, flat):
        if name != READOUT:
            middle = outputs[:, side // 2, side // 2]
            answers = middle.reshape(*bars.shape[:2], -1).max(axis=1)
            found[name] = bar_tuning(answers.astype(np.float64))
    return found
