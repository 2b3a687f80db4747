"""What normalization makes of a signal, and of the gradient on its way back."""

from dataclasses import replace

import numpy as np

from initlab.architectures.layers import Norm
from initlab.theory.scaling import through_multiplier
from initlab.theory.signal import Gaussian, Gradient, Link, Pairs, Places, Signal

NO_SCATTER = "no scatter after normalization, whose units are not independent"


def through_norm(layer: Norm, signal: Signal) -> tuple[Signal, Link]:
    r"""Returns normalized values: less what they share, over their deviation, times a scale.

    In the limit of a wide layer, and for batch normalization of a large batch whose inputs all have
    the same moments: the mean over the batch has as its variance what two inputs share. On its way
    back a gradient is divided by that deviation. What normalization takes off its mean and off its
    part along the values is left out: one over the batch, or over the channels of a group.

    Raises:
        ValueError: if the groups do not divide the channels, or hold one each.

    References:
        Yang et al., A Mean Field Theory of Batch Normalization, 2019, arXiv:1902.08129.
    """
    if layer.kind == "group" and signal.channels % layer.groups:
        raise ValueError(
            f"`groups` must divide the {signal.channels} channels, got {layer.groups}."
        )
    if layer.kind == "group" and signal.channels == layer.groups > 1:
        raise ValueError(
            f"`groups` must leave several channels to each group, got {layer.groups} for "
            f"{signal.channels}: each channel by itself is another normalization."
        )
    same, other = _centred(layer, signal)
    variance = (
        same.diagonal() if layer.kind == "layer" else np.full(signal.places, same.diagonal().mean())
    )
    if not (variance > 0).all():
        note = "normalization of values without variance"
        return signal.without_numbers(note), lambda above: above.lost(note, signal.places)
    deviation = np.sqrt(variance)
    scale = np.multiply.outer(deviation, deviation)
    pure = signal.gaussian is not None and signal.phi is None
    found = Gaussian(same / scale, other / scale)

    def back(gradient: Gradient) -> Gradient:
        return replace(gradient, second=gradient.second / variance).without_scatter(NO_SCATTER)

    changed = signal.without_scatter(
        NO_SCATTER,
        mean=_centred_mean(layer, signal.mean) / deviation,
        same=found.same,
        other=found.other,
        gaussian=found if pure else None,
        phi=None,
    )
    above, back_from = through_multiplier(layer.first_scale, changed)
    return above, lambda gradient: back(back_from(gradient))


def _centred(layer: Norm, signal: Signal) -> tuple[Pairs, Pairs]:
    """Returns the products of values less the means that normalization takes off."""
    if layer.kind == "batch":
        off = signal.other.mean(axis=1)
        shared = np.add.outer(off, off) - off.mean()
    else:
        off = (
            signal.mean if layer.kind == "layer" else np.full_like(signal.mean, signal.mean.mean())
        )
        shared = np.multiply.outer(off, signal.mean)
        shared = shared + shared.T - np.multiply.outer(off, off)
    return signal.same - shared, signal.other - shared


def _centred_mean(layer: Norm, mean: Places) -> Places:
    """Returns the means over the channels of what is left."""
    if layer.kind == "layer":
        return np.zeros_like(mean)
    return mean - mean.mean()
