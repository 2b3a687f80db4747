"""Names inside a results folder, and who owns a temporary one."""

import hashlib
import os
import platform
import re
from functools import cache
from pathlib import Path

from initlab.errors import StoreError

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TEMPORARY = re.compile(rf"\.({NAME.pattern})\.([0-9]{{1,9}})\.([0-9a-f]{{8}})\.tmp")


def is_name(name: str) -> bool:
    """Says whether `name` may stand for a group, a run or a table in a path."""
    return NAME.fullmatch(name) is not None


def check_name(kind: str, name: str) -> str:
    """Returns `name` as it came.

    Raises:
        StoreError: if it could leave its folder or be read as something else.
    """
    if not is_name(name):
        raise StoreError(
            f"{name!r} is not a valid {kind}: use 1 to 64 of a-z, 0-9, '.', '_' and '-', "
            "the first a letter or a digit."
        )
    return name


def temporary_name(name: str) -> str:
    """Returns the hidden name that this process gives to `name` while it is being written."""
    return f".{name}.{os.getpid()}.{boot_id()}.tmp"


def temporary_owner(entry: str) -> tuple[str, int, str] | None:
    """Returns the final name, process id and boot id in a temporary name, None for others."""
    match = _TEMPORARY.fullmatch(entry)
    return (match[1], int(match[2]), match[3]) if match else None


def may_be_alive(pid: int, boot: str) -> bool:
    """Says whether a process of this boot with that id exists; False for other boots."""
    if boot != boot_id():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


@cache
def boot_id() -> str:
    """Returns eight hexadecimal digits that name this boot of this machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
    except OSError:
        return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
