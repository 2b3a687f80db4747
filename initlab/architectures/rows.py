"""One layer's output: its sizes, its numbers and its place in an architecture."""

import math
from dataclasses import dataclass, replace

from initlab.architectures.layers import (
    Activation,
    Auxiliary,
    Concatenation,
    Convolution,
    Dense,
    Dropout,
    Layer,
    LocalResponse,
    Norm,
    Pool,
    Repeat,
    Residual,
    ZeroChannels,
)
from initlab.architectures.local import Patches
from initlab.architectures.scalars import Multiplier, Offset
from initlab.architectures.sizes import Sizes, require_divisor
from initlab.architectures.windows import fit

KINDS = {
    Dense: "dense",
    Convolution: "conv",
    Activation: "activation",
    Pool: "pool",
    Norm: "norm",
    LocalResponse: "local_response",
    Dropout: "dropout",
    ZeroChannels: "zero_channels",
    Patches: "patches",
    Multiplier: "multiplier",
    Offset: "offset",
    Residual: "sum",
    Concatenation: "concat",
    Auxiliary: "auxiliary",
    Repeat: "repeat",
}
READOUT = "readout"


@dataclass(frozen=True)
class Here:
    """What reaches a layer.

    Attributes:
        shape: `(height, width, channel)`, or `(unit,)` after a dense layer.
        layer: weight layers on the longest way from the images.
        field: entries of the image, along each axis, that one entry depends on.
        apart: entries of the image between two neighbours, along each axis.
    """

    shape: Sizes
    layer: int
    field: Sizes
    apart: Sizes


@dataclass(frozen=True)
class Row:
    """One layer's output.

    Attributes:
        here: shape and place of the output.
        kernel_shape: `(*window, in / groups, out)` of a weight layer, else None.
        parameters: how many numbers are trained in it.
        dropped: entries at the end of each axis that no window meets, padding among them.
        exact: (W - K + 2P) / S + 1 along each axis, of which the output has the whole part.
        first_scale: the factor, before training, of what a weight layer draws.
        first: values before training of parameters that no law draws, by name.
        groups: groups of channels of a convolution that do not see each other.
        name: its kind and number, `readout` for the last weight layer; `walk` gives it, and what
            follows.
        kind: a value of `KINDS`.
        path: names of the layers that hold it, one inside another, and its own.
        copy: which one of a repeated block it is in, from 0; None outside.
        answers: whether it is a weight layer whose output is logits: the readout, or a head's last.
    """

    here: Here
    kernel_shape: Sizes | None = None
    parameters: int = 0
    dropped: Sizes = ()
    exact: tuple[float, ...] = ()
    first_scale: float = 1.0
    first: tuple[tuple[str, float], ...] = ()
    groups: int = 1
    name: str = ""
    kind: str = ""
    path: tuple[str, ...] = ()
    copy: int | None = None
    answers: bool = False

    @property
    def positions(self) -> int:
        """How often a kernel is applied to an image."""
        return math.prod(self.here.shape[:-1])

    @property
    def values(self) -> int:
        """Entries of the output for one image."""
        return math.prod(self.here.shape)

    @property
    def products(self) -> int:
        """Products of one number with another that a weight layer takes for an image."""
        return math.prod(self.kernel_shape) * self.positions if self.kernel_shape else 0

    @property
    def is_site(self) -> bool:
        """Whether a tap sits at the output."""
        return self.kind in ("dense", "conv", "norm", "sum", "concat")


def row_of(layer: Layer, here: Here) -> Row:
    """Returns the row of a layer without others inside, before it has a name.

    Raises:
        ValueError: if the layer does not fit what reaches it.
    """
    shape = here.shape
    match layer:
        case Dense():
            inputs = math.prod(shape)
            spread = _whole(here)
            after = Here((layer.width,), here.layer + 1, spread, here.apart)
            kernel = (inputs, layer.width)
            number = (inputs + 1) * layer.width
            return Row(after, kernel, number, first_scale=layer.first_scale)
        case Convolution():
            after, dropped, exact = _windowed(layer, here, layer.channels)
            require_divisor(layer.groups, shape[-1], layer.channels)
            window = (*layer.window, shape[-1] // layer.groups, layer.channels)
            number = math.prod(window) + layer.channels
            after = replace(after, layer=here.layer + 1)
            return Row(
                after,
                window,
                number,
                dropped,
                exact,
                first_scale=layer.first_scale,
                groups=layer.groups,
            )
        case Pool(kind="global"):
            _require_places(here)
            return Row(replace(here, shape=shape[-1:], field=_whole(here)))
        case Pool():
            after, dropped, exact = _windowed(layer, here, shape[-1])
            return Row(after, None, 0, dropped, exact)
        case Norm():
            if layer.kind == "group" and shape[-1] % layer.groups:
                raise ValueError(
                    f"`groups` must divide the {shape[-1]} channels, got {layer.groups}: give "
                    f"channels that are a multiple of {layer.groups}, or other groups."
                )
            first = (("scale", layer.first_scale), ("bias", 0.0))
            return Row(here, None, 2 * shape[-1], first=first)
        case Multiplier():
            return Row(here, None, 1, first=(("scale", layer.first),))
        case Offset():
            return Row(here, None, 1, first=(("bias", 0.0),))
        case ZeroChannels():
            if layer.channels < shape[-1]:
                raise ValueError(
                    f"`channels` must be at least the {shape[-1]} there are, got {layer.channels}."
                )
            return Row(replace(here, shape=(*shape[:-1], layer.channels)))
        case Patches():
            met, _, _ = _windowed(Convolution(1, window=layer.window), here, shape[-1])
            one = (1,) * len(layer.window)
            return Row(replace(met, shape=(*one, math.prod(layer.window) * math.prod(met.shape))))
    return Row(here)


def _windowed(
    layer: Convolution | Pool, here: Here, channels: int
) -> tuple[Here, Sizes, tuple[float, ...]]:
    """Returns what a window makes of an image, what it leaves out, and the exact places."""
    _require_places(here)
    one = (1,) * len(layer.window)
    of_convolution = isinstance(layer, Convolution)
    strides = layer.strides or (one if of_convolution else layer.window)
    dilation = (layer.dilation if isinstance(layer, Convolution) else ()) or one
    fits = [
        fit(size, taps, stride=step, padding=layer.padding, dilation=apart)
        for size, taps, step, apart in zip(
            here.shape, layer.window, strides, dilation, strict=False
        )
    ]
    seen = zip(here.field, here.apart, layer.window, dilation, strict=True)
    return (
        Here(
            (*(each.places for each in fits), channels),
            here.layer,
            tuple(field + (taps - 1) * apart * jump for field, jump, taps, apart in seen),
            tuple(jump * step for jump, step in zip(here.apart, strides, strict=True)),
        ),
        tuple(each.dropped for each in fits),
        tuple(each.places + each.dropped / step for each, step in zip(fits, strides, strict=True)),
    )


def _require_places(here: Here) -> None:
    """Raises where there is no image left to lay a window on."""
    if len(here.shape) < 2:
        raise ValueError(
            f"needs an image, got the {here.shape[0]} units of a dense layer: put it before."
        )


def _whole(here: Here) -> Sizes:
    """Returns the field of an entry that depends on all places."""
    if len(here.shape) < 2:
        return here.field
    return tuple(
        field + (size - 1) * jump
        for field, size, jump in zip(here.field, here.shape, here.apart, strict=False)
    )
