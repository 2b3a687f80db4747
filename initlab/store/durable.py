"""Files that are whole and on the disk, or not there at all."""

import errno
import os
import shutil
import stat
from pathlib import Path

from initlab.errors import UnwritableError
from initlab.store.names import temporary_name


def write_durably(path: Path, data: bytes) -> None:
    """Writes a new file and waits until the disk holds it."""
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, data: bytes) -> None:
    """Replaces the file at `path` by one rename: a reader sees the old bytes or the new."""
    temporary = path.with_name(temporary_name(path.name))
    temporary.unlink(missing_ok=True)
    try:
        write_durably(temporary, data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_directory(path.parent)


def append_durably(path: Path, line: str) -> None:
    """Appends one line in one write; a line that an earlier death cut short stays apart."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        size = os.fstat(descriptor).st_size
        cut_short = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        rest = f"{'\n' if cut_short else ''}{line}\n".encode()
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directory(directory: Path) -> None:
    """Makes a directory and its parents where they lack, and waits until the disk holds them."""
    if not directory.is_dir():
        make_directory(directory.parent)
        directory.mkdir(exist_ok=True)
        sync_directory(directory.parent)


def sync_directory(directory: Path) -> None:
    """Waits until the disk holds the names in `directory`."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems cannot do this to a directory.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def require_room(folder: Path, num_bytes: int) -> None:
    """Checks that a folder's disk has room for twice the expected bytes of what is to come.

    Raises:
        UnwritableError: if it has not.
    """
    free = shutil.disk_usage(folder).free
    if free < 2 * num_bytes:
        raise UnwritableError(
            f"{folder} has {free / 1e6:,.1f} MB left on its disk, and the next group may take "
            f"{2 * num_bytes / 1e6:,.1f} MB. Make room and run again."
        )


def open_regular(path: Path) -> int:
    """Opens a file for reading and returns its descriptor.

    Raises:
        OSError: if it cannot be opened or is a symbolic link.
        ValueError: if it is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("it is not a regular file")
    return descriptor


def read_bounded(path: Path, *, limit: int) -> bytes:
    """Returns the bytes of a regular file of at most `limit` bytes.

    Raises:
        OSError: if it cannot be read or is a symbolic link.
        ValueError: if it is no regular file, or longer.
    """
    with open(open_regular(path), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"it is longer than {limit} bytes")
    return data
