"""Writing the files by which a report is archived, cited and reviewed, into its bundle."""

from pathlib import Path

from initlab.report.deposit.cff import encode_cff
from initlab.report.deposit.checklist import encode_checklist
from initlab.report.deposit.croissant import encode_croissant
from initlab.report.deposit.environment import encode_environment
from initlab.report.deposit.report import Report
from initlab.report.deposit.ro_crate import RO_CRATE, encode_ro_crate
from initlab.report.deposit.zenodo import encode_zenodo
from initlab.report.record import list_files


def write_deposit(report: Report, folder: Path) -> None:
    """Writes what says to programs and archives what a report is.

    Args:
        report: the report.
        folder: its bundle, in which all other files but `provenance.json` lie.
    """
    _write(folder / "CITATION.cff", encode_cff(report))
    _write(folder / "zenodo.json", encode_zenodo(report))
    _write(folder / "environment.txt", encode_environment(report))
    _write(folder / "checklist.md", encode_checklist(report))
    _write(folder / "croissant.json", encode_croissant(report, folder, list_files(folder)))
    _write(folder / RO_CRATE, encode_ro_crate(report, list_files(folder)))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
