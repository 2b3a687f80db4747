"""A walk through an architecture: the name, the sizes and the numbers of every layer's output."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from initlab.architectures.layers import (
    Activation,
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
    Sizes,
    ZeroChannels,
)
from initlab.architectures.scalars import Multiplier, Offset
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
    Multiplier: "multiplier",
    Offset: "offset",
    Residual: "sum",
    Concatenation: "concat",
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
        name: its kind and number, `readout` for the last weight layer.
        kind: a value of `KINDS`.
        path: names of the layers that hold it, one inside another, and its own.
        copy: which one of a repeated block it is in, from 0; None outside.
        here: shape and place of the output.
        kernel_shape: `(*window, in / groups, out)` of a weight layer, else None.
        parameters: how many numbers are trained in it.
        dropped: entries at the end of each axis that no window meets, padding among them.
        exact: (W - K + 2P) / S + 1 along each axis, of which the output has the whole part.
        first_scale: the factor, before training, of what a weight layer draws.
        first: values before training of parameters that no law draws, by name.
    """

    name: str
    kind: str
    path: tuple[str, ...]
    copy: int | None
    here: Here
    kernel_shape: Sizes | None = None
    parameters: int = 0
    dropped: Sizes = ()
    exact: tuple[float, ...] = ()
    first_scale: float = 1.0
    first: tuple[tuple[str, float], ...] = ()

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


@dataclass
class Counter:
    """The numbers that names have reached."""

    numbers: dict[str, int] = field(default_factory=dict)

    def __call__(self, kind: str) -> str:
        """Returns the next name of a kind."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return f"{kind}_{self.numbers[kind]}"


def walk(layers: Sequence[Layer], image_shape: Sizes) -> tuple[Row, ...]:
    """Returns a row for each layer's output, in the order of the forward pass.

    Weight layers are numbered through, whatever their kind: `conv_1`, `conv_2`, `dense_3`; the
    others by kind. A sum or a concatenation comes after what is inside it.

    Args:
        layers: the architecture.
        image_shape: `(height, width, channel)`.

    Raises:
        ValueError: if a layer does not fit what reaches it; the message begins with its name.

    >>> [row] = walk([Convolution(6, window=(5, 5), padding="VALID")], (32, 32, 3))
    >>> row.name, row.here.shape, row.parameters
    ('readout', (28, 28, 6), 456)
    """
    start = Here(tuple(image_shape), 0, (1, 1), (1, 1))
    rows = list(_sequence(layers, start, (), None, Counter()))
    weights = [index for index, row in enumerate(rows) if row.kernel_shape]
    if weights:
        rows[weights[-1]] = replace(rows[weights[-1]], name=READOUT)
    return tuple(rows)


def _sequence(
    layers: Sequence[Layer], here: Here, path: tuple[str, ...], copy: int | None, names: Counter
) -> Iterator[Row]:
    """Yields the rows of layers that follow one another."""
    local = Counter()
    for layer in layers:
        own = (*path, local(KINDS[type(layer)]))
        rows = list(_rows(layer, here, own, copy, names))
        yield from rows
        here = rows[-1].here


def _rows(
    layer: Layer, here: Here, path: tuple[str, ...], copy: int | None, names: Counter
) -> Iterator[Row]:
    """Yields the rows of one layer, the ones inside it first."""
    match layer:
        case Repeat():
            for index in range(layer.number):
                rows = list(_sequence(layer.block, here, (*path, "block"), index, names))
                if rows[-1].here.shape != here.shape:
                    raise ValueError(
                        f"{rows[-1].name}: a repeated block must keep its shape, got "
                        f"{rows[-1].here.shape} from {here.shape}: write the first one apart."
                    )
                yield from rows
                here = rows[-1].here
        case Residual():
            yield from _sum(layer, here, path, copy, names)
        case Concatenation():
            yield from _concatenation(layer, here, path, copy, names)
        case _:
            kind = KINDS[type(layer)]
            name = _name(kind, names)
            try:
                yield replace(_row(layer, here), name=name, kind=kind, path=path, copy=copy)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error


def _name(kind: str, names: Counter) -> str:
    """Returns the next name: weight layers share their numbers."""
    if kind not in ("dense", "conv"):
        return names(kind)
    return f"{kind}_{names('weight').removeprefix('weight_')}"


def _row(layer: Layer, here: Here) -> Row:
    """Returns the row of a layer without others inside, its name left out."""
    shape = here.shape
    match layer:
        case Dense():
            inputs = math.prod(shape)
            spread = _whole(here)
            after = Here((layer.width,), here.layer + 1, spread, here.apart)
            kernel = (inputs, layer.width)
            number = (inputs + 1) * layer.width
            return Row("", "", (), None, after, kernel, number, first_scale=layer.first_scale)
        case Convolution():
            after, dropped, exact = _windowed(layer, here, layer.channels)
            if shape[-1] % layer.groups:
                raise ValueError(
                    f"`groups` must divide the {shape[-1]} input channels, got {layer.groups}."
                )
            window = (*layer.window, shape[-1] // layer.groups, layer.channels)
            number = math.prod(window) + layer.channels
            after = replace(after, layer=here.layer + 1)
            return Row("", "", (), None, after, window, number, dropped, exact, layer.first_scale)
        case Pool(kind="global"):
            _require_places(here)
            return Row("", "", (), None, replace(here, shape=shape[-1:], field=_whole(here)))
        case Pool():
            after, dropped, exact = _windowed(layer, here, shape[-1])
            return Row("", "", (), None, after, None, 0, dropped, exact)
        case Norm():
            if layer.kind == "group" and shape[-1] % layer.groups:
                raise ValueError(
                    f"`groups` must divide the {shape[-1]} channels, got {layer.groups}."
                )
            first = (("scale", layer.first_scale), ("bias", 0.0))
            return Row("", "", (), None, here, None, 2 * shape[-1], first=first)
        case Multiplier():
            return Row("", "", (), None, here, None, 1, first=(("scale", layer.first),))
        case Offset():
            return Row("", "", (), None, here, None, 1, first=(("bias", 0.0),))
        case ZeroChannels():
            if layer.channels < shape[-1]:
                raise ValueError(
                    f"`channels` must be at least the {shape[-1]} there are, got {layer.channels}."
                )
            return Row("", "", (), None, replace(here, shape=(*shape[:-1], layer.channels)))
    return Row("", "", (), None, here)


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


def _sum(
    layer: Residual, here: Here, path: tuple[str, ...], copy: int | None, names: Counter
) -> Iterator[Row]:
    """Yields the rows of a sum."""
    branch = list(_sequence(layer.branch, here, (*path, "branch"), copy, names))
    shortcut = list(_sequence(layer.shortcut, here, (*path, "shortcut"), copy, names))
    name = names("sum")
    one, two = branch[-1].here, shortcut[-1].here if shortcut else here
    if one.shape != two.shape:
        raise ValueError(
            f"{name}: the branch gives {one.shape}, the shortcut {two.shape}: a sum needs the same "
            "of both."
        )
    yield from branch
    yield from shortcut
    yield Row(name, "sum", path, copy, _deepest([one, two], one.shape))


def _concatenation(
    layer: Concatenation, here: Here, path: tuple[str, ...], copy: int | None, names: Counter
) -> Iterator[Row]:
    """Yields the rows of a concatenation."""
    ends = []
    for number, branch in enumerate(layer.branches, start=1):
        rows = list(_sequence(branch, here, (*path, f"branch_{number}"), copy, names))
        yield from rows
        ends.append(rows[-1].here if rows else here)
    name = names("concat")
    if len({end.shape[:-1] for end in ends}) > 1:
        raise ValueError(
            f"{name}: its branches give {', '.join(str(end.shape) for end in ends)}: they need "
            "equal sizes."
        )
    channels = sum(end.shape[-1] for end in ends)
    yield Row(name, "concat", path, copy, _deepest(ends, (*ends[0].shape[:-1], channels)))


def _deepest(ends: Sequence[Here], shape: Sizes) -> Here:
    """Returns where several ways meet."""
    return Here(
        shape,
        max(end.layer for end in ends),
        tuple(max(sizes) for sizes in zip(*(end.field for end in ends), strict=True)),
        ends[0].apart,
    )
