"""What a worker process does besides its work: events, a heartbeat, and heeding its end."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

type Emit = Callable[[dict[str, Any]], None]

BEAT_SECONDS = 2.0
PARENT_SECONDS = 0.2


def take_stdout() -> Emit:
    """Returns what prints one event a line, from any thread; other output goes to stderr now."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lock = threading.Lock()

    def emit(event: dict[str, Any]) -> None:
        with lock:
            out.write(json.dumps(event) + "\n")

    return emit


def obey_parent(emit: Emit, draining: threading.Event) -> None:
    """Starts the threads of a supervised worker.

    One tells every few seconds that the process lives. The other waits for the end of standard
    input: then the parent asks to stop after this group, or is gone, and the process ends.
    """
    threading.Thread(target=_beat, args=(emit,), daemon=True).start()
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


def _beat(emit: Emit) -> None:
    """Tells that this process lives, until the pipe breaks."""
    wait = threading.Event()
    try:
        while not wait.wait(BEAT_SECONDS):
            emit({"event": "beat"})
    except (BrokenPipeError, ValueError):
        return


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
