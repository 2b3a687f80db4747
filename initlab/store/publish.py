"""Publishing a group: written aside, made durable, and committed by one rename."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from initlab.errors import CorruptShardError, StoreError, UnwritableError
from initlab.store.arrays import ARRAYS, encode_arrays
from initlab.store.checkpoints import checkpoint_file, encode_checkpoint
from initlab.store.durable import make_directory, sync_directory, write_durably
from initlab.store.manifest import JSON, MANIFEST, FileRecord, Manifest
from initlab.store.names import check_name, temporary_name
from initlab.store.schema import FIXED_SCHEMAS, RUNS_LEADING
from initlab.store.verify import quarantine, verify_group

TIMINGS = "timings.json"
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


def publish_group(
    results: Path,
    group_id: str,
    *,
    tables: Mapping[str, pa.Table],
    arrays: Mapping[str, npt.ArrayLike] | None = None,
    checkpoints: Mapping[str, Mapping[str, npt.ArrayLike]] | None = None,
    provenance: Mapping[str, JSON],
    timings: Mapping[str, JSON] | None = None,
) -> Path:
    """Commits a group and returns its directory, `results/groups/<group_id>`.

    The directory appears whole, by one rename, or not at all. To publish again what is already
    committed is harmless. A damaged group in its place is set aside first.

    Args:
        results: the results folder.
        group_id: name of the group.
        tables: `runs`, and where there are rows `steps`, `layers` and `predictions`.
        arrays: what `keep` asked for, named `<name>/<run_id>`.
        checkpoints: by run id the arrays of its model, in the order of the forward pass.
        provenance: what made the group; part of the manifest.
        timings: what differs from time to time; beside the manifest, in no digest.

    Raises:
        UnwritableError: if it cannot be written; nothing of it is visible then.
        StoreError: if a table does not fit its schema, or the group is committed with other
            content.
    """
    groups = Path(results) / "groups"
    target = groups / check_name("group id", group_id)
    run_ids = _check_tables(group_id, tables)
    contents = {f"{name}.parquet": _encode_table(table) for name, table in tables.items()}
    if arrays:
        contents[ARRAYS] = encode_arrays(arrays)
    for run_id, own in (checkpoints or {}).items():
        contents[checkpoint_file(run_id)] = encode_checkpoint(own)
    rows = {f"{name}.parquet": len(table) for name, table in tables.items()}
    records = {
        name: FileRecord(len(data), hashlib.sha256(data).hexdigest(), rows.get(name))
        for name, data in contents.items()
    }
    manifest = Manifest(group_id, run_ids, records, provenance)
    if timings:
        contents[TIMINGS] = json.dumps(timings, allow_nan=False, sort_keys=True).encode()
    contents[MANIFEST] = manifest.encode()
    temporary = groups / temporary_name(group_id)
    try:
        _write(temporary, contents)
        _commit(temporary, target, manifest)
    except OSError as error:
        raise UnwritableError(
            f"group {group_id} could not be written to {target}: {error.strerror or error}. "
            "Nothing of it is visible; mend the cause and run again."
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def _check_tables(group_id: str, tables: Mapping[str, pa.Table]) -> tuple[str, ...]:
    if "runs" not in tables:
        raise StoreError(f"group {group_id} has no `runs` table.")
    runs = tables["runs"]
    width = len(RUNS_LEADING)
    if not pa.schema(list(runs.schema)[:width]).equals(RUNS_LEADING.remove_metadata()):
        raise StoreError(f"`runs` of group {group_id} is not a table of `runs_table`.")
    if set(runs["group_id"].to_pylist()) - {group_id}:
        raise StoreError(f"`runs` of group {group_id} holds runs of another group.")
    for name, table in tables.items():
        if name == "runs":
            continue
        if not table.schema.equals(FIXED_SCHEMAS[check_name("table", name)], check_metadata=True):
            raise StoreError(f"`{name}` of group {group_id} does not have the store's schema.")
        key = table.column_names[0]
        known = pc.is_in(table[key], value_set=runs[key].combine_chunks())
        if not pc.all(known, min_count=0).as_py():
            what = key.removesuffix("_id")
            raise StoreError(f"`{name}` of group {group_id} holds {what}s that `runs` does not.")
    return tuple(check_name("run id", run_id) for run_id in runs["run_id"].to_pylist())


def _encode_table(table: pa.Table) -> bytes:
    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=3,
        use_dictionary=[name for name in table.column_names if name not in floats],
        use_byte_stream_split=floats,
        write_page_checksum=True,
    )
    return bytes(sink.getvalue())


def _write(temporary: Path, contents: Mapping[str, bytes]) -> None:
    make_directory(temporary.parent)
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    for name, data in contents.items():
        write_durably(temporary / name, data)
    sync_directory(temporary)


def _commit(temporary: Path, target: Path, manifest: Manifest) -> None:
    while not _renamed(temporary, target):
        try:
            present = verify_group(target)
        except CorruptShardError:
            quarantine(target.parent.parent, target.name)
            continue
        if present.digest != manifest.digest:
            changed = [n for n, r in manifest.files.items() if present.files.get(n) != r]
            raise StoreError(
                f"group {target.name} is already committed with another content of "
                f"{', '.join(changed) or 'the manifest'}. The committed one stays; to replace it, "
                f"move {target} away and run again."
            )
        break
    sync_directory(target.parent)


def _renamed(temporary: Path, target: Path) -> bool:
    try:
        os.rename(temporary, target)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True
