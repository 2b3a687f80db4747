"""Descriptions of layers: what a model is built from, a plan counts and theory walks through."""

from dataclasses import dataclass
from typing import Any, Literal

from initlab.architectures.sizes import Padding, Sizes, require_number, require_window
from initlab.spec.law import Law

type Variance = float | Law

NORMS = ("batch", "layer", "group")
POOLS = ("max", "average", "norm", "global")


class Layer:
    """What all descriptions of layers are."""


@dataclass(frozen=True)
class Dense(Layer):
    """A dense layer over everything that it is given, all places of an image among it.

    Attributes:
        width: number of its units.
        weights: for theory, variance of the weights times their fan-in, or the law that draws them;
            None leaves it to the run.
        biases: the same: variance of the biases, or their law.
        first_scale: the factor of the weights that a run draws, for theory in `weights` already.
    """

    width: int
    weights: Variance | None = None
    biases: Variance | None = 0.0
    first_scale: float = 1.0

    def __post_init__(self) -> None:
        require_number("width", self.width)


@dataclass(frozen=True)
class Convolution(Layer):
    """A convolution; its output has the padding's size, as in JAX.

    Attributes:
        channels: number of its output channels.
        weights: for theory, variance of the weights times their fan-in, the window's taps included,
            or the law that draws each group's kernel `(*window, in / groups, out / groups)`; None
            leaves it to the run.
        biases: variance of the biases, or their law.
        window: taps along each axis.
        strides: steps along each axis; none means one.
        padding: "SAME" (zeros), "VALID", "CIRCULAR", or the number of zeros on every side.
        dilation: steps between two taps, along each axis; none means one.
        groups: groups of channels that do not see each other.
        first_scale: the factor of the weights that a run draws, for theory in `weights` already.
    """

    channels: int
    weights: Variance | None = None
    biases: Variance | None = 0.0
    window: Sizes = (3, 3)
    strides: Sizes = ()
    padding: Padding = "SAME"
    dilation: Sizes = ()
    groups: int = 1
    first_scale: float = 1.0

    def __post_init__(self) -> None:
        require_number("channels", self.channels)
        require_number("groups", self.groups)
        require_window(self.window, self.padding, strides=self.strides, dilation=self.dilation)


@dataclass(frozen=True)
class Activation(Layer):
    """A nonlinearity: an activation's name, a function of one scalar in JAX, or None: the run's."""

    phi: Any = None


@dataclass(frozen=True)
class Pool(Layer):
    """Pooling over places.

    Attributes:
        kind: "max", "average", "norm" (the Euclidean one), or "global", the average over all
            places.
        window: places along each axis; unused by "global".
        strides: steps along each axis; none means the window's own sizes.
        padding: "VALID", "SAME" or a number: an average counts zeros outside the image, a maximum
            nothing.
    """

    kind: Literal["max", "average", "norm", "global"]
    window: Sizes = (2, 2)
    strides: Sizes = ()
    padding: Literal["SAME", "VALID"] | int = "VALID"

    def __post_init__(self) -> None:
        if self.kind not in POOLS:
            raise ValueError(f"`kind` must be one of {', '.join(POOLS)}, got {self.kind!r}.")
        require_window(self.window, self.padding, strides=self.strides)


@dataclass(frozen=True)
class Norm(Layer):
    """Normalization, by its first scale and without a shift before training.

    Attributes:
        kind: "batch", over a batch and all places of each channel; "layer", over the channels
            at each place of one input; "group", over the channels of a group and all places.
        groups: number of groups, for "group" alone. For theory each has to hold many channels.
        first_scale: the scale before training.
    """

    kind: Literal["batch", "layer", "group"]
    groups: int = 1
    first_scale: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in NORMS:
            raise ValueError(f"`kind` must be batch, layer or group, got {self.kind!r}.")
        require_number("groups", self.groups)


@dataclass(frozen=True)
class LocalResponse(Layer):
    r"""Local response normalization: :math:`x_i / (k + \alpha \sum_j x_j^2)^\beta` over channels.

    Attributes:
        size: how many neighbouring channels j there are, i among them.
        alpha: the factor of the sum.
        beta: the exponent.
        k: what is added.

    References:
        Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012.
    """

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 2.0

    def __post_init__(self) -> None:
        require_number("size", self.size)


@dataclass(frozen=True)
class Dropout(Layer):
    """Dropout while training: each value is kept with probability 1 - rate, and divided by it."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"`rate` must lie in [0, 1), got {self.rate}.")


@dataclass(frozen=True)
class ZeroChannels(Layer):
    """More channels, all zero, after those that are there: a shortcut without weights.

    Attributes:
        channels: number of channels afterwards.
    """

    channels: int

    def __post_init__(self) -> None:
        require_number("channels", self.channels)


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


@dataclass(frozen=True)
class Concatenation(Layer):
    """The channels of several branches, one after another.

    Attributes:
        branches: layers of each; none is the identity.
    """

    branches: tuple[tuple[Layer, ...], ...]

    def __post_init__(self) -> None:
        if not self.branches:
            raise ValueError("`branches` must be at least one, got none.")


@dataclass(frozen=True)
class Auxiliary(Layer):
    """A head beside the way: it answers too while the network trains, and hands its input on.

    Attributes:
        branch: its layers, the last weight layer a readout.
        weight: the factor of its loss, which is added to the network's own.
    """

    branch: tuple[Layer, ...]
    weight: float

    def __post_init__(self) -> None:
        if not has_weights(self.branch):
            raise ValueError("`branch` must have a dense layer or a convolution, which answers.")
        if not self.weight > 0:
            raise ValueError(f"`weight` must be positive, got {self.weight}.")


@dataclass(frozen=True)
class Repeat(Layer):
    """The same block several times, with weights of their own: compiled once, whatever the number.

    Attributes:
        number: how often.
        block: layers that keep the shape.
    """

    number: int
    block: tuple[Layer, ...]

    def __post_init__(self) -> None:
        require_number("number", self.number)
        if any(isinstance(layer, Repeat | Auxiliary) for layer in self.block):
            raise ValueError(
                "`block` must have no repeated block and no auxiliary head of its own: write one "
                "repetition, and heads beside it."
            )


def has_weights(layers: tuple[Layer, ...]) -> bool:
    """Tells whether weights are drawn in any of the layers."""
    return any(
        isinstance(layer, Dense | Convolution) or has_weights(inner(layer)) for layer in layers
    )


def inner(layer: Layer) -> tuple[Layer, ...]:
    """Returns the layers inside a layer, in the order of the forward pass."""
    match layer:
        case Residual():
            return (*layer.branch, *layer.shortcut)
        case Concatenation():
            return tuple(each for branch in layer.branches for each in branch)
        case Auxiliary():
            return layer.branch
        case Repeat():
            return layer.block
    return ()
