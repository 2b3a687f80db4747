"""What theory needs to know of a network's inputs."""

import math

import numpy as np
from jaxtyping import Float

from initlab.architectures.sizes import Sizes
from initlab.initializers.arguments import require_positive
from initlab.theory.signal import Signal


def white_inputs(
    channels: int,
    size: Sizes = (),
    *,
    second_moment: float = 1.0,
    correlation: float = 0.0,
) -> Signal:
    """Returns inputs whose places are independent.

    Args:
        channels: number of channels, or of inputs of a dense layer.
        size: places along each axis; none for a dense layer.
        second_moment: mean square of the inputs, positive.
        correlation: correlation of two inputs at one place, between -1 and 1.

    Raises:
        ValueError: if a number is out of its range.
    """
    require_positive("channels", channels)
    require_positive("second_moment", second_moment)
    if not -1 <= correlation <= 1:
        raise ValueError(f"`correlation` must lie between -1 and 1, got {correlation}.")
    if any(places < 1 for places in size):
        raise ValueError(f"`size` must have positive sizes, got {size}.")
    same = second_moment * np.eye(math.prod(size))
    return _given(channels, size, np.zeros(len(same)), same, correlation * same)


def inputs_like(images: Float[np.ndarray, "example *size channel"]) -> Signal:
    """Returns inputs with the moments of a set of images, averaged over it.

    A prediction from them is one for images that all have these moments: where those of single
    images differ much, so does the mean of their predictions, as far as phi is not homogeneous.

    Args:
        images: two or more, as they go into the network.

    Raises:
        ValueError: if there are fewer than two images.
    """
    if len(images) < 2:
        raise ValueError(f"`images` must be at least two, got {len(images)}.")
    number, *size, channels = images.shape
    flat = np.asarray(images, float).reshape(number, -1, channels)
    same = np.einsum("bpc,bqc->pq", flat, flat) / (number * channels)
    total = flat.sum(axis=0)
    crossed = (total @ total.T / channels - number * same) / (number * (number - 1))
    return _given(channels, tuple(size), flat.mean(axis=(0, 2)), same, crossed)


def _given(
    channels: int, size: Sizes, mean: np.ndarray, same: np.ndarray, other: np.ndarray
) -> Signal:
    """Returns inputs, which do not differ from network to network."""
    none = np.zeros_like(same)
    return Signal(channels, size, mean, same, other, None, None, none, np.zeros((len(same), 0)))
