"""What one number that everything is multiplied by makes of a signal, and of its gradient."""

from dataclasses import replace

import numpy as np

from initlab.theory.signal import Gaussian, Gradient, Link, Signal


def scaled(signal: Signal, factor: float) -> Signal:
    """Returns the values times a factor; times zero they are known, whatever they were."""
    if factor == 1:
        return signal
    if factor == 0:
        zeros = np.zeros_like(signal.same)
        return replace(
            signal,
            mean=zeros[0],
            same=zeros,
            other=zeros,
            gaussian=Gaussian(zeros, zeros),
            phi=None,
            square_covariance=zeros,
            modes=zeros[:, :1],
        )
    same, other = factor**2 * signal.same, factor**2 * signal.other
    pure = signal.gaussian is not None and signal.phi is None
    return replace(
        signal,
        mean=factor * signal.mean,
        same=same,
        other=other,
        gaussian=Gaussian(same, other) if pure else None,
        phi=None,
    )


def through_multiplier(factor: float, signal: Signal) -> tuple[Signal, Link]:
    """Returns the values times a factor, and the gradient's way back."""

    def back(gradient: Gradient) -> Gradient:
        if factor == 0:
            return Gradient(np.zeros(signal.places), gradient.independent, notes=gradient.notes)
        return replace(gradient, second=factor**2 * gradient.second)

    return scaled(signal, factor), back
