"""`report.pdf`: the page on paper, tagged for readers who listen, typeset by Typst."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from initlab.analysis.findings import Claim, Drawing, Findings, Listing
from initlab.analysis.numbers import counted
from initlab.figures.style import drawable
from initlab.report.census import FailedGroup, describe_runs, status_rows
from initlab.report.checking import CHECKING
from initlab.report.claims import SYMBOLS, count_verdicts, families, sources, tally
from initlab.report.columns import Column, print_columns
from initlab.report.inputs import writer_versions
from initlab.report.numbers import print_measured, typeset_text
from initlab.report.provenance import Source, notices, stamp
from initlab.report.rerun import rerun_steps
from initlab.report.tables import NOTHING, rows_note
from initlab.report.text import code_pieces
from initlab.report.title import report_title

_TEMPLATE = Path(__file__).with_name("templates") / "report.typ"
_STANDARD: Final = "ua-1"  # PDF/UA: tags, alt texts, a title and a language, or no file at all
_LARGEST_VECTORS = 4_000_000  # bytes of an SVG, beyond which its pixels are printed
_MOST_ROWS = 60
_LONGEST_ROW = 1_500  # letters of a statement up to which its row stays on one page
_WIDTH, _WIDTH_ACROSS = 170, 257  # millimetres that an upright page and one across have
_SPACES = "\n\t\N{NO-BREAK SPACE}"
_MARK = "\N{REPLACEMENT CHARACTER}"
_HEARD = ("title", "alt")
_POINTS = 72 / 25.4
_LETTER = 0.52  # width of a letter, in sizes of the type
_SIZES = (8.0, 6.0, 4.5)  # points: the usual type of a table, the least upright, the least of all
_GUTTER = 7
_NARROWEST = 12  # its least width, in sizes of the type


def render_pdf(
    source: Source,
    findings: Findings,
    folder: Path,
    said: Sequence[str],
    identity: str,
) -> bytes:
    """Returns `report.pdf`, which says what `report.html` says.

    Of a table it prints the first 60 rows. Its fonts are matplotlib's and Typst's own, and none of
    the machine's, so that equal reports give equal bytes; a character that they lack is replaced.

    Args:
        source: what the report is about and how its results were made.
        findings: what the analysis found, checked and clean.
        folder: the bundle, which holds its figures.
        said: of `methods`.
        identity: the report's id.
    """
    import matplotlib as mpl
    import typst

    content = _content(source, findings, folder, said, identity)
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        root=folder,
        font_paths=typst.Fonts(
            include_system_fonts=False, font_paths=[Path(mpl.get_data_path()) / "fonts" / "ttf"]
        ),
        sys_inputs={"data": json.dumps(_legible(content), allow_nan=False)},
    )
    return cast(bytes, compiler.compile(format="pdf", pdf_standards=[_STANDARD]))


def _content(
    source: Source, findings: Findings, folder: Path, said: Sequence[str], identity: str
) -> dict[str, Any]:
    """Returns what the template prints, every text as it is to be read."""
    figures = {one.name: number for number, one in enumerate(findings.drawings, 1)}
    known = sources(findings.claims)
    title = report_title(source.experiment, source.question)
    return {
        "title": title,
        "stamp": stamp(identity),
        "experiment": source.experiment,
        "question": title,
        "facts": f"{describe_runs(source.census)}; {count_verdicts(findings.claims)}.",
        "warnings": notices(source),
        "answer": [_pieces(paragraph) for paragraph in findings.answer],
        "families": [
            {
                "name": family.name,
                "tally": ", ".join(f"{n} {verdict}" for verdict, n in tally(family.claims).items()),
                "claims": [
                    _claim(one, figures[one.figure], known[one.source]) for one in family.claims
                ],
            }
            for family in families(findings.claims)
        ],
        "sources": [_pieces(f"{text}.") for text in known],
        "queries": [{"id": one.id, "text": _pieces(one.query)} for one in findings.claims],
        "figures": [_figure(one, folder) for one in findings.drawings],
        "tables": [_table(one) for one in findings.listings],
        "statuses": status_rows(source.census),
        "failures": [_failure(one) for one in source.census.failures],
        "methods": " ".join(said),
        "made": _made(source),
        "digests": {"Results": source.results_digest, "Specification": source.spec_digest},
        "command": source.command,
        "specification": source.spec_text.strip(),
        "checking": [_pieces(sentence) for sentence in CHECKING],
        "again": [_pieces(step) for step in rerun_steps(source)],
    }


def _legible(content: Any) -> Any:
    """Returns the content with a mark for each character that the fonts lack.

    What is heard and not seen keeps them.
    """
    match content:
        case str():
            return "".join(one if one in _SPACES or drawable(one) else _MARK for one in content)
        case dict():
            return {key: one if key in _HEARD else _legible(one) for key, one in content.items()}
        case list() | tuple():
            return [_legible(one) for one in content]
    return content


def _pieces(text: str) -> list[dict[str, Any]]:
    return [{"text": piece, "code": code} for piece, code in code_pieces(text)]


def _claim(claim: Claim, figure: int, source: int) -> dict[str, Any]:
    number, interval = print_measured(claim.measured, claim.interval)
    return {
        "id": claim.id,
        "statement": _pieces(claim.statement),
        "predicted": _pieces(claim.predicted),
        "long": len(claim.statement) > _LONGEST_ROW,
        "measured": typeset_text(number) or "not measured",
        "interval": typeset_text(interval),
        "n": str(claim.n),
        "verdict": claim.verdict,
        "symbol": SYMBOLS[claim.verdict],
        "figure": str(figure),
        "source": str(source),
    }


def _figure(drawing: Drawing, folder: Path) -> dict[str, Any]:
    place = f"figures/{drawing.name}.svg"
    if (folder / place).stat().st_size > _LARGEST_VECTORS:
        place = f"figures/{drawing.name}.png"
    return {
        "path": f"/{place}",
        "alt": drawing.alt,
        "caption": _pieces(drawing.caption),
        "files": f"figures/{drawing.name}",
    }


def _table(listing: Listing) -> dict[str, Any]:
    columns = print_columns(listing)
    total = max((len(column.cells) for column in columns), default=0)
    size, across = _type_size(columns)
    note = rows_note(listing.name, total, _MOST_ROWS)
    return {
        "caption": _pieces(listing.caption),
        "note": note,
        "files": f"tables/{listing.name}",
        "columns": [_column(one) for one in columns],
        "rows": list(zip(*map(_cells, columns), strict=True)),
        "size": size,
        "across": across,
        "gutter": _GUTTER,
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "numeric": column.numeric,
        "stretches": column.prose and _width(column) > _head_width(column),
        "width": _width(column),
    }


def _cells(column: Column) -> list[str]:
    """Returns the cells of a column that are printed, as they are."""
    shown = column.cells[:_MOST_ROWS]
    return [(typeset_text(cell) if column.numeric else cell) or NOTHING for cell in shown]


def _type_size(columns: Sequence[Column]) -> tuple[float, bool]:
    """Returns the points of a table's type, and whether it lies across the page to fit."""
    needed = sum(_NARROWEST if one.prose else _width(one) for one in columns)
    usual, upright, least = _SIZES
    gaps = _GUTTER * (len(columns) - 1)
    for width, floor in ((_WIDTH, upright), (_WIDTH_ACROSS, least)):
        size = (width * _POINTS - gaps) / max(needed, 1)
        if size >= floor:
            return min(usual, size), width != _WIDTH
    return least, True


def _width(column: Column) -> float:
    """Returns how wide a column is, in sizes of its type: of prose for its mean cell.

    A word of its head, which is bold, takes a letter more.
    """
    cells = [len(cell) for cell in _cells(column)]
    wanted: Sequence[float] = [sum(cells) / len(cells)] if column.prose else cells
    return max([_head_width(column), *(_LETTER * one for one in wanted)])


def _head_width(column: Column) -> float:
    """Returns the least width of a column's head, a word of it below the other."""
    return _LETTER * max(len(word) + 1 for word in column.name.split(" "))


def _failure(failure: FailedGroup) -> tuple[str, str]:
    counts = f"{counted(failure.runs, 'run')}, {counted(failure.attempts, 'attempt')}"
    return failure.group_id, f"{counts}: {failure.error}"


def _made(source: Source) -> Mapping[str, str]:
    writer = ", ".join(f"{name} {number}" for name, number in writer_versions().items())
    width = {"Figures": f"as wide as the text of {source.venue}"} if source.venue else {}
    return {
        "Device": ", ".join(source.devices) or "not recorded",
        "Versions": ", ".join(source.made_with) or "not recorded",
        **width,
        "Report drawn with": writer,
    }
