"""What a worker process does besides its work: events, a heartbeat, and heeding its end."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

type Emit = Callable[[dict[str, Any]], None]

BEAT_SECONDS = 2.0
PARENT_SECONDS = 0.2
START_SECONDS = 600.0


class Pulse:
    """What tells a process that works from one that hangs: how long its work may take.

    A thread of its own would beat although the work stands still. So the main thread says what
    it expects of the piece of work that begins, and the beat ends where that is overdue.

    Attributes:
        began: when the piece of work in hand began, by the monotonic clock.
        limit: how many seconds it may take.
    """

    def __init__(self) -> None:
        self.expect(START_SECONDS)

    def expect(self, seconds: float) -> None:
        """Begins a piece of work that may take so many seconds at the very most."""
        self.began, self.limit = time.monotonic(), seconds

    def beat(self, emit: Emit) -> None:
        """Tells every few seconds that this process lives, until its work is overdue.

        Ends where the pipe breaks.
        """
        wait = threading.Event()
        try:
            while not wait.wait(BEAT_SECONDS):
                if time.monotonic() - self.began > self.limit:
                    return emit({"event": "overdue", "seconds": self.limit})
                emit({"event": "beat"})
        except (BrokenPipeError, ValueError):
            return


def take_stdout() -> Emit:
    """Returns what prints one event a line, from any thread; other output goes to stderr now."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lock = threading.Lock()

    def emit(event: dict[str, Any]) -> None:
        with lock:
            out.write(json.dumps(event) + "\n")

    return emit


def obey_parent(emit: Emit, draining: threading.Event, pulse: Pulse) -> None:
    """Starts the threads of a supervised worker.

    One tells every few seconds that the process works. The other waits for the end of standard
    input: then the parent asks to stop after this group, or is gone, and the process ends.
    """
    threading.Thread(target=pulse.beat, args=(emit,), daemon=True).start()
    threading.Thread(target=_until_parent_ends, args=(draining,), daemon=True).start()


def drain_on_signals(draining: threading.Event) -> list[int]:
    """Lets the first SIGINT or SIGTERM ask for an end after this group, and the second end it.

    Returns:
        A list that the signal is added to.
    """
    came: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)
        draining.set()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, remember)
    return came


def _until_parent_ends(draining: threading.Event) -> None:
    """Sets `draining` at the end of standard input, and ends the process without its parent."""
    parent = os.getppid()
    while sys.stdin.readline():
        pass
    draining.set()
    wait = threading.Event()
    while os.getppid() == parent:
        wait.wait(PARENT_SECONDS)
    os._exit(1)
