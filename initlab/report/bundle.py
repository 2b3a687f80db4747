"""A report's folder: made beside its place, swapped in whole, never over what is no report."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from initlab.report.check import ReportError
from initlab.report.record import PROVENANCE, read_record
from initlab.store.names import is_name, may_be_alive, temporary_name, temporary_owner


@contextmanager
def new_bundle(bundle: Path, results: Path) -> Iterator[Path]:
    """Gives an empty folder that takes the place of `bundle` when the block ends well.

    Args:
        bundle: the resolved path of the report, which may hold an earlier one.
        results: the results folder, to be left alone.

    Raises:
        ReportError: if `bundle` is no report, holds files that no report wrote, overlaps with
            the results, or cannot be written. It is as it was, then.
    """
    _refuse_overlap(bundle, results.resolve())
    refuse_stranger(bundle)
    folder = bundle.with_name(temporary_name(bundle.name))
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield folder
        _swap_in(folder, bundle)
        _remove_leftovers(bundle)
    except OSError as error:
        raise ReportError(f"{bundle} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    """Writes a text as UTF-8, whose lines end with one character on every machine."""
    path.write_text(text, encoding="utf-8", newline="\n")


def refuse_stranger(bundle: Path) -> None:
    """Checks that nothing lies at `bundle` but an earlier report, as it was written.

    Raises:
        ReportError: naming what is there and is no part of a report.
    """
    advice = "It was left as it is: give another --out, or move it away."
    if bundle.exists() and not bundle.is_dir():
        raise ReportError(f"{bundle} is a file, not a report. {advice}")
    if not bundle.exists() or not any(bundle.iterdir()):
        return
    try:
        written = set(read_record(bundle)["files"])
    except (OSError, ValueError) as error:
        raise ReportError(f"{bundle} is a folder, but not of a report. {advice}") from error
    present = {
        path.relative_to(bundle).as_posix()
        for path in bundle.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    if strangers := sorted(present - written - {PROVENANCE}):
        raise ReportError(f"{bundle} holds {strangers[0]!r}, which no report wrote. {advice}")


def _refuse_overlap(bundle: Path, results: Path) -> None:
    if bundle.is_relative_to(results) or results.is_relative_to(bundle):
        raise ReportError(
            f"{bundle} and the results folder {results} lie in one another. Give another --out."
        )


def _swap_in(folder: Path, bundle: Path) -> None:
    """Renames the old bundle out of the way and the new one into its place."""
    held = folder.with_name(temporary_name(f"{bundle.name}.old"))
    shutil.rmtree(held, ignore_errors=True)
    if bundle.exists():
        bundle.rename(held)
    try:
        folder.rename(bundle)
    except OSError as error:
        if held.exists() and not bundle.exists():
            held.rename(bundle)
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise ReportError(
                f"{bundle} was written by another process meanwhile; that report stands."
            ) from error
        raise
    finally:
        if bundle.exists():
            shutil.rmtree(held, ignore_errors=True)


def _remove_leftovers(bundle: Path) -> None:
    """Removes what writers of this report that died left beside it."""
    for path in bundle.parent.iterdir():
        owner = temporary_owner(path.name)
        if owner and owner[0] in (bundle.name, f"{bundle.name}.old"):
            if is_name(bundle.name) and not may_be_alive(owner[1], owner[2]):
                shutil.rmtree(path, ignore_errors=True)
