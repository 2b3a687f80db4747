"""The page: one HTML file that holds its style sheet and its pictures, and loads nothing."""

import base64
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from initlab.analysis.findings import Drawing, Findings
from initlab.report.census import describe_runs, status_rows, warnings
from initlab.report.claims import SYMBOLS, count_verdicts, families, sources, tally
from initlab.report.inputs import writer_versions
from initlab.report.numbers import print_measured, typeset_html
from initlab.report.provenance import Source, mixture_warnings
from initlab.report.tables import to_html
from initlab.report.text import code_pieces

_TEMPLATES = Path(__file__).with_name("templates")
_LARGEST_SVG = 1_000_000
_LARGEST_SUM = 5_500_000
_PIXELS_AN_INCH = 125  # print is read from nearer: 96 would make small letters
_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class Image:
    """A picture inside the page: its data address, and its size on the screen in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it; `image` is None where it is too large for the page."""

    drawing: Drawing
    image: Image | None


def choose_images(figures: Sequence[Sequence[Path]]) -> list[Image | None]:
    """Returns for each figure, given by its files, the picture that goes into the page.

    It is the SVG up to 1 MB, else the PNG. What would take the page beyond 8 MB is left out:
    None.
    """
    images: list[Image | None] = []
    room = _LARGEST_SUM
    for files in figures:
        found = {path.suffix: path for path in files}
        fits = [
            path
            for ending, largest in ((".svg", _LARGEST_SVG), (".png", _LARGEST_SUM))
            if (path := found.get(ending)) and path.stat().st_size <= min(largest, room)
        ]
        room -= fits[0].stat().st_size if fits else 0
        images.append(_read_image(fits[0]) if fits else None)
    return images


def render_page(
    source: Source,
    findings: Findings,
    pictures: Sequence[Picture],
    said: Sequence[str],
    identity: str,
) -> str:
    """Returns `report.html`.

    Args:
        source: what the report is about and how its results were made.
        findings: what the analysis found, checked and clean.
        pictures: the drawings as the page shows them, in their order.
        said: of `methods`.
        identity: the report's id.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = code_spans
    figure_numbers = {one.drawing.name: number for number, one in enumerate(pictures, 1)}
    return environment.get_template("report.html.jinja").render(
        source=source,
        census=source.census,
        described=describe_runs(source.census),
        statuses=status_rows(source.census),
        warnings=[*warnings(source.census), *mixture_warnings(source)],
        findings=findings,
        verdicts=count_verdicts(findings.claims),
        tally=tally(findings.claims),
        families=[(one, tally(one.claims)) for one in families(findings.claims)],
        measured={claim.id: _measured(claim.measured, claim.interval) for claim in findings.claims},
        sources=sources(findings.claims),
        symbols=SYMBOLS,
        figure_numbers=figure_numbers,
        pictures=pictures,
        methods=said,
        tables=[(one, to_html(one, number)) for number, one in enumerate(findings.listings, 1)],
        identity=identity,
        writer=writer_versions(),
    )


def code_spans(text: str) -> Markup:
    """Returns `text` escaped, with what stands between backticks marked as code."""
    forms = (Markup("{}"), Markup("<code>{}</code>"))
    return Markup("").join(forms[code].format(piece) for piece, code in code_pieces(text))


def _measured(measured: float, interval: tuple[float, float] | None) -> tuple[Markup, Markup]:
    number, ends = print_measured(measured, interval)
    return typeset_html(number), typeset_html(ends)


def _read_image(path: Path) -> Image:
    content = path.read_bytes()
    inches = _svg_inches(content) if path.suffix == ".svg" else _png_inches(content)
    width, height = (round(_PIXELS_AN_INCH * length) for length in inches)
    encoded = base64.b64encode(content).decode()
    return Image(f"data:{_TYPES[path.suffix]};base64,{encoded}", width, height)


def _svg_inches(content: bytes) -> tuple[float, float]:
    """Returns width and height of matplotlib's SVG, which gives them in points."""
    root = re.search(rb"<svg [^>]*>", content)
    found = dict(re.findall(rb' (width|height)="([0-9.]+)pt"', root[0])) if root else {}
    return float(found.get(b"width", 486)) / 72, float(found.get(b"height", 324)) / 72


def _png_inches(content: bytes) -> tuple[float, float]:
    """Returns width and height of a PNG of 200 dots an inch, from its first chunk."""
    width, height = struct.unpack(">II", content[16:24])
    return width / 200, height / 200
