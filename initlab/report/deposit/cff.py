"""`CITATION.cff`: how a report is cited, in the Citation File Format 1.2.0."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from initlab.report.deposit.report import KEYWORDS, Report
from initlab.report.inputs import writer_versions
from initlab.report.provenance import stamp


def encode_cff(report: Report) -> str:
    """Returns `CITATION.cff`.

    Each text is a string of JSON, which is one of YAML, so that none is read as anything else.
    """
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this report, cite it, and initlab, with which it was made.",
        "type": "dataset",
        "title": report.title,
        "abstract": report.abstract,
        "authors": [{"name": report.authors}],
        "version": report.identity,
        "identifiers": [
            {
                "type": "other",
                "value": stamp(report.identity),
                "description": "hash of the results, the specification and every drawn number",
            }
        ],
        "keywords": list(KEYWORDS),
    }
    if report.date:
        content["date-released"] = report.date
    content["references"] = [
        {
            "type": "software",
            "title": "initlab: a laboratory for the initialization of neural networks",
            "authors": [{"name": "The initlab developers"}],
            "version": writer_versions()["initlab"],
        }
    ]
    return "".join(f"{line}\n" for line in _lines(content))


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    for name, value in content.items():
        if isinstance(value, list):
            yield f"{name}:"
            yield from _items(value)
        else:
            yield f"{name}: {_text(value)}"


def _items(items: Sequence[Any]) -> Iterator[str]:
    for item in items:
        lines = list(_lines(item)) if isinstance(item, Mapping) else [_text(item)]
        yield from (f"{'  ' if i else '- '}{line}" for i, line in enumerate(lines))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
