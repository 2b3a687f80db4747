"""What dropout makes of a signal, and of the gradient on its way back."""

from dataclasses import replace

import numpy as np

from initlab.architectures.layers import Dropout
from initlab.theory.signal import Gradient, Link, Signal


def through_dropout(layer: Dropout, signal: Signal) -> tuple[Signal, Link]:
    r"""Returns values that a mask of their own is applied to, of mean square 1 / keep.

    Each value's square grows by that; products of two places or inputs stay, for their masks are
    independent. It moves a critical weight variance to keep times what it was.

    References:
        Pretorius et al., Critical initialisation for deep signal propagation in noisy rectifier
        neural networks, 2018, arXiv:1811.00293.
    """
    keep = 1 - layer.rate
    one = np.eye(signal.places)
    second = np.multiply.outer(signal.relative, signal.relative)
    fourth = signal.square_covariance + second
    # Masks m have E[m^2] = 1 / keep, which the level has too, and E[m^4] = 1 / keep^3.
    squares = np.where(one > 0, fourth / keep - second, signal.square_covariance)

    def back(gradient: Gradient) -> Gradient:
        return replace(gradient, second=gradient.second / keep, kurtosis=gradient.kurtosis / keep)

    return (
        replace(
            signal,
            same=np.where(one > 0, signal.same / keep, signal.same),
            square_covariance=squares,
            gaussian=None,
            phi=None,
        ),
        back,
    )
