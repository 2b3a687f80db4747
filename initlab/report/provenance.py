"""Where a report comes from: results, versions, specification, and the report's own id."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from initlab.analysis.findings import Findings
from initlab.figures.venues import Venue
from initlab.report.census import Census, warnings
from initlab.report.claims import encode_claims
from initlab.report.inputs import writer_versions
from initlab.report.record import FORMAT, encode_record
from initlab.report.tables import to_csv
from initlab.report.text import clean, one_line
from initlab.store.manifest import Manifest
from initlab.store.query import Results

SCHEMA_VERSION = 2
_ID_DIGITS = 16
MACHINE = ("cpu", "flags", "lock")


@dataclass(frozen=True)
class Source:
    """What the report is about and how its results were made.

    Attributes:
        experiment: the sweep's name.
        question: what it asks.
        spec_text: the sweep's specification as it stands.
        command: the command line that makes results and report again.
        census: how many runs there are, by status.
        groups: the manifests of the results' groups that hold its runs.
        results_digest: `Results.digest` of these groups.
        versions: name of a library to the versions that made the runs, sorted.
        devices: kinds of device that the runs ran on, sorted.
        machines: `cpu`, `flags` and `lock` of `store.machine`, each with what the groups have.
        venue: whose page the figures are as wide as; None for the house's own.
        made_from: of `inputs.made_from`; empty where that is unknown.
    """

    experiment: str
    question: str
    spec_text: str
    command: str
    census: Census
    results_digest: str
    versions: Mapping[str, tuple[str, ...]]
    devices: tuple[str, ...]
    machines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    venue: Venue | None = None
    groups: Mapping[str, Manifest] = field(default_factory=dict)
    made_from: Mapping[str, str] = field(default_factory=dict)

    @property
    def made_with(self) -> list[str]:
        """Each library with the versions that made the runs, as sentences have it."""
        return [f"{name} {' and '.join(found)}" for name, found in self.versions.items()]

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
    made_from: Mapping[str, str] | None = None,
) -> Source:
    """Returns the source of a report, every text clean; `results` are those of its own runs."""
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
        machines=_machines(results.groups.values()),
        venue=venue,
        groups=results.groups,
        made_from=made_from or {},
    )


def notices(source: Source) -> list[str]:
    """Returns what a reader has to know before the answer, each in a sentence."""
    return [*warnings(source.census), *mixture_warnings(source)]


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
    """Returns 16 hexadecimal digits that name what the report was made from, and what it says.

    They cover the results by their manifests, the declared runs, the specification, the analysis
    and the parts beside it, initlab's own source, the versions of what writes, the figures' width,
    and the findings with every drawn number; not where the files lie, nor the command.
    """
    parts = [
        source.experiment,
        source.question,
        source.results_digest,
        source.spec_digest,
        source.venue,
        json.dumps(source.census.by_status()),
        json.dumps(source.made_from, sort_keys=True),
        *findings.answer,
        encode_claims(findings.claims, source.results_digest),
    ]
    for drawing in findings.drawings:
        parts += [drawing.name, drawing.caption, drawing.alt, _every_digit(drawing.table)]
    for listing in findings.listings:
        parts += [listing.name, listing.caption, to_csv(listing)]
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
        "groups": {name: _recorded(manifest) for name, manifest in source.groups.items()},
        "spec_digest": source.spec_digest,
        "command": source.command,
        "answer": list(findings.answer),
        "figures": [drawing.name for drawing in findings.drawings],
        "runs": source.census.by_status(),
        "seeds": list(source.census.seeds),
        "failures": [asdict(failure) for failure in source.census.failures],
        "versions": {name: list(found) for name, found in source.versions.items()},
        "devices": list(source.devices),
        "machines": {name: list(found) for name, found in source.machines.items()},
        "venue": source.venue,
        "written_with": writer_versions(),
        "made_from": dict(source.made_from),
        "inputs": dict(inputs),
        "files": dict(sorted(files.items())),
    }
    return encode_record(content)


def _recorded(manifest: Manifest) -> dict[str, Any]:
    """Returns what is recorded of a group: its digest, and the SHA-256 of each of its shards."""
    shards = {name: record.sha256 for name, record in sorted(manifest.files.items())}
    return {"digest": manifest.digest, "shards": shards}


def _machines(groups: Iterable[Manifest]) -> dict[str, tuple[str, ...]]:
    """Returns what the groups' manifests say of machines; nothing where they say nothing."""
    known = [one for group in groups if isinstance(one := group.provenance.get("machine"), dict)]
    found = {name: _distinct(one.get(name) or None for one in known) for name in MACHINE}
    return {name: values for name, values in found.items() if values}


def _distinct(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted({one_line(str(value)) for value in values if not pd.isna(value)}))


def _every_digit(table: pd.DataFrame) -> str:
    return table.to_csv(lineterminator="\n")
