"""Who works on what: locks that the kernel drops when their holder dies."""

import errno
import fcntl
import os
import socket
from pathlib import Path
from types import TracebackType

from initlab.errors import BusyError, StoreError
from initlab.store.durable import make_directory
from initlab.store.names import check_name

_DRIVER = ".driver.lock"


class Claim:
    """A held lock; leaving its `with` block, `release`, or the death of the process frees it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def __enter__(self) -> "Claim":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def release(self) -> None:
        """Frees the lock; to free it twice is harmless."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def claim(results: Path, group_id: str) -> Claim | None:
    """Returns the claim on a group, None while another process or another claim holds it.

    Raises:
        StoreError: if the file system has no locks, or the name is not one of a group.
    """
    path = _locks(results) / f"{check_name('group id', group_id)}.lock"
    return _lock(path, fcntl.LOCK_EX)


def exclusive(results: Path) -> Claim:
    """Returns the sweep, to be driven by this process alone.

    Raises:
        BusyError: if any other driver, exclusive or not, holds it.
    """
    return _drive(results, fcntl.LOCK_EX)


def shared(results: Path) -> Claim:
    """Returns the sweep, to be driven together with others that divide it by claims.

    Raises:
        BusyError: if an exclusive driver holds it.
    """
    return _drive(results, fcntl.LOCK_SH)


def _drive(results: Path, kind: int) -> Claim:
    path = _locks(results) / _DRIVER
    held = _lock(path, kind)
    if held is None:
        raise BusyError(
            f"another driver{_holder(path)} holds {results}. Wait until it ends or stop it; "
            "drivers share a sweep when none of them was started with --exclusive."
        )
    return held


def _locks(results: Path) -> Path:
    locks = Path(results) / "locks"
    try:
        make_directory(locks)
    except OSError as error:
        raise StoreError(f"{locks} cannot be made: {error.strerror}.") from error
    return locks


def _lock(path: Path, kind: int) -> Claim | None:
    descriptor = None
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o666)
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if descriptor is not None:
            os.close(descriptor)
        if error.errno == errno.EWOULDBLOCK:
            return None
        raise StoreError(
            f"{path} cannot be locked: {error.strerror}. "
            "Keep results on a file system with flock, or on a local disk."
        ) from error
    os.ftruncate(descriptor, 0)
    if kind == fcntl.LOCK_EX:
        os.pwrite(descriptor, f"{os.getpid()} on {socket.gethostname()}\n".encode(), 0)
    return Claim(descriptor)


def _holder(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return f" (process {text})" if text and text.isprintable() else ""
