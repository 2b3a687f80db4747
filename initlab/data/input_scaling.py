"""From pixels to what a network sees."""

from typing import Literal, get_args

import numpy as np
from jaxtyping import UInt8

Inputs = Literal["standardized", "centred", "unit", "raw"]


def input_scaling(
    train_images: UInt8[np.ndarray, "train height width channel"], max_value: int, inputs: Inputs
) -> tuple[float, float]:
    r"""Returns `(shift, scale)`: a network's input is `(pixel - shift) * scale`.

    With :math:`m` the brightest possible value and :math:`\mu, \sigma` the mean and the
    population standard deviation of all training pixels together, in double precision:

    ================  =============  ====================  =========================
    `inputs`          shift          scale                 a network sees
    ================  =============  ====================  =========================
    `standardized`    :math:`\mu`    :math:`1 / \sigma`    mean 0, variance 1
    `centred`         :math:`\mu`    :math:`1 / m`         mean 0, a range of 1
    `unit`            0              :math:`1 / m`         0 to 1
    `raw`             0              :math:`255 / m`       0 to 255, whatever :math:`m`
    ================  =============  ====================  =========================

    Args:
        train_images: the training part actually used, without the validation part.
        max_value: :math:`m`, positive: 16 for the digits, 255 for Fashion-MNIST.
        inputs: one of the four above.

    Returns:
        Shift, in pixel values, and scale, per pixel value.

    Raises:
        ValueError: if there are no images, `max_value` is not positive, `inputs` is unknown, or
            all pixels are equal and are to be standardized.

    Example:
        >>> images = np.array([0, 16], np.uint8).reshape(2, 1, 1, 1)
        >>> input_scaling(images, 16, "standardized")
        (8.0, 0.125)
        >>> input_scaling(images, 16, "raw")
        (0.0, 15.9375)
    """
    if train_images.size == 0:
        raise ValueError(f"`train_images` must not be empty, got shape {train_images.shape}.")
    if not max_value > 0:
        raise ValueError(f"`max_value` must be positive, got {max_value}.")
    if inputs not in get_args(Inputs):
        raise ValueError(f"`inputs` must be one of {', '.join(get_args(Inputs))}, got {inputs!r}.")
    if inputs == "unit":
        return 0.0, 1.0 / max_value
    if inputs == "raw":
        return 0.0, 255.0 / max_value
    mean = float(train_images.mean(dtype=np.float64))
    if inputs == "centred":
        return mean, 1.0 / max_value
    stddev = float(train_images.std(dtype=np.float64))
    if stddev == 0:
        raise ValueError(f"`train_images` must vary to be standardized, got only {mean:g}.")
    return mean, 1.0 / stddev
