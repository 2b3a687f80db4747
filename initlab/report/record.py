"""What a bundle says of itself: `provenance.json`, and the digests of its other files."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from initlab.store.durable import read_bounded

PROVENANCE = "provenance.json"
FORMAT = "initlab-report"
INDEX = "index.html"  # of a folder of bundles
JSON_LIMIT = 64 * 2**20


def read_record(bundle: Path) -> dict[str, Any]:
    """Returns the content of a bundle's `provenance.json`.

    Raises:
        OSError: if there is none, or it cannot be read.
        ValueError: if it is not that of a report.
    """
    try:
        content = json.loads(read_bounded(bundle / PROVENANCE, limit=JSON_LIMIT))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    match content:
        case {"format": str(name), "files": dict()} if name == FORMAT:
            return dict(content)
    raise ValueError(f"it has no list of files, or its format is not {FORMAT!r}")


def encode_record(content: Mapping[str, Any]) -> str:
    """Returns the text of `provenance.json`, to which its own checksum is added."""
    body = {name: value for name, value in content.items() if name != "checksum"}
    digest = hashlib.sha256(_text(body).encode()).hexdigest()
    return _text(body | {"checksum": digest})


def list_files(folder: Path) -> dict[str, str]:
    """Returns the relative path of each file in a folder with its SHA-256."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def file_faults(bundle: Path, record: Mapping[str, Any]) -> list[str]:
    """Returns a sentence for each file of a bundle that is missing, added or changed.

    Args:
        bundle: the report's folder.
        record: of `read_record`.
    """
    found, files = list_files(bundle), record["files"]
    own = hashlib.sha256(encode_record(record).encode()).hexdigest()
    changed = found.pop(PROVENANCE, None) != own
    faults = [f"{PROVENANCE}: was changed: it has another checksum"] if changed else []
    faults += [f"{name}: is missing" for name in sorted(files.keys() - found.keys())]
    faults += [f"{name}: was not written by the report" for name in sorted(found.keys() - files)]
    faults += [
        f"{name}: was changed: expected SHA-256 {files[name]}, found {found[name]}"
        for name in sorted(files.keys() & found.keys())
        if files[name] != found[name]
    ]
    return faults


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
