"""Writing a report: every file of its bundle, out of results and findings."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from initlab.analysis.findings import Findings
from initlab.figures.style import WIDE, page
from initlab.figures.venues import Venue, venue_width
from initlab.report.bundle import new_bundle, write_text
from initlab.report.census import take_census
from initlab.report.check import check_findings
from initlab.report.citing import cited, encode_bibliography
from initlab.report.deposit.files import write_deposit
from initlab.report.deposit.report import Report
from initlab.report.diverged import with_diverged
from initlab.report.html import Picture, render_page
from initlab.report.images import choose_images
from initlab.report.inputs import made_from
from initlab.report.methods import methods
from initlab.report.pdf import render_pdf
from initlab.report.pictures import writing_figures
from initlab.report.profiles import layer_profiles
from initlab.report.provenance import describe_source, encode_provenance, report_id, stamp
from initlab.report.recompute import EXPERIMENT, RUNS
from initlab.report.record import PROVENANCE, list_files
from initlab.report.texts import bundle_texts
from initlab.store.query import Results
from initlab.store.timings import read_timings


def write_report(
    sweep_name: str,
    question: str,
    results: Results,
    findings: Findings,
    out: Path,
    *,
    spec_text: str,
    command: str,
    planned: Collection[str] | None = None,
    inputs: Mapping[str, str] | None = None,
    experiment: Path | None = None,
    venue: Venue | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Path:
    """Writes the report bundle `out` and returns its path.

    The bundle appears whole, in the place of an earlier one. Equal inputs give equal bytes, with
    the same versions of Python, pandas, Pillow, matplotlib and Typst.

    Args:
        sweep_name: the experiment's name.
        question: what it asks.
        results: its verified results.
        findings: what its analysis returned.
        out: the bundle's folder: new, empty, or an earlier report.
        spec_text: the sweep's specification, as it stands.
        command: the command line that makes results and report again.
        planned: run ids that the specification declares, for the count of missing ones; None
            where they are unknown.
        inputs: of `inputs.describe_inputs`, by which a later `is_current` knows the report.
        experiment: the experiment's folder, whose `analysis.py` and `parts.py` are copied with the
            specification and the ids of the runs into the bundle's `experiment/`, from which
            `recompute` finds every number again; None copies nothing.
        venue: whose page the figures are as wide as; None for the house's own width.
        tell: takes a line before each piece of the work.

    Raises:
        ReportError: if the findings cannot be shown, or `out` is something else than a report.
    """
    bundle = out.resolve()
    declared = list(results.committed if planned is None else planned)
    own = results.only(declared)
    findings = with_diverged(check_findings(findings), own.runs)
    source = describe_source(
        sweep_name,
        question,
        own,
        take_census(results, planned),
        spec_text=spec_text,
        command=command,
        venue=venue,
        made_from=made_from(experiment, spec_text=spec_text, planned=declared, venue=venue),
    )
    report = Report(
        source,
        findings,
        report_id(source, findings),
        methods(source, own.runs),
        tuple(cited(findings.claims, own.runs)),
        own.runs,
        read_timings(results.path, own.groups, planned),
    )
    with new_bundle(bundle, results.path) as folder:
        _write_findings(report, own, folder, tell)
        if experiment is not None:
            _copy_experiment(experiment, spec_text, sorted(declared), folder / EXPERIMENT)
        write_deposit(report, folder)
        provenance = encode_provenance(
            source,
            findings,
            identity=report.identity,
            results=results.path,
            bundle=bundle,
            files=list_files(folder),
            inputs=inputs or {},
        )
        write_text(folder / PROVENANCE, provenance)
    return bundle


def _write_findings(
    report: Report, own: Results, folder: Path, tell: Callable[[str], None]
) -> None:
    """Writes figures, texts and pages; the other files say what these are."""
    source, findings, said = report.source, report.findings, report.said
    width, mark = venue_width(source.venue) if source.venue else WIDE, stamp(report.identity)
    with (
        page(width),
        writing_figures(findings.drawings, folder / "figures", tell, stamp=mark) as written,
    ):
        tell("writing figures, tables and page")
        profiles = layer_profiles(own)
        (folder / "tables").mkdir()
        texts = bundle_texts(findings, said, source)
        texts["cite.bib"] = encode_bibliography(
            source, report.identity, report.references, authors=report.authors, date=report.date
        )
        for place, text in texts.items():
            write_text(folder / place, text)
        files = written()
    pictures = [Picture(*one) for one in zip(findings.drawings, choose_images(files), strict=True)]
    html = render_page(source, findings, pictures, said, report.identity, profiles)
    write_text(folder / "report.html", html)
    (folder / "report.pdf").write_bytes(render_pdf(source, findings, folder, said, report.identity))


def _copy_experiment(source: Path, spec_text: str, run_ids: list[str], folder: Path) -> None:
    """Writes what the experiment can be run and reported with again."""
    folder.mkdir()
    write_text(folder / "sweep.toml", spec_text)
    write_text(folder / RUNS, "".join(f"{name}\n" for name in run_ids))
    for name in ("analysis.py", "parts.py"):
        if (source / name).is_file():
            (folder / name).write_bytes((source / name).read_bytes())
