"""Checking a bundle: its files are those that were written, and its results are those it names."""

import json
from pathlib import Path

from initlab.report.bundle import list_files
from initlab.report.check import ReportError
from initlab.report.provenance import FORMAT, PROVENANCE
from initlab.store.query import load_results


def is_bundle(folder: Path) -> bool:
    """Tells whether a folder holds a report's `provenance.json`."""
    return (folder / PROVENANCE).is_file()


def verify_bundle(bundle: Path, results: Path | None = None) -> list[str]:
    """Returns what is wrong with a report bundle, nothing where it is sound.

    Every file has to have the digest that `provenance.json` gives it, no file may be added, and
    the results have to verify and to have the digest that the report was made from.

    Args:
        bundle: the report's folder.
        results: where its results lie now; by default where `provenance.json` says.

    Raises:
        ReportError: if `provenance.json` cannot be read.
        StoreError: if the results are not there, or a shard is damaged.
    """
    try:
        content = json.loads((bundle / PROVENANCE).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"its format is {content['format']!r}")
        files, digest = dict(content["files"]), str(content["results_digest"])
        recorded = bundle / str(content["results"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{bundle / PROVENANCE}: is no report's provenance: {error}") from error
    found = list_files(bundle)
    found.pop(PROVENANCE, None)
    faults = [f"{name}: is missing" for name in sorted(files.keys() - found.keys())]
    faults += [f"{name}: was not written by the report" for name in sorted(found.keys() - files)]
    faults += [
        f"{name}: was changed: expected SHA-256 {files[name]}, found {found[name]}"
        for name in sorted(files.keys() & found.keys())
        if files[name] != found[name]
    ]
    folder = (results or recorded).resolve()
    now = load_results(folder).digest
    if now != digest:
        faults.append(f"{folder}: the report was made from results {digest}, these are {now}")
    return faults
