"""Controls of trained filters: the same moments, or the same pixels, in no order."""

import numpy as np
from jaxtyping import Float

type Kernel = Float[np.ndarray, "height width in out"]


def moment_matched(kernel: Kernel, rng: np.random.Generator) -> Kernel:
    """Returns filters of independent Gaussian weights, each of its filter's mean and variance.

    What they share with the filters is scale and brightness, and no arrangement.
    """
    mean, deviation = (made(kernel, axis=(0, 1, 2)) for made in (np.mean, np.std))
    drawn: Kernel = mean + deviation * rng.standard_normal(kernel.shape)
    return drawn


def pixel_shuffled(kernel: Kernel, rng: np.random.Generator) -> Kernel:
    """Returns filters whose taps stand in random order, each filter in one of its own.

    A tap's weights for red, green and blue stay together: colours and the distribution of the
    weights are the filter's, places are not.
    """
    taps = kernel.reshape(-1, *kernel.shape[2:])
    order = rng.permuted(np.tile(np.arange(len(taps))[:, None], kernel.shape[-1]), axis=0)
    shuffled: Kernel = np.take_along_axis(taps, order[:, None, :], axis=0)
    return shuffled.reshape(kernel.shape)


def without_means(kernel: Kernel) -> Kernel:
    """Returns filters less their mean over the window, channel by channel.

    They are silent on uniform images.
    """
    return kernel - kernel.mean(axis=(0, 1))
