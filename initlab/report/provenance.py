"""Where a report comes from: results, versions, specification, and the report's own id."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from initlab.analysis.findings import Findings
from initlab.figures.venues import Venue
from initlab.report.census import Census
from initlab.report.claims import encode_claims
from initlab.report.inputs import writer_versions
from initlab.report.record import FORMAT, encode_record
from initlab.report.tables import to_csv
from initlab.report.text import clean, one_line
from initlab.store.query import Results

SCHEMA_VERSION = 1
_TEMPLATES = Path(__file__).with_name("templates")
_ID_DIGITS = 16


@dataclass(frozen=True)
class Source:
    """What the report is about and how its results were made.

    Attributes:
        experiment: the sweep's name.
        question: what it asks.
        spec_text: the sweep's specification as it stands.
        command: the command line that makes results and report again.
        census: how many runs there are, by status.
        results_digest: `Results.digest`.
        versions: name of a library to the versions that made the runs, sorted.
        devices: kinds of device that the runs ran on, sorted.
        venue: whose page the figures are as wide as; None for the house's own.
    """

    experiment: str
    question: str
    spec_text: str
    command: str
    census: Census
    results_digest: str
    versions: Mapping[str, tuple[str, ...]]
    devices: tuple[str, ...]
    venue: Venue | None = None

    @property
    def spec_digest(self) -> str:
        """SHA-256 of the specification's text."""
        return hashlib.sha256(self.spec_text.encode()).hexdigest()


def describe_source(
    experiment: str,
    question: str,
    results: Results,
    census: Census,
    *,
    spec_text: str,
    command: str,
    venue: Venue | None = None,
) -> Source:
    """Returns the source of a report, every text clean."""
    runs = results.runs
    columns = [name for name in runs.columns if name.endswith("_version")]
    return Source(
        experiment=one_line(experiment),
        question=one_line(question),
        spec_text=clean(spec_text),
        command=one_line(command),
        census=census,
        results_digest=results.digest,
        versions={name.removesuffix("_version"): _distinct(runs[name]) for name in columns},
        devices=_distinct(runs["device"]) if "device" in runs else (),
        venue=venue,
    )


def mixture_warnings(source: Source) -> list[str]:
    """Returns a sentence for each library or device of which the runs had more than one."""
    mixed = {name: found for name, found in source.versions.items() if len(found) > 1}
    found = [
        f"The runs were made with several versions of {name}: {', '.join(versions)}."
        for name, versions in mixed.items()
    ]
    if len(source.devices) > 1:
        found.append(f"The runs were made on several devices: {', '.join(source.devices)}.")
    return found


def report_id(source: Source, findings: Findings) -> str:
    """Returns 16 hexadecimal digits that name what the report says.

    They cover the results, the specification, the findings with every drawn number, the figures'
    width and the page's template; not where the files lie, nor the command.
    """
    parts = [
        source.experiment,
        source.question,
        source.results_digest,
        source.spec_digest,
        source.venue,
        json.dumps(source.census.by_status()),
        *findings.answer,
        encode_claims(findings.claims),
    ]
    for drawing in findings.drawings:
        parts += [drawing.name, drawing.caption, drawing.alt, _every_digit(drawing.table)]
    for listing in findings.listings:
        parts += [listing.name, listing.caption, to_csv(listing)]
    parts += [path.read_text(encoding="utf-8") for path in sorted(_TEMPLATES.iterdir())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_ID_DIGITS]


def stamp(identity: str) -> str:
    """Returns the words by which files of a report name it, to a person and to a search."""
    return f"initlab report {identity}"


def encode_provenance(
    source: Source,
    findings: Findings,
    *,
    identity: str,
    results: Path,
    bundle: Path,
    files: Mapping[str, str],
    inputs: Mapping[str, str],
) -> str:
    """Returns `provenance.json`.

    Args:
        source: what the report is about.
        findings: what it says, of which the index shows the answer and the first figure.
        identity: its `report_id`.
        results: the results folder.
        bundle: where the bundle will lie: the path of the results is relative to it.
        files: path of each other file in the bundle to its SHA-256.
        inputs: of `inputs.describe_inputs`; empty where they are unknown.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "report_id": identity,
        "experiment": source.experiment,
        "question": source.question,
        "results": Path(os.path.relpath(results.resolve(), bundle)).as_posix(),
        "results_digest": source.results_digest,
        "spec_digest": source.spec_digest,
        "command": source.command,
        "answer": list(findings.answer),
        "figures": [drawing.name for drawing in findings.drawings],
        "runs": source.census.by_status(),
        "versions": {name: list(found) for name, found in source.versions.items()},
        "devices": list(source.devices),
        "venue": source.venue,
        "written_with": writer_versions(),
        "inputs": dict(inputs),
        "files": dict(sorted(files.items())),
    }
    return encode_record(content)


def _distinct(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted({one_line(str(value)) for value in values if not pd.isna(value)}))


def _every_digit(table: pd.DataFrame) -> str:
    return table.to_csv(lineterminator="\n")
