"""Tables as CSV, Markdown, LaTeX and HTML, each out of the same printed columns."""

from typing import Any

import pandas as pd
from markupsafe import Markup
from pandas.api.types import is_numeric_dtype

from initlab.analysis.findings import Listing
from initlab.report.columns import Column, flat, print_columns
from initlab.report.latex_tables import to_latex
from initlab.report.numbers import typeset_html
from initlab.report.text import code_spans, escape_markdown, guard_formula

LONGEST_PAGE = 500
NOTHING = "\N{EN DASH}"


def table_texts(listing: Listing, report: str, width: float) -> dict[str, str]:
    """Returns the text of each file of a listing, by its name.

    Args:
        listing: the table.
        report: the report's name, which is part of LaTeX's label.
        width: of the page that LaTeX sets, in inches of text.
    """
    return {
        f"{listing.name}.csv": to_csv(listing),
        f"{listing.name}.md": to_markdown(listing),
        f"{listing.name}.tex": to_latex(listing, report, width),
    }


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


def to_html(listing: Listing, number: int, most: int = LONGEST_PAGE) -> Markup:
    """Returns the table as HTML; of a very long one, the first rows.

    The table scrolls by itself where the page is narrow; its caption above does not.

    Args:
        listing: the table.
        number: its number on the page, printed before the caption.
        most: how many rows it has at most.
    """
    columns = print_columns(listing)
    rows = list(zip(*(column.cells for column in columns), strict=True))
    kinds = [Markup(' class="number"') if column.numeric else "" for column in columns]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(kind, column.name)
        for kind, column in zip(kinds, columns, strict=True)
    )
    body = Markup("\n").join(_html_row(row, columns, kinds) for row in rows[:most])
    note = rows_note(listing.name, len(rows), most)
    return Markup(
        '<p class="caption" id="caption-table-{name}"><b>Table {number}.</b> {caption}{note}</p>\n'
        '<div class="scroll" role="region" aria-labelledby="caption-table-{name}" tabindex="0">\n'
        '<table aria-labelledby="caption-table-{name}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        "{body}\n</tbody>\n</table>\n</div>"
    ).format(
        name=listing.name,
        number=number,
        caption=code_spans(listing.caption),
        note=note,
        head=head,
        body=body,
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


def _guard(value: Any) -> Any:
    return guard_formula(value) if isinstance(value, str) else value


def _html_row(row: tuple[str, ...], columns: list[Column], kinds: list[Markup | str]) -> Markup:
    cells = []
    for position, (cell, column, kind) in enumerate(zip(row, columns, kinds, strict=True)):
        content = typeset_html(cell) if column.numeric and cell else cell or NOTHING
        heads_row = position == 0 and not column.numeric
        form = '<th scope="row"{}>{}</th>' if heads_row else "<td{}>{}</td>"
        cells.append(Markup(form).format(kind, content))  # noqa: S704
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))
