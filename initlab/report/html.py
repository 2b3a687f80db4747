"""The page: one HTML file that holds its style sheet, script and pictures, and loads nothing."""

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from initlab.analysis.findings import Drawing, Findings
from initlab.report.census import describe_runs, status_rows
from initlab.report.claims import SYMBOLS, count_verdicts, families, sources, tally
from initlab.report.images import Image
from initlab.report.inputs import writer_versions
from initlab.report.numbers import print_measured, typeset_html
from initlab.report.profiles import Profiles
from initlab.report.provenance import Source, notices
from initlab.report.tables import to_html
from initlab.report.text import code_pieces

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
    """Returns `report.html`.

    Args:
        source: what the report is about and how its results were made.
        findings: what the analysis found, checked and clean.
        pictures: the drawings as the page shows them, in their order.
        said: of `methods`.
        identity: the report's id.
        profiles: of `layer_profiles`, which the page's script draws.
    """
    script = (_TEMPLATES / "page.js").read_text(encoding="utf-8")
    figure_numbers = {one.drawing.name: number for number, one in enumerate(pictures, 1)}
    return (
        page_environment()
        .get_template("report.html.jinja")
        .render(
            source=source,
            census=source.census,
            described=describe_runs(source.census),
            statuses=status_rows(source.census),
            warnings=notices(source),
            findings=findings,
            verdicts=count_verdicts(findings.claims),
            tally=tally(findings.claims),
            families=[(one, tally(one.claims)) for one in families(findings.claims)],
            measured={
                claim.id: _measured(claim.measured, claim.interval) for claim in findings.claims
            },
            sortable={claim.id: _sortable(claim.measured) for claim in findings.claims},
            sources=sources(findings.claims),
            symbols=SYMBOLS,
            figure_numbers=figure_numbers,
            pictures=pictures,
            methods=said,
            tables=[(one, to_html(one, number)) for number, one in enumerate(findings.listings, 1)],
            identity=identity,
            writer=writer_versions(),
            profiles=profiles,
            script=Markup(script),  # noqa: S704
            script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def code_spans(text: str) -> Markup:
    """Returns `text` escaped, with what stands between backticks marked as code."""
    forms = (Markup("{}"), Markup("<code>{}</code>"))
    return Markup("").join(forms[code].format(piece) for piece, code in code_pieces(text))


def _measured(measured: float, interval: tuple[float, float] | None) -> tuple[Markup, Markup]:
    number, ends = print_measured(measured, interval)
    return typeset_html(number), typeset_html(ends)


def _sortable(measured: float) -> str:
    """Returns a number as the script reads it, nothing where it is not finite."""
    return repr(float(measured)) if math.isfinite(measured) else ""
