"""Descriptions of layers, as far as theory needs to know them."""

from dataclasses import dataclass
from typing import Literal

from initlab.initializers.arguments import require_positive
from initlab.spec.law import Law
from initlab.theory.function import Phi

type Variance = float | Law
type Sizes = tuple[int, ...]
type Padding = Literal["SAME", "VALID", "CIRCULAR"]

PADDINGS = ("SAME", "VALID", "CIRCULAR")


class Layer:
    """What all descriptions of layers are."""


@dataclass(frozen=True)
class Dense(Layer):
    """A dense layer over everything that it is given, all places of an image among it.

    Attributes:
        width: number of its units.
        weights: variance of the weights times their fan-in, or the law that draws them.
        biases: variance of the biases, or their law.
    """

    width: int
    weights: Variance
    biases: Variance = 0.0

    def __post_init__(self) -> None:
        require_positive("width", self.width)


@dataclass(frozen=True)
class Convolution(Layer):
    """A convolution; its output has the padding's size, as in JAX.

    Attributes:
        channels: number of its output channels.
        weights: variance of the weights times their fan-in, the window's taps included, or the law
            that draws kernels `(*window, in, out)`.
        biases: variance of the biases, or their law.
        window: taps along each axis.
        strides: steps along each axis; none means one.
        padding: "SAME" (zeros), "VALID" or "CIRCULAR".
    """

    channels: int
    weights: Variance
    biases: Variance = 0.0
    window: Sizes = (3, 3)
    strides: Sizes = ()
    padding: Padding = "SAME"

    def __post_init__(self) -> None:
        require_positive("channels", self.channels)
        _require_window(self.window, self.strides, self.padding)


@dataclass(frozen=True)
class Activation(Layer):
    """A nonlinearity: an activation's name, or a function of one scalar written in JAX."""

    phi: Phi


@dataclass(frozen=True)
class Pool(Layer):
    """Pooling over places.

    Attributes:
        kind: "max", "average", or "global", the average over all places.
        window: places along each axis; unused by "global".
        strides: steps along each axis; none means the window's own sizes.
        padding: "VALID", or "SAME": an average counts zeros outside the image, a maximum nothing.
    """

    kind: Literal["max", "average", "global"]
    window: Sizes = (2, 2)
    strides: Sizes = ()
    padding: Literal["SAME", "VALID"] = "VALID"

    def __post_init__(self) -> None:
        if self.kind not in ("max", "average", "global"):
            raise ValueError(f"`kind` must be max, average or global, got {self.kind!r}.")
        _require_window(self.window, self.strides, self.padding)


@dataclass(frozen=True)
class Norm(Layer):
    """Normalization, with scale 1 and shift 0, as it is at initialization.

    Attributes:
        kind: "batch", over a large batch and all places of each channel; "layer", over the channels
            at each place of one input; "group", over the channels of a group and all places.
        groups: number of groups, for "group" alone. Each has to hold many channels.
    """

    kind: Literal["batch", "layer", "group"]
    groups: int = 1

    def __post_init__(self) -> None:
        if self.kind not in ("batch", "layer", "group"):
            raise ValueError(f"`kind` must be batch, layer or group, got {self.kind!r}.")
        require_positive("groups", self.groups)


@dataclass(frozen=True)
class Dropout(Layer):
    """Dropout while training: each value is kept with probability 1 - rate, and divided by it."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"`rate` must lie in [0, 1), got {self.rate}.")


@dataclass(frozen=True)
class Residual(Layer):
    """A sum: what the shortcut makes of the input, plus `scale` times what the branch makes of it.

    Attributes:
        branch: layers, a dense layer or convolution among them.
        shortcut: layers; none is the identity.
        scale: the factor of the branch.
    """

    branch: tuple[Layer, ...]
    shortcut: tuple[Layer, ...] = ()
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not has_weights(self.branch):
            raise ValueError(
                "`branch` must have a dense layer or a convolution: without weights of its own it "
                "is not independent of the shortcut."
            )


def has_weights(layers: tuple[Layer, ...]) -> bool:
    """Tells whether weights are drawn in any of the layers."""
    return any(
        isinstance(layer, Dense | Convolution)
        or (isinstance(layer, Residual) and has_weights((*layer.branch, *layer.shortcut)))
        for layer in layers
    )


def _require_window(window: Sizes, strides: Sizes, padding: str) -> None:
    """Raises unless a window, its strides and its padding are such."""
    if not window or min(window) < 1:
        raise ValueError(f"`window` must have positive sizes, got {window}.")
    if strides and (len(strides) != len(window) or min(strides) < 1):
        raise ValueError(
            f"`strides` must be positive, one for each axis of the window {window}, got {strides}."
        )
    if padding not in PADDINGS:
        raise ValueError(f"`padding` must be one of {', '.join(PADDINGS)}, got {padding!r}.")
