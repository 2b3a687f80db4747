"""Writing the files by which a report is archived, cited and reviewed, into its bundle."""

from pathlib import Path

from initlab.report.bundle import write_text
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
    write_text(folder / "CITATION.cff", encode_cff(report))
    write_text(folder / "zenodo.json", encode_zenodo(report))
    write_text(folder / "environment.txt", encode_environment(report))
    write_text(folder / "checklist.md", encode_checklist(report))
    write_text(folder / "croissant.json", encode_croissant(report, folder, list_files(folder)))
    write_text(folder / RO_CRATE, encode_ro_crate(report, list_files(folder)))
