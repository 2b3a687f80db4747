"""Checking committed groups, and moving aside what must not be read."""

import errno
import hashlib
import os
import shutil
import stat
from contextlib import nullcontext, suppress
from pathlib import Path

from initlab.errors import CorruptShardError, StoreError
from initlab.store.claims import claim
from initlab.store.durable import make_directory, open_regular, read_bounded, sync_directory
from initlab.store.manifest import (
    MANIFEST,
    MANIFEST_LIMIT,
    FileRecord,
    Manifest,
    decode_manifest,
)
from initlab.store.names import check_name, may_be_alive, temporary_owner

_FIX = (
    "Run the sweep again: it moves the damaged group to quarantine/ and makes it anew. "
    "Or restore the group's folder from a copy."
)

# What a file looked like when its sum was last found right, in this process only.
_verified: dict[tuple[str, str], tuple[int, int, int, int]] = {}


def verify_group(directory: Path) -> Manifest:
    """Returns the manifest of a group all of whose files are, bit for bit, those committed.

    A file is hashed once in a process, and again when its size, times or inode have changed.

    Raises:
        CorruptShardError: naming the file, what was expected and what was found.
        StoreError: if a newer initlab wrote the group.
    """
    manifest = read_manifest(directory)
    for name, record in manifest.files.items():
        _verify_file(Path(directory) / name, record)
    return manifest


def read_manifest(directory: Path) -> Manifest:
    """Returns the manifest of a group whose files have the sizes that it says; cheap.

    Raises:
        CorruptShardError: if a file is missing, linked or of another size.
        StoreError: if a newer initlab wrote the group.
    """
    directory = Path(directory)
    try:
        mode = directory.lstat().st_mode
    except OSError as error:
        raise _corrupt(directory, "a directory", reason(error)) from error
    if not stat.S_ISDIR(mode):
        found = "a symbolic link" if stat.S_ISLNK(mode) else "no directory"
        raise _corrupt(directory, "a directory", found)
    path = directory / MANIFEST
    try:
        manifest = decode_manifest(read_bounded(path, limit=MANIFEST_LIMIT))
    except (OSError, ValueError) as error:
        raise _corrupt(path, "the manifest that was committed", reason(error)) from error
    except StoreError as error:
        raise StoreError(f"{directory}: {error}") from error
    if manifest.group_id != directory.name:
        raise _corrupt(path, f"group {directory.name}", f"group {manifest.group_id!r}")
    for name, record in manifest.files.items():
        _check_size(directory / name, record)
    return manifest


def quarantine(results: Path, group_id: str) -> Path | None:
    """Moves a group to `quarantine/<group_id>.<n>` and returns that, None if there is no group."""
    source = Path(results) / "groups" / check_name("group id", group_id)
    aside = Path(results) / "quarantine"
    make_directory(aside)
    number = 1
    while True:
        target = aside / f"{group_id}.{number}"
        try:
            if not os.path.lexists(target):
                source.rename(target)
                break
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise StoreError(f"{source} cannot be set aside: {error.strerror}.") from error
        number += 1
    sync_directory(aside)
    sync_directory(source.parent)
    return target


def clean_temporaries(results: Path) -> list[Path]:
    """Removes what dead writers left behind and returns the paths.

    A temporary of this boot stays while its process lives. One of another boot may belong to
    another host on a shared disk, so a group's also stays while the group is claimed.
    """
    results = Path(results)
    removed = []
    for folder in (results, results / "groups"):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            owner = temporary_owner(path.name)
            if owner is None or may_be_alive(owner[1], owner[2]):
                continue
            held = nullcontext() if folder == results else claim(results, owner[0])
            if held is None:
                continue
            with held, suppress(FileNotFoundError):
                _remove(path)
            removed.append(path)
    return removed


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _verify_file(path: Path, record: FileRecord) -> None:
    key = (os.fspath(path), record.sha256)
    try:
        with open(open_regular(path), "rb") as file:
            status = os.fstat(file.fileno())
            seen = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
            if _verified.get(key) == seen:
                return
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise _corrupt(path, f"a file of {record.size} bytes", reason(error)) from error
    if found != record.sha256:
        raise _corrupt(path, f"SHA-256 {record.sha256}", found)
    _verified[key] = seen


def _check_size(path: Path, record: FileRecord) -> None:
    expected = f"a file of {record.size} bytes"
    try:
        status = path.lstat()
    except OSError as error:
        raise _corrupt(path, expected, reason(error)) from error
    if stat.S_ISLNK(status.st_mode):
        raise _corrupt(path, expected, "a symbolic link")
    if not stat.S_ISREG(status.st_mode):
        raise _corrupt(path, expected, "no regular file")
    if status.st_size != record.size:
        raise _corrupt(path, expected, f"{status.st_size} bytes")


def reason(error: Exception) -> str:
    """Returns what kept a file from being read, without its path."""
    if isinstance(error, OSError):
        return "a symbolic link" if error.errno == errno.ELOOP else str(error.strerror)
    return str(error)


def _corrupt(path: Path, expected: str, found: str) -> CorruptShardError:
    return CorruptShardError(f"{path}: expected {expected}, found: {found}. {_FIX}")
