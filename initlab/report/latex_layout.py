"""How a table stands on a page of LaTeX: its type, its columns' widths, and where it is divided."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from initlab.report.columns import Column
from initlab.report.latex_widths import longest_piece, number_width, text_width

POINTS = 72.27  # of TeX, an inch
_LABEL, _PROSE = 6.5, 10.0  # least widths of texts that are wrapped, in sizes of the type
_BETWEEN = 0.25  # inches between the columns of a page of two


class Type(NamedTuple):
    """The type of a table.

    Attributes:
        size: in points; 0 for the document's own, which is counted as 12.
        scale: points that the width of a letter comes to, a size of Computer Modern: small ones
            are wider for their height.
        gap: points between two columns.
    """

    size: int
    scale: float
    gap: float


_TYPES = (Type(0, 11.8, 12.0), Type(9, 9.25, 10.0), Type(8, 8.5, 8.0), Type(7, 8.15, 6.0))


@dataclass(frozen=True)
class Layout:
    """A table, or the parts it is divided into, which have its first columns in common.

    Attributes:
        type: of its letters.
        parts: columns of each part, each with the points to which it is wrapped, None where not.
        narrow: whether it goes into one column of a page of two.
        lines: how many lines of text its rows are high, all parts together.
    """

    type: Type
    parts: tuple[tuple[tuple[Column, float | None], ...], ...]
    narrow: bool
    lines: int


def lay_out(columns: Sequence[Column], width: float) -> Layout:
    """Returns how columns stand on a page: in the largest type that fits, else divided.

    Texts are wrapped where there is no room for them in one line. Where 7 points do not suffice,
    the table is divided into as few parts as fit, each with the first columns, those by which its
    rows are told apart.

    Args:
        columns: of `columns.print_columns`.
        width: of the page's text, in inches.
    """
    line = width * POINTS - 1.0
    for type_ in _TYPES:
        if _least(columns, type_) <= line:
            return _layout([columns], type_, line)
    return _layout(_divide(columns, _TYPES[-1], line), _TYPES[-1], line)


def _layout(parts: Sequence[Sequence[Column]], type_: Type, line: float) -> Layout:
    placed = tuple(tuple(zip(part, _wraps(part, type_, line), strict=True)) for part in parts)
    column = (line - _BETWEEN * POINTS) / 2
    widest = max(
        type_.gap * len(part)
        + sum(wrap or _natural(one, type_) * type_.scale for one, wrap in part)
        for part in placed
    )
    return Layout(type_, placed, widest <= column, sum(_lines(part, type_) for part in placed))


def _natural(column: Column, type_: Type) -> float:
    """Returns how wide a column is whose texts are not wrapped, in sizes of the type."""
    head = text_width(column.name) if not type_.size else max(map(text_width, _words(column)))
    measure = number_width if column.numeric else text_width
    return max([head, *(measure(cell or "--") for cell in column.cells)])


def _shortest(column: Column, type_: Type) -> float:
    """Returns the least width of a column, its texts wrapped, in sizes of the type."""
    natural = _natural(column, type_)
    if column.numeric or not type_.size:
        return natural
    longest = max(map(longest_piece, [*_words(column), *column.cells]))
    return min(natural, max(longest, _PROSE if column.prose else _LABEL))


def _least(columns: Sequence[Column], type_: Type) -> float:
    """Returns the points that columns take at least."""
    widths = sum(_shortest(one, type_) for one in columns)
    return type_.scale * widths + type_.gap * len(columns)


def _wraps(columns: Sequence[Column], type_: Type, line: float) -> list[float | None]:
    """Returns the points to which each column is wrapped: what is left goes to those it helps."""
    natural = [_natural(one, type_) for one in columns]
    least = [_shortest(one, type_) for one in columns]
    wanted = sum(natural) - sum(least)
    left = max(line - _least(columns, type_), 0.0) / type_.scale
    if wanted <= left:
        return [None] * len(columns)
    return [
        math.floor(type_.scale * (low + (high - low) * left / wanted)) if high > low else None
        for low, high in zip(least, natural, strict=True)
    ]


def _divide(columns: Sequence[Column], type_: Type, line: float) -> list[list[Column]]:
    """Returns the columns of as few parts as fit, about as wide as each other."""
    fewest = _fill(columns, type_, line)
    tried = (_fill(columns, type_, line * percent / 100) for percent in range(50, 100, 5))
    return next((parts for parts in tried if len(parts) == len(fewest)), fewest)


def _fill(columns: Sequence[Column], type_: Type, line: float) -> list[list[Column]]:
    """Returns parts that are filled one after another, each with the first columns in common."""
    first = _key(columns)
    common = list(columns[:first])
    parts: list[list[Column]] = [[]]
    for column in columns[first:]:
        if parts[-1] and _least([*common, *parts[-1], column], type_) > line:
            parts.append([])
        parts[-1].append(column)
    return [[*common, *part] for part in parts]


def _key(columns: Sequence[Column]) -> int:
    """Returns how many of the first columns tell the rows apart; 1 where not even all do."""
    for number in range(1, len(columns)):
        rows = list(zip(*(one.cells for one in columns[:number]), strict=True))
        if len(set(rows)) == len(rows):
            return number
    return 1


def _lines(part: Sequence[tuple[Column, float | None]], type_: Type) -> int:
    """Returns how many lines the rows of a part are high."""
    heights = [
        [math.ceil(type_.scale * text_width(cell) / wrap) if wrap else 1 for cell in column.cells]
        for column, wrap in part
    ]
    return sum(map(max, zip(*heights, strict=True)))


def _words(column: Column) -> list[str]:
    return column.name.split(" ")
