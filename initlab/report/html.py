"""The page: one HTML file that holds its style sheet, script and pictures, and loads nothing."""

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from initlab.analysis.findings import Drawing, Findings
from initlab.report.census import describe_runs, status_rows
from initlab.report.checking import CHECKING
from initlab.report.claims import SYMBOLS, count_verdicts, families, sources, tally
from initlab.report.images import Image
from initlab.report.inputs import writer_versions
from initlab.report.numbers import print_measured, typeset_html
from initlab.report.profiles import Profiles
from initlab.report.provenance import Source, notices
from initlab.report.rerun import rerun_steps
from initlab.report.tables import LONGEST_PAGE, to_html
from initlab.report.text import code_spans
from initlab.report.title import report_title

LARGEST = 8_000_000  # bytes of a page
_ROWS = (LONGEST_PAGE, 100, 20, 4)  # of each table at most, the fewest where nothing else fits
_ELEMENT = 100  # of an `img` beside its address, at most: what it takes the place of is longer
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it; `image` is None where it is too large for the page."""

    drawing: Drawing
    image: Image | None


def page_environment() -> Environment:
    """Returns the templates of pages, which escape whatever they are given."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = code_spans
    return environment


def render_page(
    source: Source,
    findings: Findings,
    pictures: Sequence[Picture],
    said: Sequence[str],
    identity: str,
    profiles: Profiles | None = None,
) -> str:
    """Returns `report.html`, which stays below 8 MB.

    A picture that finds no room beside all else is named with its file; where words and tables
    alone would fill the page, it has fewer rows of the tables.

    Args:
        source: what the report is about and how its results were made.
        findings: what the analysis found, checked and clean.
        pictures: the drawings as the page shows them, in their order.
        said: of `methods`.
        identity: the report's id.
        profiles: of `layer_profiles`, which the page's script draws.
    """
    template = page_environment().get_template("report.html.jinja")
    content = _content(source, findings, pictures, said, identity, profiles)
    without = [replace(one, image=None) for one in pictures]
    for rows in _ROWS:
        tables = [(one, to_html(one, n, rows)) for n, one in enumerate(findings.listings, 1)]
        bare = template.render(content, pictures=without, tables=tables)
        room = LARGEST - len(bare.encode())
        if room > 0:
            break
    shown = _with_room(pictures, room)
    return template.render(content, pictures=shown, tables=tables)


def _with_room(pictures: Sequence[Picture], room: int) -> list[Picture]:
    """Returns the pictures without those images that would take more bytes than there is room."""
    shown = []
    for one in pictures:
        needed = _ELEMENT + len(one.image.address) if one.image else 0
        fits = needed <= room
        room -= needed if fits else 0
        shown.append(one if fits else replace(one, image=None))
    return shown


def _content(
    source: Source,
    findings: Findings,
    pictures: Sequence[Picture],
    said: Sequence[str],
    identity: str,
    profiles: Profiles | None,
) -> dict[str, Any]:
    """Returns what the page shows beside pictures and tables, by the names of the template."""
    script = (_TEMPLATES / "page.js").read_text(encoding="utf-8")
    return {
        "title": report_title(source.experiment, source.question),
        "source": source,
        "census": source.census,
        "described": describe_runs(source.census),
        "statuses": status_rows(source.census),
        "warnings": notices(source),
        "findings": findings,
        "verdicts": count_verdicts(findings.claims),
        "tally": tally(findings.claims),
        "families": [(one, tally(one.claims)) for one in families(findings.claims)],
        "measured": {
            claim.id: _measured(claim.measured, claim.interval) for claim in findings.claims
        },
        "sortable": {claim.id: _sortable(claim.measured) for claim in findings.claims},
        "sources": sources(findings.claims),
        "symbols": SYMBOLS,
        "figure_numbers": {one.drawing.name: number for number, one in enumerate(pictures, 1)},
        "methods": said,
        "checking": CHECKING,
        "again": [code_spans(step) for step in rerun_steps(source)],
        "identity": identity,
        "writer": writer_versions(),
        "profiles": profiles,
        "script": Markup(script),  # noqa: S704
        "script_digest": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }


def _measured(measured: float, interval: tuple[float, float] | None) -> tuple[Markup, Markup]:
    number, ends = print_measured(measured, interval)
    return typeset_html(number), typeset_html(ends)


def _sortable(measured: float) -> str:
    """Returns a number as the script reads it, nothing where it is not finite."""
    return repr(float(measured)) if math.isfinite(measured) else ""
