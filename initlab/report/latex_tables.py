"""Tables as LaTeX, which fit the page of a venue, in documents of one column and of two."""

import re
from collections.abc import Sequence

from initlab.analysis.findings import Listing
from initlab.report.columns import Column, print_columns
from initlab.report.latex_layout import Layout, Type, lay_out
from initlab.report.numbers import typeset_latex
from initlab.report.text import escape_latex, latex_prose

PAGE = 6.5  # inches of text on a page with margins of an inch
_LONGEST_FLOAT = 45  # lines
_STRANGE = re.compile(r"[^A-Za-z0-9_-]")
_NEEDS = "% Needs the packages array, booktabs{}. The text is {:g} inches wide."
_ACROSS = r"""% In a document of two columns it has pages of its own, across both.
\makeatletter\if@twocolumn\onecolumn\def\afterlongtable{\twocolumn\relax}
\else\def\afterlongtable{}\fi\makeatother"""

type _Part = Sequence[tuple[Column, float | None]]


def to_latex(listing: Listing, report: str, width: float = PAGE) -> str:
    """Returns the table with booktabs' rules, its caption and the label `tab:<report>:<name>`.

    It needs the packages `array` and `booktabs`, and `longtable` where its rows take more than 45
    lines. What does not fit the page in one line is set smaller, to 7 points, its columns' names
    word below word and its texts wrapped; what is wider still is divided, as `latex_layout` does.

    Args:
        listing: the table.
        report: the report's name, which keeps the labels of two of them apart.
        width: of the page's text, in inches.
    """
    layout = lay_out(print_columns(listing), width)
    caption = latex_prose(listing.caption)
    label = f"tab:{_STRANGE.sub('-', report)}:{listing.name}"
    title = f"\\caption{{{caption}}}\n\\label{{{label}}}"
    form = _long if layout.lines > _LONGEST_FLOAT else _float
    return form(layout, title, width)


def _float(layout: Layout, title: str, width: float) -> str:
    """Returns a table that floats, its parts below each other."""
    environment = "table" if layout.narrow else "table*"
    return "\n".join(
        [
            _NEEDS.format("", width).replace("array, booktabs", "array and booktabs"),
            f"\\begin{{{environment}}}",
            r"\centering",
            title,
            *([_setting(layout.type)] if layout.type.size else []),
            "\n\\par\\medskip\n".join(_tabular(part, layout.type) for part in layout.parts),
            f"\\end{{{environment}}}",
            "",
        ]
    )


def _tabular(part: _Part, type_: Type) -> str:
    rows = "\n".join(["\\midrule", *_rows(part)])
    return (
        f"\\begin{{tabular}}{{{_format(part)}}}\n\\toprule\n{_heads(part, type_)}\n{rows}\n"
        "\\bottomrule\n\\end{tabular}"
    )


def _long(layout: Layout, title: str, width: float) -> str:
    """Returns a table that goes on from page to page, its parts after each other."""
    first, *others = layout.parts
    tables = [_longtable(first, layout.type, title.replace("\n", "") + r" \\")]
    tables += [
        f"\\addtocounter{{table}}{{-1}}\n{_longtable(part, layout.type, _continued(part))}"
        for part in others
    ]
    setting = _setting(layout.type) if layout.type.size else ""
    return "\n".join(
        [
            _NEEDS.format(" and longtable", width),
            _ACROSS,
            f"{{{setting}\\setlength{{\\LTcapwidth}}{{\\linewidth}}",
            *tables,
            r"}\afterlongtable",
            "",
        ]
    )


def _longtable(part: _Part, type_: Type, title: str) -> str:
    head = f"\\toprule\n{_heads(part, type_)}\n\\midrule"
    rows = "\n".join(_rows(part))
    return (
        f"\\begin{{longtable}}{{{_format(part)}}}\n{title}\n{head}\n\\endfirsthead\n"
        f"{_continued(part)}\n{head}\n\\endhead\n\\bottomrule\n\\endfoot\n{rows}\n\\end{{longtable}}"
    )


def _continued(part: _Part) -> str:
    return f"\\multicolumn{{{len(part)}}}{{l}}{{\\tablename\\ \\thetable, continued}} \\\\"


def _setting(type_: Type) -> str:
    """Returns what chooses a type, the same in a document of any size."""
    lead = 1.2 * type_.size
    gap = f"\\setlength{{\\tabcolsep}}{{{type_.gap / 2:g}pt}}"
    return f"\\fontsize{{{type_.size}}}{{{lead:.1f}}}\\selectfont{gap}"


def _format(part: _Part) -> str:
    """Returns how each column stands: numbers at the right, and how wide texts are."""
    return "".join(map(_column_format, part))


def _column_format(placed: tuple[Column, float | None]) -> str:
    column, wrap = placed
    if wrap:
        return rf">{{\raggedright\arraybackslash}}p{{{wrap:g}pt}}"
    return "r" if column.numeric else "l"


def _heads(part: _Part, type_: Type) -> str:
    heads = (_head(column, stacked=bool(type_.size) and not wrap) for column, wrap in part)
    return f"{' & '.join(heads)} \\\\"


def _rows(part: _Part) -> list[str]:
    columns = [[_cell(cell, numeric=one.numeric) for cell in one.cells] for one, _ in part]
    return [f"{' & '.join(row)} \\\\" for row in zip(*columns, strict=True)]


def _head(column: Column, *, stacked: bool) -> str:
    """Returns a column's name, word below word where there is little room."""
    if not stacked or " " not in column.name:
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
