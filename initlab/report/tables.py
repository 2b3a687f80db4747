"""Tables as CSV, Markdown, LaTeX and HTML, each out of the same printed columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype, is_numeric_dtype

from initlab.analysis.findings import Listing
from initlab.report.check import ReportError
from initlab.report.numbers import print_column, typeset_html, typeset_latex
from initlab.report.text import (
    escape_latex,
    escape_markdown,
    guard_formula,
    latex_prose,
    one_line,
)

_LONGEST_FLOAT = 45
_LONGEST_PAGE = 500
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class Column:
    """A column as it is printed; an empty cell is a value that is not there."""

    name: str
    cells: tuple[str, ...]
    numeric: bool


def table_texts(listing: Listing) -> dict[str, str]:
    """Returns the text of each file of a listing, by its name."""
    forms = {"csv": to_csv, "md": to_markdown, "tex": to_latex}
    return {f"{listing.name}.{ending}": form(listing) for ending, form in forms.items()}


def to_csv(listing: Listing) -> str:
    """Returns the rows with every digit they have; no cell is a formula to a spreadsheet."""
    table = guarded(flat(listing))
    return table.to_csv(index=False, lineterminator="\n")


def guarded(table: pd.DataFrame) -> pd.DataFrame:
    """Returns a copy whose texts, column names included, no spreadsheet takes for a formula."""
    copy = table.copy()
    for position, kind in enumerate(copy.dtypes):
        if not is_numeric_dtype(kind):
            column = copy.iloc[:, position].astype(object)
            copy.isetitem(position, column.map(_guard, na_action="ignore").array)
    copy.columns = copy.columns.map(_guard)
    return copy


def to_markdown(listing: Listing) -> str:
    """Returns the table as GitHub's Markdown, its caption above."""
    columns = print_columns(listing)
    rule = ["---:" if column.numeric else ":---" for column in columns]
    cells = [[escape_markdown(cell) or NOTHING for cell in column.cells] for column in columns]
    rows = [[escape_markdown(column.name) for column in columns], rule, *zip(*cells, strict=True)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([escape_markdown(listing.caption), "", *lines, ""])


def to_latex(listing: Listing) -> str:
    """Returns the table with booktabs' rules, its caption and the label `tab:<name>`.

    It needs the package `booktabs`, and `longtable` above 45 rows.
    """
    columns = print_columns(listing)
    cells = [
        [_latex_cell(cell, numeric=column.numeric) for cell in column.cells] for column in columns
    ]
    frame = pd.DataFrame(dict(enumerate(cells)), dtype=object)
    frame.columns = pd.Index([_latex_text(column.name) for column in columns], dtype=object)
    long = len(frame) > _LONGEST_FLOAT
    text: str = frame.style.hide(axis="index").to_latex(
        hrules=True,
        column_format="".join("r" if column.numeric else "l" for column in columns),
        caption=latex_prose(listing.caption),
        label=f"tab:{listing.name}",
        environment="longtable" if long else "table",
        position_float=None if long else "centering",
    )
    return text


def to_html(listing: Listing, number: int) -> Markup:
    """Returns the table as HTML; of a very long one, the first 500 rows.

    The table scrolls by itself where the page is narrow; its caption above does not.

    Args:
        listing: the table.
        number: its number on the page, printed before the caption.
    """
    columns = print_columns(listing)
    rows = list(zip(*(column.cells for column in columns), strict=True))
    kinds = [Markup(' class="number"') if column.numeric else "" for column in columns]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(kind, column.name)
        for kind, column in zip(kinds, columns, strict=True)
    )
    body = Markup("\n").join(_html_row(row, columns, kinds) for row in rows[:_LONGEST_PAGE])
    note = rows_note(listing.name, len(rows), _LONGEST_PAGE)
    return Markup(
        '<p class="caption" id="caption-table-{name}"><b>Table {number}.</b> {caption}{note}</p>\n'
        '<div class="scroll" role="region" aria-labelledby="caption-table-{name}" tabindex="0">\n'
        '<table aria-labelledby="caption-table-{name}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        "{body}\n</tbody>\n</table>\n</div>"
    ).format(
        name=listing.name, number=number, caption=listing.caption, note=note, head=head, body=body
    )


def rows_note(name: str, total: int, most: int) -> str:
    """Returns what is said of a table's length behind its caption, where anything is.

    Args:
        name: of the table.
        total: its rows.
        most: how many are printed at most.
    """
    if total > most:
        return f" Here are the first {most} of {total} rows; tables/{name}.csv has all."
    return "" if total else " The table has no rows."


def print_columns(listing: Listing) -> list[Column]:
    """Returns the columns of a listing as text, its named index first."""
    table = flat(listing)
    return [_print(name, table.iloc[:, position]) for position, name in enumerate(table.columns)]


def flat(listing: Listing) -> pd.DataFrame:
    """Returns the table with a named or textual index as columns, and one line of column names."""
    table = listing.table
    if any(table.index.names) or not is_numeric_dtype(table.index.dtype):
        table = table.reset_index(names=[name or "" for name in table.index.names])
    table = table.set_axis([_column_name(name) for name in table.columns], axis=1)
    repeated = sorted(set(table.columns[table.columns.duplicated()]))
    if repeated:
        raise ReportError(f"table {listing.name!r} has the column {repeated[0]!r} twice.")
    return table


def _column_name(name: Any) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return one_line(" ".join(str(part) for part in parts))


def _print(name: str, values: "pd.Series[Any]") -> Column:
    kind = values.dtype
    if is_bool_dtype(kind):
        return Column(name, _each(values, lambda value: "yes" if value else "no"), numeric=False)
    if is_integer_dtype(kind):
        return Column(name, _each(values, lambda value: str(int(value))), numeric=True)
    known = values.dropna()
    plain = len(known) > 0 and all(type(value) in (int, float) for value in known)
    if is_float_dtype(kind) or plain:
        numbers = [float("nan") if pd.isna(value) else float(value) for value in values]
        return Column(name, tuple(print_column(numbers)), numeric=True)
    return Column(name, _each(values, lambda value: one_line(str(value))), numeric=False)


def _each(values: "pd.Series[Any]", to_text: Callable[[Any], str]) -> tuple[str, ...]:
    return tuple("" if pd.isna(value) else to_text(value) for value in values)


def _guard(value: Any) -> Any:
    return guard_formula(value) if isinstance(value, str) else value


def _latex_cell(cell: str, *, numeric: bool) -> str:
    if not cell:
        return "--"
    return typeset_latex(cell) if numeric else _latex_text(cell)


def _latex_text(text: str) -> str:
    """Returns the text of a cell; what a line's end would take for its argument is held off."""
    escaped = escape_latex(text)
    return f"{{}}{escaped}" if escaped.startswith(("[", "*")) else escaped


def _html_row(row: tuple[str, ...], columns: list[Column], kinds: list[Markup | str]) -> Markup:
    cells = []
    for position, (cell, column, kind) in enumerate(zip(row, columns, kinds, strict=True)):
        content = typeset_html(cell) if column.numeric and cell else cell or NOTHING
        heads_row = position == 0 and not column.numeric
        form = '<th scope="row"{}>{}</th>' if heads_row else "<td{}>{}</td>"
        cells.append(Markup(form).format(kind, content))  # noqa: S704
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))
