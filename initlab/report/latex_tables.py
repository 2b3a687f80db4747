"""Tables as LaTeX, in the widest type in which their columns stand side by side on a page."""

from typing import NamedTuple

import pandas as pd

from initlab.analysis.findings import Listing
from initlab.report.columns import Column, print_columns
from initlab.report.numbers import typeset_latex
from initlab.report.text import escape_latex, latex_prose

_LONGEST_FLOAT = 45
_LINE = 469.0  # points of 6.5 inches, the text's width on a page with margins of an inch
_LEAST_TEXT = 22  # digits that fit into a line of a text that is wrapped
_LONGEST_WORD = 22


class _Type(NamedTuple):
    """Type of a document of 10 points.

    Attributes:
        name: of the command that chooses it; empty for the document's own.
        digit: points that a digit takes.
        gap: points between two columns.
    """

    name: str
    digit: float
    gap: float


_TYPES = (
    _Type("", 5.0, 12.0),
    _Type(r"\small", 4.63, 10.0),
    _Type(r"\footnotesize", 4.25, 8.0),
    _Type(r"\scriptsize", 3.99, 6.0),
    _Type(r"\tiny", 3.41, 4.0),
)


def to_latex(listing: Listing) -> str:
    """Returns the table with booktabs' rules, its caption and the label `tab:<name>`.

    It needs the package `booktabs`, and `longtable` above 45 rows. A table that is wider than 6.5
    inches has smaller type, its columns' names word below word, and texts that are wrapped.
    """
    columns = print_columns(listing)
    chosen = _fitting(columns)
    cells = [[_cell(cell, numeric=column.numeric) for cell in column.cells] for column in columns]
    frame = pd.DataFrame(dict(enumerate(cells)), dtype=object)
    heads = [_head(column, stacked=bool(chosen.name)) for column in columns]
    frame.columns = pd.Index(heads, dtype=object)
    long = len(frame) > _LONGEST_FLOAT
    text: str = frame.style.hide(axis="index").to_latex(
        hrules=True,
        column_format=_column_format(columns, chosen),
        caption=latex_prose(listing.caption),
        label=f"tab:{listing.name}",
        environment="longtable" if long else "table",
        position_float=None if long else "centering",
    )
    if not chosen.name:
        return text
    setting = f"{chosen.name}\\setlength{{\\tabcolsep}}{{{chosen.gap / 2:g}pt}}"
    if long:
        return f"{{{setting}\\setlength{{\\LTcapwidth}}{{\\linewidth}}%\n{text}}}\n"
    return text.replace(r"\begin{tabular}", f"{setting}\n\\begin{{tabular}}", 1)


def _fitting(columns: list[Column]) -> _Type:
    """Returns the largest type in which the columns stand side by side, or the least."""
    usual, *smaller = _TYPES
    whole = sum(max([len(column.name), *map(len, column.cells)]) for column in columns)
    if usual.digit * whole + usual.gap * len(columns) <= _LINE:
        return usual
    least = _LEAST_TEXT * sum(map(_wrapped, columns))
    fits = (one for one in smaller if _room(columns, one) >= one.digit * least)
    return next(fits, smaller[-1])


def _room(columns: list[Column], type_: _Type) -> float:
    """Returns the points that are left beside the columns that are not wrapped."""
    names = [column.name.split(" ") for column in columns if not _wrapped(column)]
    cells = [column.cells for column in columns if not _wrapped(column)]
    digits = sum(max(map(len, [*name, *own])) for name, own in zip(names, cells, strict=True))
    return _LINE - type_.digit * digits - type_.gap * len(columns)


def _wrapped(column: Column) -> bool:
    """Tells whether a column is of texts that can be broken into lines."""
    words = [len(word) for cell in column.cells for word in cell.split(" ")]
    return column.prose and max(words) <= _LONGEST_WORD


def _column_format(columns: list[Column], type_: _Type) -> str:
    """Returns how each column stands: numbers at the right, and how wide texts are."""
    number = sum(map(_wrapped, columns))
    width = max(_room(columns, type_) / max(number, 1), _LEAST_TEXT * type_.digit)
    text = f"p{{{width:.0f}pt}}" if type_.name else "l"
    return "".join(
        "r" if column.numeric else text if _wrapped(column) else "l" for column in columns
    )


def _head(column: Column, *, stacked: bool) -> str:
    """Returns a column's name, word below word where there is little room."""
    if not stacked or " " not in column.name or _wrapped(column):
        return _text(column.name)
    side = "r" if column.numeric else "l"
    words = r"\\ ".join(map(_text, column.name.split(" ")))
    return f"\\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}{words}\\end{{tabular}}"


def _cell(cell: str, *, numeric: bool) -> str:
    if not cell:
        return "--"
    return typeset_latex(cell) if numeric else _text(cell)


def _text(text: str) -> str:
    """Returns the text of a cell; what a line's end would take for its argument is held off."""
    escaped = escape_latex(text)
    return f"{{}}{escaped}" if escaped.startswith(("[", "*")) else escaped
