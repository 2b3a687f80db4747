"""A walk through an architecture: a row for every layer's output, each with a name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from initlab.architectures.layers import Auxiliary, Concatenation, Layer, Repeat, Residual
from initlab.architectures.rows import KINDS, READOUT, Here, Row, row_of
from initlab.architectures.sizes import Sizes


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

    >>> from initlab.architectures.layers import Convolution
    >>> [row] = walk([Convolution(6, window=(5, 5), padding="VALID")], (32, 32, 3))
    >>> row.name, row.here.shape, row.parameters
    ('readout', (28, 28, 6), 456)
    """
    start = Here(tuple(image_shape), 0, (1, 1), (1, 1))
    rows = list(_sequence(layers, start, (), None, Counter()))
    weights = [index for index, row in enumerate(rows) if row.kernel_shape]
    if weights:
        rows[weights[-1]] = replace(rows[weights[-1]], name=READOUT, answers=True)
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
        case Auxiliary():
            yield from _head(layer, here, path, copy, names)
        case _:
            kind = KINDS[type(layer)]
            name = _name(kind, names)
            try:
                yield replace(row_of(layer, here), name=name, kind=kind, path=path, copy=copy)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error


def _name(kind: str, names: Counter) -> str:
    """Returns the next name: weight layers share their numbers."""
    if kind not in ("dense", "conv"):
        return names(kind)
    return f"{kind}_{names('weight').removeprefix('weight_')}"


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
    yield Row(_deepest([one, two], one.shape), name=name, kind="sum", path=path, copy=copy)


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
    met = _deepest(ends, (*ends[0].shape[:-1], channels))
    yield Row(met, name=name, kind="concat", path=path, copy=copy)


def _head(
    layer: Auxiliary, here: Here, path: tuple[str, ...], copy: int | None, names: Counter
) -> Iterator[Row]:
    """Yields the rows of a head, whose last weight layer answers, and of what goes on beside it."""
    rows = list(_sequence(layer.branch, here, (*path, "branch"), copy, names))
    last = max(index for index, row in enumerate(rows) if row.kernel_shape)
    rows[last] = replace(rows[last], answers=True)
    yield from rows
    yield Row(here, name=names("auxiliary"), kind="auxiliary", path=path, copy=copy)


def _deepest(ends: Sequence[Here], shape: Sizes) -> Here:
    """Returns where several ways meet."""
    return Here(
        shape,
        max(end.layer for end in ends),
        tuple(max(sizes) for sizes in zip(*(end.field for end in ends), strict=True)),
        ends[0].apart,
    )
