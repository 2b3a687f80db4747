"""What an architecture is made from: the fields of a run that decide its layers."""

from dataclasses import dataclass
from typing import Literal

from initlab.architectures.layers import Layer, LocalResponse, Norm
from initlab.architectures.sizes import Sizes

type NormKind = Literal["none", "batch", "layer", "group", "local_response"]
type ResidualKind = Literal["plain", "scaled", "zero_gamma", "skip_init", "rezero", "fixup"]
type Scale = Literal["small", "paper"]

GROUP_SIZE = 4  # channels of a group, where it divides them


@dataclass(frozen=True)
class Recipe:
    """The sizes of an architecture.

    Attributes:
        image_shape: `(height, width, channel)`.
        classes: outputs of the readout.
        depth: number of weight layers on the longest way, the readout included.
        width: units of a hidden layer, or channels of the first convolution.
        norm: which normalization stands before each nonlinearity; "local_response" stands where
            the papers have it.
        scale: the plan of the paper, or one that trains on a laptop.
        residual: the variant of residual sums, see `initlab.architectures.summing`.
        first_window: taps of the first convolution along each axis, where it can be chosen.
    """

    image_shape: Sizes
    classes: int
    depth: int
    width: int
    norm: NormKind = "none"
    scale: Scale = "small"
    residual: ResidualKind = "plain"
    first_window: int = 3

    def norm_layers(self, channels: int) -> tuple[Layer, ...]:
        """Returns the normalization of so many channels, or nothing."""
        if self.norm == "none" or self.norm == "local_response":
            return ()
        of_group = self.norm == "group" and channels % GROUP_SIZE == 0
        return (Norm(self.norm, channels // GROUP_SIZE if of_group else 1),)

    def local_response(self, k: float = 1.0) -> tuple[Layer, ...]:
        """Returns local response normalization with this number added, or nothing."""
        return (LocalResponse(k=k),) if self.norm == "local_response" else ()

    def share(self, channels: int, of: int) -> int:
        """Returns the channels of a layer that has so many where the first convolution has `of`."""
        return max(1, self.width * channels // of)
