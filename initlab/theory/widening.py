"""What channels of zeros after those that are there make of a signal, and of its gradient."""

from dataclasses import replace

from initlab.architectures.layers import ZeroChannels
from initlab.theory.signal import Gradient, Link, Signal

NO_SCATTER = "no scatter of channels that are not alike"


def through_zero_channels(layer: ZeroChannels, signal: Signal) -> tuple[Signal, Link]:
    """Returns a signal whose means over the channels have zeros in them.

    On its way back the gradient is the same in all channels, but where a rectifier follows: that
    lets nothing through to zeros, so that all of it is in the channels that were there.

    Raises:
        ValueError: if there would be fewer channels than there are.
    """
    if layer.channels < signal.channels:
        raise ValueError(
            f"`channels` must be at least the {signal.channels} there are, got {layer.channels}."
        )
    share = signal.channels / layer.channels

    def back(gradient: Gradient) -> Gradient:
        of_rectifier = gradient.slope is not None
        second = gradient.second / share if of_rectifier else gradient.second
        return replace(gradient, second=second).without_scatter(NO_SCATTER)

    widened = replace(
        signal.without_scatter(
            NO_SCATTER,
            channels=layer.channels,
            mean=share * signal.mean,
            same=share * signal.same,
            other=share * signal.other,
            gaussian=None,
        ),
        filled=share * signal.filled,
    )
    return widened, back
