"""What filters answer to images: the first layer's preactivations, without a bias."""

import numpy as np
from jaxtyping import Float, Num


def responses(
    kernel: Float[np.ndarray, "height width in out"],
    images: Num[np.ndarray, "image rows columns in"],
) -> Float[np.ndarray, "image places across out"]:
    """Returns each filter's answer wherever its window lies wholly in the image.

    It is the convolution of networks, a correlation: a place is the upper left corner of a window.
    Images come one by one, so that the windows of one alone are in memory.
    """
    exact = kernel.astype(np.float64)
    return np.stack([_of_one(exact, image.astype(np.float64)) for image in images])


def _of_one(
    kernel: Float[np.ndarray, "height width in out"], image: Float[np.ndarray, "rows columns in"]
) -> Float[np.ndarray, "places across out"]:
    """Returns the answers to one image."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape[:2], axis=(0, 1))
    found: np.ndarray = np.tensordot(windows, kernel, axes=((2, 3, 4), (2, 0, 1)))
    return found
