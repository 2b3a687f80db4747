"""A model's layers as a table for people: sizes, receptive fields, parameters, memory."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from initlab.architectures.families import FAMILIES
from initlab.architectures.rows import Row
from initlab.spec.model_sizes import ModelSize, activation_bytes, images, times


def model_lines(model: ModelSize) -> Iterator[str]:
    """Yields the lines of a model's table; a repeated block has its layers once."""
    recipe, family = model.recipe, FAMILIES[model.model]
    said = [model.model]
    said += [f"depth {recipe.depth}"] if family.depth is None else []
    said += [f"{recipe.scale} scale"] if family.paper else []
    said += [f"width {recipe.width}"]
    said += [f"{recipe.norm.replace('_', ' ')} normalization"] if recipe.norm != "none" else []
    yield (
        f"{', '.join(said)}, {images(recipe)}: {model.parameters:,d} parameters, "
        f"{_size(model.activation_bytes)} of activations an image"
    )
    yield _line("layer", "output", "field", "parameters", "activations")
    for block, rows in groupby(model.rows, key=_block):
        found = list(rows)
        first = [row for row in found if not row.copy]
        for row in first:
            yield _row(row)
        if block is not None:
            yield from _again(found[len(first) :], (found[-1].copy or 0))


def _block(row: Row) -> tuple[str, ...] | None:
    """Returns the path of the repeated block that holds a layer, if one does."""
    return None if row.copy is None else row.path[: row.path.index("block")]


def _again(rows: Sequence[Row], times_more: int) -> Iterator[str]:
    """Yields the line of the further copies of a block."""
    if not rows:
        return
    number = "once more" if times_more == 1 else f"{times_more} times more"
    yield _line(
        f"  {number}",
        f"to {rows[-1].name}",
        times(rows[-1].here.field),
        f"{sum(row.parameters for row in rows):,d}",
        _size(sum(map(activation_bytes, rows))),
    )


def _row(row: Row) -> str:
    """Returns the line of a layer."""
    line = _line(
        row.name,
        times(row.here.shape),
        times(row.here.field),
        f"{row.parameters:,d}",
        _size(activation_bytes(row)),
    )
    if not any(row.dropped):
        return line
    most = max(row.dropped)
    lost = "row and column" if most == 1 else f"{most} rows and columns"
    return f"{line}   (W - K + 2P) / S + 1 = {max(row.exact):g}: the last {lost} left out"


def _line(name: str, output: str, field: str, parameters: str, activations: str) -> str:
    """Returns the cells of a line in their columns."""
    return f"  {name:<18s}{output:<15s}{field:<10s}{parameters:>14s}{activations:>14s}"


def _size(number: int) -> str:
    """Returns bytes as people read them."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number} B"
