"""The manifest of a group: what was committed, byte for byte."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from initlab.errors import StoreError
from initlab.store.names import is_name

type JSON = bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None

MANIFEST = "manifest.json"
MANIFEST_LIMIT = 64 * 2**20
SCHEMA_VERSION = 1  # of the tables in `store.schema`, which needs pyarrow
_FORMAT = "initlab-group"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a manifest says of one file; `rows` is None where it is no table."""

    size: int
    sha256: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One committed group."""

    group_id: str
    run_ids: tuple[str, ...]
    files: Mapping[str, FileRecord]
    provenance: Mapping[str, Any]
    schema_version: int = SCHEMA_VERSION

    @property
    def digest(self) -> str:
        """SHA-256 of what was measured: ids and files, and not where or with what it was made."""
        body = self._body()
        del body["provenance"]
        return hashlib.sha256(_canonical(body)).hexdigest()

    def encode(self) -> bytes:
        """Returns the bytes of `manifest.json`; equal manifests give equal bytes.

        Raises:
            ValueError: if `provenance` holds NaN or an infinity.
            TypeError: if it holds what JSON does not.
        """
        body = json.loads(_canonical(self._body()))
        return _sealed(body)

    def _body(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "schema_version": self.schema_version,
            "group_id": self.group_id,
            "run_ids": list(self.run_ids),
            "files": {
                name: {"size": record.size, "sha256": record.sha256, "rows": record.rows}
                for name, record in self.files.items()
            },
            "provenance": dict(self.provenance),
        }


def digest_of(groups: Iterable[Manifest]) -> str:
    """Returns the SHA-256 of the digests of groups, whichever their order."""
    digests = sorted(manifest.digest for manifest in groups)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def decode_manifest(data: bytes) -> Manifest:
    """Returns the manifest in `data`.

    Raises:
        ValueError: if `data` is not what `Manifest.encode` returned, to the bit.
        StoreError: if a newer initlab wrote it.
    """
    try:
        body = json.loads(data)
        unsealed = {name: value for name, value in body.items() if name != "checksum"}
        whole = _sealed(unsealed) == data
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it cannot be read as JSON ({error})") from error
    if not whole:
        raise ValueError("its checksum does not match its content")
    match body:
        case {"format": "initlab-group", "schema_version": int(version)} if (
            version > SCHEMA_VERSION
        ):
            raise StoreError(
                f"group was written with schema version {version} and this initlab reads up to "
                f"{SCHEMA_VERSION}. Upgrade initlab."
            )
        case {
            "format": "initlab-group",
            "schema_version": int(version),
            "group_id": str(group_id),
            "run_ids": [*run_ids],
            "files": dict(files),
            "provenance": dict(provenance),
        } if all(isinstance(run_id, str) and is_name(run_id) for run_id in run_ids):
            records = {name: _decode_record(name, entry) for name, entry in files.items()}
            return Manifest(group_id, tuple(run_ids), records, provenance, version)
    raise ValueError("it does not have the fields of a manifest")


def _decode_record(name: str, entry: object) -> FileRecord:
    match entry:
        case {"size": int(size), "sha256": str(sha256), "rows": None | int() as rows} if is_name(
            name
        ):
            return FileRecord(size, sha256, rows)
    raise ValueError(f"its entry {name!r} is not one of a file")


def _sealed(body: dict[str, Any]) -> bytes:
    checksum = hashlib.sha256(_canonical(body)).hexdigest()
    text = json.dumps({**body, "checksum": checksum}, allow_nan=False, sort_keys=True, indent=1)
    return f"{text}\n".encode()


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()
