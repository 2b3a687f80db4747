"""What an architecture is made from: the fields of a run that decide its layers."""

from dataclasses import dataclass
from typing import Literal

from initlab.architectures.layers import Layer, LocalResponse, Norm
from initlab.architectures.sizes import Padding, Sizes

type NormKind = Literal["none", "batch", "layer", "group", "local_response"]
type ResidualKind = Literal["plain", "scaled", "zero_gamma", "skip_init", "rezero", "fixup"]
type WindowPadding = Literal["same", "valid", "circular"]
type Pooling = Literal["max", "average", "norm", "none"]
type AfterPooling = Literal["activation", "nothing"]
type Readout = Literal["places", "mean"]
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
        kernel_size: taps of a convolution's window along each axis.
        first_window: the same of the first convolution.
        padding: of convolutions.
        pooling: what joins the places of a window, or nothing.
        after_pooling: whether the nonlinearity comes again after the first pooling.
        dropout: share of the hidden activations that are dropped in training.
        readout: whether the readout sees every place of the last maps, or their mean.
        auxiliary_heads: whether heads in the middle of the net answer too while it trains.
    """

    image_shape: Sizes
    classes: int
    depth: int
    width: int
    norm: NormKind = "none"
    scale: Scale = "small"
    residual: ResidualKind = "plain"
    kernel_size: int = 3
    first_window: int | Literal["own"] = "own"
    padding: WindowPadding = "same"
    pooling: Pooling = "max"
    after_pooling: AfterPooling = "activation"
    dropout: float = 0.0
    readout: Readout = "places"
    auxiliary_heads: bool = False

    @property
    def first_size(self) -> int:
        """Taps of the first convolution's window along each axis."""
        return self.kernel_size if self.first_window == "own" else self.first_window

    @property
    def padded(self) -> Padding:
        """The padding as layers name it."""
        names: dict[WindowPadding, Padding] = {
            "same": "SAME", "valid": "VALID", "circular": "CIRCULAR",
        }  # fmt: skip
        return names[self.padding]

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
