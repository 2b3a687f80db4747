"""`zenodo.json`: a report's metadata in the words of Zenodo's deposit interface."""

import json
import re
from typing import Any

from markupsafe import Markup

from initlab.report.deposit.report import KEYWORDS, Report
from initlab.report.provenance import stamp

_EPRINT = re.compile(r"^  eprint = \{(\d+\.\d+)\}", re.MULTILINE)
_DOI = re.compile(r"^  doi = \{(10\.[^{}\s]+)\}", re.MULTILINE)


def encode_zenodo(report: Report) -> str:
    """Returns `zenodo.json`.

    It names no licence and keeps the files closed: Zenodo would give those of a data set that says
    nothing away under CC0, and which licence they have is for a person to say.
    """
    content: dict[str, Any] = {
        "title": report.title,
        "upload_type": "dataset",
        "description": str(_description(report)),
        "creators": [{"name": report.authors}],
        "version": report.identity,
        "keywords": list(KEYWORDS),
        "language": "eng",
        "access_right": "closed",
        "notes": f"{stamp(report.identity)}. Results {report.source.results_digest}.",
    }
    if report.date:
        content["publication_date"] = report.date
    if related := [*_related(report, _DOI, ""), *_related(report, _EPRINT, "arXiv:")]:
        content["related_identifiers"] = related
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _description(report: Report) -> Markup:
    """Returns the answer as HTML, which Zenodo's descriptions are."""
    paragraphs = (report.abstract, " ".join(report.said))
    return Markup("").join(Markup("<p>{}</p>").format(text) for text in paragraphs if text)


def _related(report: Report, pattern: re.Pattern[str], before: str) -> list[dict[str, str]]:
    found = [match[1] for one in report.references if (match := pattern.search(one.entry))]
    return [{"identifier": f"{before}{one}", "relation": "cites"} for one in found]
