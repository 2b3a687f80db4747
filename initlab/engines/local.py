"""The local engine: one supervised worker process, watched, drained and started again."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

from initlab.store.failures import record_failure

type Event = dict[str, Any]
type Show = Callable[[Event], None]

MAX_ATTEMPTS = 2
SILENCE_SECONDS = 120.0
GRACE_SECONDS = 10.0
POLL_SECONDS = 0.2
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Supervisor:
    """Runs a sweep to its end through worker processes.

    A worker that dies or falls silent is started again; the group that it was running is tried
    twice in all, then recorded as failed. The first SIGINT lets the group in flight end, a second
    one kills it; SIGTERM and SIGHUP give it ten seconds.

    Attributes:
        command: starts a worker; it prints one JSON event a line, and ends when its input does.
        results: the results folder.
        show: takes every event.
    """

    command: Sequence[str]
    results: Path
    show: Show
    failed: int = 0
    _attempts: dict[str, int] = field(default_factory=dict)
    _given_up: list[str] = field(default_factory=list)
    _signals: list[int] = field(default_factory=list)

    def run(self) -> int:
        """Returns the exit code: 0 done, 1 some groups failed, 128 + n stopped by signal n."""
        before = {number: signal.signal(number, self._on_signal) for number in STOPPING}
        try:
            while self._one_worker():
                pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._signals:
            return 128 + self._signals[0]
        return 1 if self.failed else 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Remembers a signal; the loop acts on it."""
        del frame
        self._signals.append(number)

    def _one_worker(self) -> bool:
        """Runs one worker process; tells whether another has to take over."""
        skip = [word for group_id in self._given_up for word in ("--skip", group_id)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        worker = subprocess.Popen(
            [*self.command, *skip],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        try:
            group_id, ended = self._watch(worker)
        finally:
            worker.kill()
            code = worker.wait()
        if ended or self._signals:
            return False
        return self._after_death(group_id, code)

    def _watch(self, worker: subprocess.Popen[str]) -> tuple[str | None, bool]:
        """Follows a worker; returns the group it had in flight, and whether it came to its end."""
        events: queue.Queue[Event | None] = queue.Queue()
        threading.Thread(target=_read, args=(worker.stdout, events), daemon=True).start()
        group_id: str | None = None
        heard = time.monotonic()
        deadline: float | None = None
        while True:
            deadline = self._drain(worker, deadline)
            if deadline is not None and time.monotonic() > deadline:
                return group_id, False
            if time.monotonic() - heard > SILENCE_SECONDS:
                self.show({"event": "silent", "group_id": group_id})
                return group_id, False
            try:
                event = events.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if event is None:
                return group_id, False
            heard = time.monotonic()
            self.show(event)
            kind = event.get("event")
            if kind == "group":
                group_id = str(event["group_id"])
            elif kind in ("done", "failed"):
                group_id = None
                self.failed += kind == "failed"
            elif kind == "end":
                return None, True

    def _drain(self, worker: subprocess.Popen[str], deadline: float | None) -> float | None:
        """Acts on the signals that came; returns until when the worker may go on."""
        if not self._signals:
            return None
        if len(self._signals) > 1:
            return 0.0
        if deadline is None:
            self.show({"event": "draining"})
            _close(worker.stdin)
            patient = self._signals[0] == signal.SIGINT
            return float("inf") if patient else time.monotonic() + GRACE_SECONDS
        return deadline

    def _after_death(self, group_id: str | None, code: int) -> bool:
        """Counts the attempt of the group in flight; tells whether to start another worker."""
        attempt = self._attempts[group_id or ""] = self._attempts.get(group_id or "", 0) + 1
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        error = f"the worker ended with {how}"
        self.show({"event": "died", "group_id": group_id, "error": error, "attempt": attempt})
        if group_id is None:
            self.failed += attempt >= MAX_ATTEMPTS
            return attempt < MAX_ATTEMPTS
        record_failure(self.results, group_id, error=error, attempt=attempt)
        if attempt >= MAX_ATTEMPTS:
            self._given_up.append(group_id)
            self.failed += 1
        return True


def worker_command(
    experiment: str, results: Path, overrides: Sequence[str], seeds: int | None
) -> list[str]:
    """Returns the command that starts a worker on a sweep."""
    command = [sys.executable, "-m", "initlab", "work", experiment, "--results", str(results)]
    command += [word for override in overrides for word in ("--set", override)]
    command += ["--seeds", str(seeds)] if seeds is not None else []
    return [*command, "--supervised"]


def _read(stream: IO[str] | None, events: "queue.Queue[Event | None]") -> None:
    """Puts every event of a stream into the queue, and None at its end."""
    for line in stream or ():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(event, dict):
            events.put(event)
    events.put(None)


def _close(stream: IO[str] | None) -> None:
    """Closes a pipe whose other end may be gone."""
    try:
        if stream is not None:
            stream.close()
    except OSError:
        pass
