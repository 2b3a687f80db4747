"""The bytes of a file that an author wrote, whatever lies at its path."""

import os
import stat
from pathlib import Path

from initlab.errors import SpecError

MAX_BYTES = 1_000_000


def read_source(path: Path) -> bytes:
    """Returns the bytes of a regular file of at most 1 MB; a link is followed.

    Raises:
        SpecError: if it cannot be read, is longer, or is a folder, a pipe or a device.
    """
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SpecError(f"{path}: is not a regular file.")
    with open(descriptor, "rb") as file:
        source = file.read(MAX_BYTES + 1)
    if len(source) > MAX_BYTES:
        raise SpecError(f"{path}: is larger than {MAX_BYTES:,} bytes.")
    return source
