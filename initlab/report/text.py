"""Text from users, made harmless for the place where it will stand."""

import re
import unicodedata

import pandas as pd
from markupsafe import Markup

from initlab.analysis.clean_text import clean as clean
from initlab.analysis.clean_text import one_line as one_line

_FORMULA = tuple("=+-@\uff0b\uff0d\uff1d\uff20")
_MARKDOWN = re.compile(r"[\\`*{}\[\]<>#|~$!&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LATEX = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\texttt{\char34}",
    "--": "-{}-",
    "\N{MINUS SIGN}": r"\ensuremath{-}",
    "\N{MULTIPLICATION SIGN}": r"\ensuremath{\times}",
    "\N{PLUS-MINUS SIGN}": r"\ensuremath{\pm}",
    "\N{LESS-THAN OR EQUAL TO}": r"\ensuremath{\leq}",
    "\N{GREATER-THAN OR EQUAL TO}": r"\ensuremath{\geq}",
    "\N{INFINITY}": r"\ensuremath{\infty}",
    "⁻": r"\ensuremath{^-}",
    **{mark: rf"\ensuremath{{^{digit}}}" for digit, mark in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    "\N{ALMOST EQUAL TO}": r"\ensuremath{\approx}",
    "\N{RIGHTWARDS ARROW}": r"\ensuremath{\rightarrow}",
    **{
        unicodedata.lookup(f"GREEK SMALL LETTER {name}"): rf"\ensuremath{{\{name.lower()}}}"
        for name in "ALPHA BETA GAMMA DELTA EPSILON ZETA ETA THETA KAPPA MU NU XI PI RHO SIGMA TAU "
        "PHI CHI PSI OMEGA".split()
    },
    # By name: BibTeX counts braces that a backslash stands before, too.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    **{mark: f"\\{mark}" for mark in "$&#%_"},
}
# What pdfLaTeX has no letter for, in the T1 encoding.
_LATEX_STRANGE = (
    r"[^\x00-\x7f\u00a0-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165\u0168-\u017e"
    r"\u2010-\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u2030\u20ac\u2122]"
)
_LATEX_MARK = re.compile("|".join([*map(re.escape, _LATEX), _LATEX_STRANGE]))


def clean_table(table: pd.DataFrame) -> pd.DataFrame:
    """Returns a copy whose texts, in cells and in names of columns and index, are clean."""
    copy = table.copy()
    for position, kind in enumerate(copy.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            column = copy.iloc[:, position]
            copy.isetitem(position, column.map(_clean_value, na_action="ignore").array)
    copy.columns = _clean_index(copy.columns)
    copy.index = _clean_index(copy.index)
    return copy


def code_pieces(text: str) -> list[tuple[str, bool]]:
    """Returns the pieces of `text`, each with whether it stood between backticks and is code.

    An odd backtick marks nothing, and is part of the text.
    """
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return [(text, False)]
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def code_spans(text: str) -> Markup:
    """Returns `text` escaped, with what stands between backticks marked as code."""
    forms = (Markup("{}"), Markup("<code>{}</code>"))
    return Markup("").join(forms[code].format(piece) for piece, code in code_pieces(text))


def guard_formula(text: str) -> str:
    """Returns `text` with an apostrophe before it where a spreadsheet would compute it.

    Some do so behind spaces and tabs too.
    """
    return f"'{text}" if text.lstrip().startswith(_FORMULA) and not _is_number(text) else text


def escape_markdown(text: str) -> str:
    """Returns `text` as the content of one cell of a Markdown table."""
    return _MARKDOWN.sub(r"\\\g<0>", guard_formula(one_line(text)))


def escape_latex(text: str) -> str:
    """Returns `text` as LaTeX that prints it; pdfLaTeX has `?` for what it has no letter for."""
    return _LATEX_MARK.sub(_latex, one_line(text))


def latex_prose(text: str) -> str:
    """Returns `text` as LaTeX, with what stands between backticks set as code."""
    forms = ("{}", r"\texttt{{{}}}")
    pieces = code_pieces(one_line(text))
    return "".join(forms[code].format(_LATEX_MARK.sub(_latex, piece)) for piece, code in pieces)


def _latex(mark: re.Match[str]) -> str:
    # The primitive is one of LuaTeX's and XeTeX's, which read Unicode.
    return _LATEX.get(mark[0], rf"\ifdefined\Umathcode {mark[0]}\else ?\fi{{}}")


def _clean_index(index: pd.Index) -> pd.Index:
    if len(index) and not pd.api.types.is_numeric_dtype(index.dtype):
        index = index.map(_clean_value)
    return index.set_names([_clean_value(name) for name in index.names])


def _clean_value(value: object) -> object:
    match value:
        case str():
            return one_line(value)
        case tuple():
            return tuple(map(_clean_value, value))
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
