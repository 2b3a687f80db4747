"""Computing a report again: claims, figures' numbers, tables, words and id, from its results."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from initlab.analysis.findings import Findings
from initlab.analysis.numbers import counted
from initlab.figures.save import encode_numbers
from initlab.report.census import FailedGroup, take_census
from initlab.report.check import ReportError, check_findings
from initlab.report.differing import claim_faults, record_faults, text_faults
from initlab.report.diverged import with_diverged
from initlab.report.html import Picture, render_page
from initlab.report.images import choose_images
from initlab.report.inputs import made_from
from initlab.report.load_analysis import load_analysis
from initlab.report.methods import methods
from initlab.report.pdf import render_pdf
from initlab.report.profiles import layer_profiles
from initlab.report.provenance import Source, describe_source, report_id
from initlab.report.record import PROVENANCE, read_record
from initlab.report.tables import guarded
from initlab.report.texts import CLAIMS, bundle_texts
from initlab.store.query import Results

EXPERIMENT, RUNS = "experiment", "runs.txt"
_FILES = ("spec_digest", "runs_digest", "analysis_digest", "parts_digest", "venue")
PAGE, PAPER, _DRAWN = "report.html", "report.pdf", (".svg", ".png")
_COUNTED = ("planned", "completed", "diverged")


@dataclass(frozen=True)
class Recomputed:
    """What came of it: how much was computed, and a sentence for each number that differs."""

    what: str
    faults: tuple[str, ...]


def can_recompute(bundle: Path) -> bool:
    """Tells whether a bundle holds the analysis that it was written with, and its runs."""
    return (bundle / EXPERIMENT / RUNS).is_file()


def recompute(bundle: Path, results: Results) -> Recomputed:
    """Runs the analysis that lies in a bundle on its results, and compares what it says.

    Where this very program wrote the bundle page and paper are made again, too, of the figures that
    lie in it, and have to be the same to the last byte.

    The analysis is a program, and is executed.

    Args:
        bundle: a report's folder, of `can_recompute`.
        results: the verified results that it was made from.

    Raises:
        ReportError: if the analysis does not load, or says what no report can hold, or if
            `provenance.json` is not that of a report.
    """
    folder = bundle / EXPERIMENT
    planned = (folder / RUNS).read_text(encoding="utf-8").split()
    own = results.only(planned)
    findings = with_diverged(check_findings(load_analysis(folder)(own)), own.runs)
    try:
        record = read_record(bundle)
        source = _source(folder, record, own, planned)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(f"{bundle / PROVENANCE}: is no report's provenance: {error}") from error
    made = (bundle, record, source, findings, own)
    faults = tuple(_faults(*made)) or tuple(_page_faults(*made))  # a page shows all the rest
    counts = (
        counted(len(findings.claims), "claim"),
        counted(len(findings.drawings), "figure"),
        counted(len(findings.listings), "table"),
    )
    return Recomputed(", ".join(counts), faults + (_elsewhere(record) if faults else ()))


def _source(folder: Path, record: Mapping[str, Any], own: Results, planned: list[str]) -> Source:
    """Returns what the report was made from, of now; what no result tells is as it was recorded."""
    counts = record["runs"]
    census = replace(
        take_census(own, planned if "planned" in counts else None),
        failed=counts["failed"],
        missing=counts.get("missing"),
        failures=tuple(FailedGroup(**failure) for failure in record["failures"]),
    )
    spec_text = (folder / "sweep.toml").read_text(encoding="utf-8")
    now = made_from(folder, spec_text=spec_text, planned=planned, venue=record["venue"])
    return describe_source(
        record["experiment"],
        record["question"],
        own,
        census,
        spec_text=spec_text,
        command=record["command"],
        venue=record["venue"],
        made_from=record["made_from"] | {name: now[name] for name in _FILES},
    )


def _faults(
    bundle: Path, record: Mapping[str, Any], source: Source, findings: Findings, own: Results
) -> Iterator[str]:
    texts = bundle_texts(findings, methods(source, own.runs), source)
    yield from claim_faults(bundle / CLAIMS, texts.pop(CLAIMS))
    figures = {
        f"figures/{one.name}.csv": encode_numbers(guarded(one.table)) for one in findings.drawings
    }
    yield from text_faults(bundle, ("figures/*.csv",), figures)
    yield from text_faults(bundle, ("tables/*", "methods.*"), texts)
    yield from record_faults(record, {"answer": list(findings.answer)}, ("answer",))
    yield from record_faults(record["runs"], source.census.by_status(), _known(record["runs"]))
    yield from record_faults(record["made_from"], source.made_from, _FILES)
    yield from record_faults(record, {"report_id": report_id(source, findings)}, ("report_id",))


def _page_faults(
    bundle: Path, record: Mapping[str, Any], source: Source, findings: Findings, own: Results
) -> Iterator[str]:
    """Yields that page or paper is another than this program makes, if it made the bundle."""
    if _elsewhere(record):
        return
    drawings = findings.drawings
    files = [[bundle / "figures" / f"{one.name}{end}" for end in _DRAWN] for one in drawings]
    shown = [Picture(*one) for one in zip(drawings, choose_images(files), strict=True)]
    said, identity = methods(source, own.runs), report_id(source, findings)
    page = render_page(source, findings, shown, said, identity, layer_profiles(own))
    if (bundle / PAGE).read_bytes() != page.encode():
        yield f"{PAGE}: is not the page that follows from the results and the figures"
    if (bundle / PAPER).read_bytes() != render_pdf(source, findings, bundle, said, identity):
        yield f"{PAPER}: is not the paper that follows from the results and the figures"


def _known(counts: Mapping[str, Any]) -> list[str]:
    return [name for name in _COUNTED if name in counts]


def _elsewhere(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns a sentence on what wrote the report and is not what computed it again, if any."""
    now = made_from(None, spec_text="", planned=(), venue=None)
    others = [
        f"{name.removesuffix('_version')} {record['made_from'].get(name)}, here {value}"
        for name, value in now.items()
        if name.endswith("_version") and record["made_from"].get(name) != value
    ]
    if record["made_from"].get("program_digest") != now["program_digest"]:
        others.append("another source of initlab")
    if not others:
        return ()
    return (f"The report was written with {'; '.join(others)}: its numbers may differ by that.",)
