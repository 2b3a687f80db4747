"""`ro-crate-metadata.json`: who made what out of what, as a Process Run Crate."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from initlab.report.deposit.report import KEYWORDS, Report
from initlab.report.inputs import writer_versions
from initlab.report.provenance import stamp
from initlab.report.record import PROVENANCE

RO_CRATE = "ro-crate-metadata.json"
_CRATE = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_FORMATS = {
    "bib": "application/x-bibtex",
    "cff": "application/yaml",
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "png": "image/png",
    "py": "text/x-python",
    "svg": "image/svg+xml",
    "tex": "application/x-tex",
    "toml": "application/toml",
    "txt": "text/plain",
}
_BYTES = "application/octet-stream"
_EXPERIMENT = "experiment/"
_RESULTS, _RUN, _WRITING = "#results", "#run", "#writing"
_LICENCE = "#licence"


def encode_ro_crate(report: Report, digests: Mapping[str, str]) -> str:
    """Returns `ro-crate-metadata.json`.

    Two actions: the sweep, which made the results out of its specification, and the writing of the
    report out of the results. The results lie elsewhere and are named by their digest.

    Args:
        report: the report.
        digests: path of each other file in the bundle to its SHA-256.
    """
    places = sorted([*digests, PROVENANCE])
    graph = [
        {
            "@id": RO_CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _CRATE},
            "about": {"@id": "./"},
        },
        _root(report, places),
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {
            "@id": _LICENCE,
            "@type": "CreativeWork",
            "name": "No licence is stated",
            "description": "Whoever publishes this report states the licence of its files.",
        },
        *(_file(place, digests.get(place)) for place in places),
        *_software(report),
        _results(report),
        *_actions(report, places),
    ]
    context = [f"{_CRATE}/context", {"sha256": "https://schema.org/sha256"}]
    return json.dumps({"@context": context, "@graph": graph}, indent=2) + "\n"


def _root(report: Report, places: list[str]) -> dict[str, Any]:
    root = {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": {"@id": _PROFILE},
        "identifier": stamp(report.identity),
        "name": report.title,
        "description": report.abstract,
        "keywords": ", ".join(KEYWORDS),
        "license": {"@id": _LICENCE},
        "hasPart": _ids(places),
        "mentions": _ids([_RUN, _WRITING]),
    }
    return root | ({"datePublished": report.date} if report.date else {})


def _file(place: str, digest: str | None) -> dict[str, Any]:
    ending = place.rpartition(".")[2]
    found = {
        "@id": place,
        "@type": "File",
        "name": place,
        "encodingFormat": _FORMATS.get(ending, _BYTES),
    }
    return found | ({"sha256": digest} if digest else {})


def _software(report: Report) -> Iterator[dict[str, Any]]:
    """Yields initlab, once for each version that the runs or the report were made with."""
    for version in sorted({*_made_with(report), writer_versions()["initlab"]}):
        yield {
            "@id": _program(version),
            "@type": "SoftwareApplication",
            "name": "initlab",
            "description": "A laboratory for the initialization of neural networks.",
            "softwareVersion": version,
        }


def _results(report: Report) -> dict[str, Any]:
    return {
        "@id": _RESULTS,
        "@type": "CreativeWork",
        "name": f"Results of {report.source.experiment}",
        "description": "The tables of all runs, beside this report and not in it.",
        "identifier": f"sha256:{report.source.results_digest}",
    }


def _actions(report: Report, places: list[str]) -> Iterator[dict[str, Any]]:
    experiment = [place for place in places if place.startswith(_EXPERIMENT)]
    census = report.source.census
    whole = not (census.missing or census.failed)
    timings = report.timings
    times = {"startTime": timings.started, "endTime": timings.ended}
    yield {
        "@id": _RUN,
        "@type": "CreateAction",
        "name": f"Sweep {report.source.experiment}",
        "description": report.source.command,
        "instrument": _ids(map(_program, _made_with(report))),
        "object": _ids(place for place in experiment if not place.endswith("analysis.py")),
        "result": _ids([_RESULTS]),
        "actionStatus": {
            "@id": f"http://schema.org/{'Completed' if whole else 'Failed'}ActionStatus"
        },
        **{name: time for name, time in times.items() if time},
    }
    yield {
        "@id": _WRITING,
        "@type": "CreateAction",
        "name": f"Report {report.identity}",
        "description": f"initlab report {report.source.experiment}",
        "instrument": _ids([_program(writer_versions()["initlab"])]),
        "object": _ids([_RESULTS, *experiment]),
        "result": _ids(place for place in places if not place.startswith(_EXPERIMENT)),
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }


def _made_with(report: Report) -> tuple[str, ...]:
    return report.source.versions.get("initlab", ()) or (writer_versions()["initlab"],)


def _program(version: str) -> str:
    return f"#initlab-{quote(version, safe='')}"


def _ids(names: Iterable[str]) -> list[dict[str, str]] | dict[str, str]:
    """Returns references to what is named: one by itself, as RO-Crate asks, others as a list."""
    found = [{"@id": name} for name in names]
    return found[0] if len(found) == 1 else found
