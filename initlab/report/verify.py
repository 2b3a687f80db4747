"""Checking a bundle: its files are those that were written, and its results are those it names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from initlab.errors import StoreError
from initlab.report.check import ReportError
from initlab.report.record import PROVENANCE, file_faults, read_record
from initlab.store.folder import read_folder
from initlab.store.manifest import Manifest
from initlab.store.query import Results, load_results


def is_bundle(folder: Path) -> bool:
    """Tells whether a folder holds a report's `provenance.json`."""
    return (folder / PROVENANCE).is_file()


@dataclass(frozen=True)
class Verified:
    """What came of a check: what is wrong, and of the results the groups that were reported."""

    faults: tuple[str, ...]
    results: Results


def verify_bundle(bundle: Path, results: Path | None = None) -> Verified:
    """Checks the files of a report bundle, and that its results are those that it names.

    Every file has to have the digest that `provenance.json` gives it, no file may be added, and
    the results have to verify, and the groups that the report was made from to be there as they
    were; others may have joined them. Its numbers are computed again by `recompute`.

    Args:
        bundle: the report's folder.
        results: where its results lie now; by default where `provenance.json` says.

    Raises:
        ReportError: if `provenance.json` cannot be read, or no results lie where it says.
        StoreError: if none lie in `results`, or a shard is damaged.
    """
    try:
        content = read_record(bundle)
        groups, recorded = dict(content["groups"]), bundle / str(content["results"])
        digest = str(content["results_digest"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReportError(f"{bundle / PROVENANCE}: is no report's provenance: {error}") from error
    faults = file_faults(bundle, content)
    folder = (results or recorded).resolve()
    found = _find_results(folder, named=results is not None)
    own = _of_groups(found, groups)
    for name, record in groups.items():
        faults += _group_faults(folder / "groups" / name, record, own.groups.get(name))
    if own.digest != digest:
        faults.append(
            f"{folder}: the report was made from results {digest}, these are {own.digest}"
        )
    return Verified(tuple(faults), own)


def _of_groups(results: Results, group_ids: Collection[str]) -> Results:
    """Returns the results as they were when there were no other groups than these."""
    groups = {name: results.groups[name] for name in results.groups if name in group_ids}
    committed: dict[str, str] = {}
    for name, manifest in groups.items():
        for run_id in manifest.run_ids:
            committed.setdefault(run_id, name)
    return replace(results, groups=groups, committed=committed)


def _group_faults(place: Path, record: Mapping[str, Any], found: Manifest | None) -> list[str]:
    """Returns a sentence for each shard of a group that is not the one that was reported."""
    if found is None:
        return [f"{place}: is missing, and the report was made from it"]
    if found.digest == record["digest"]:
        return []
    shards = {name: one.sha256 for name, one in found.files.items()}
    differing = sorted(dict(shards.items() ^ record["shards"].items()))
    return [
        f"{place / name}: the report was made from SHA-256 {record['shards'].get(name, 'none')}, "
        f"this is {shards.get(name, 'none')}"
        for name in differing
    ] or [f"{place}: the report was made from digest {record['digest']}, this is {found.digest}"]


def _find_results(folder: Path, *, named: bool) -> Results:
    """Loads the results; where only the bundle says that they lie there, tells how to name them."""
    try:
        read_folder(folder)
    except StoreError as error:
        if named:
            raise
        raise ReportError(
            f"the results are not at {folder}, where the report has them. If they or the report "
            "were moved, say where they are with --results DIR."
        ) from error
    return load_results(folder)
