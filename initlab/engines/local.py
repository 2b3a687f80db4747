"""The local engine: one supervised worker process, watched, drained and started again."""

import json
import math
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from initlab.store.failures import record_failure

type Event = dict[str, Any]
type Show = Callable[[Event], None]

MAX_ATTEMPTS = 2
POLL_SECONDS = 0.2
EXIT_SECONDS = 5.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ending(NamedTuple):
    """How a worker came to its end.

    Attributes:
        group_id: the group that it had in flight, if any.
        finished: whether it said that nothing is left to do.
        stopped: why the supervisor stopped it; empty where it ended by itself.
    """

    group_id: str | None
    finished: bool = False
    stopped: str = ""


@dataclass
class Supervisor:
    """Runs a sweep to its end through worker processes.

    A worker that dies, hangs or falls silent is started again; the group that it was running is
    tried twice in all, then recorded as failed. The first SIGINT lets the group in flight end, a
    second one kills it; SIGTERM and SIGHUP give it `grace_seconds`.

    Attributes:
        command: starts a worker; it prints one JSON event a line, and ends when its input does.
        results: the results folder.
        show: takes every event.
        silence_seconds: after how long without an event a worker counts as hung; one that is
            overdue by its own account does at once.
        grace_seconds: how long a worker may go on after SIGTERM.
    """

    command: Sequence[str]
    results: Path
    show: Show
    silence_seconds: float = 120.0
    grace_seconds: float = 10.0
    _attempts: dict[str, int] = field(default_factory=dict)
    _idle_deaths: int = 0
    _began: float = 0.0
    _given_up: list[str] = field(default_factory=list)
    _stopped: bool = False
    _signals: list[int] = field(default_factory=list)

    def run(self) -> int:
        """Returns the exit code: 0 done, 1 groups failed or left, 128 + n stopped by signal n."""
        before = {number: signal.signal(number, self._on_signal) for number in STOPPING}
        try:
            while not self._signals and self._one_worker():
                pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._signals:
            return 128 + self._signals[0]
        return 1 if self._given_up or self._idle_deaths or self._stopped else 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """Remembers a signal; the loop acts on it."""
        del frame
        self._signals.append(number)

    def _one_worker(self) -> bool:
        """Runs one worker process; tells whether another has to take over."""
        skip = [word for group_id in self._given_up for word in ("--skip", group_id)]
        events: queue.Queue[Event | None] = queue.Queue()
        with subprocess.Popen(  # noqa: S603 - the command is the caller's own
            [*self.command, *skip],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        ) as worker:
            reader = threading.Thread(target=_read, args=(worker.stdout, events), daemon=True)
            reader.start()
            try:
                ending = self._watch(worker, events)
                if not ending.stopped:
                    with suppress(subprocess.TimeoutExpired):
                        worker.wait(EXIT_SECONDS)
            finally:
                _kill(worker)
                code = worker.wait()
                reader.join(EXIT_SECONDS)
        if ending.finished or self._signals:
            return False
        return self._after_death(ending, code)

    def _watch(self, worker: subprocess.Popen[str], events: "queue.Queue[Event | None]") -> Ending:
        """Follows a worker to its end, or until it has to be stopped."""
        group_id: str | None = None
        heard = time.monotonic()
        deadline: float | None = None
        while True:
            deadline = self._drain(worker, deadline)
            now = time.monotonic()
            if deadline is not None and now > deadline:
                return Ending(group_id, stopped="the worker was told to stop")
            if now - heard > self.silence_seconds:
                silence = f"the worker fell silent for {self.silence_seconds:g} s and was stopped"
                return Ending(group_id, stopped=silence)
            try:
                event = events.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if event is None:
                return Ending(group_id)
            heard = time.monotonic()
            self.show(event)
            kind = event["event"]
            if kind == "group":
                group_id = str(event["group_id"])
                self._idle_deaths = 0
                self._began = heard
            elif kind in ("done", "failed"):
                self._given_up += [str(event["group_id"])] if kind == "failed" else []
                group_id = None
            elif kind == "overdue":
                overdue = f"the worker made no progress for {event['seconds']:g} s and was stopped"
                return Ending(group_id, stopped=overdue)
            elif kind == "stopped":
                self._stopped = True
            elif kind == "end":
                self._idle_deaths = 0
                return Ending(None, finished=True)

    def _drain(self, worker: subprocess.Popen[str], deadline: float | None) -> float | None:
        """Acts on the signals that came; returns until when the worker may go on."""
        if not self._signals:
            return None
        if len(self._signals) > 1:
            return 0.0
        if deadline is not None:
            return deadline
        patient = self._signals[0] == signal.SIGINT
        self.show({"event": "draining", "seconds": None if patient else self.grace_seconds})
        with suppress(OSError):
            if worker.stdin is not None:
                worker.stdin.close()
        return math.inf if patient else time.monotonic() + self.grace_seconds

    def _after_death(self, ending: Ending, code: int) -> bool:
        """Counts the attempt of the group in flight; tells whether to start another worker."""
        group_id, error = ending.group_id, ending.stopped or _how(code)
        if group_id is None:
            self._idle_deaths += 1
            attempt = self._idle_deaths
        else:
            attempt = self._attempts[group_id] = self._attempts.get(group_id, 0) + 1
        self.show({"event": "died", "group_id": group_id, "error": error, "attempt": attempt})
        if group_id is None:
            return attempt < MAX_ATTEMPTS
        seconds = time.monotonic() - self._began
        record_failure(self.results, group_id, error=error, attempt=attempt, seconds=seconds)
        if attempt >= MAX_ATTEMPTS:
            self._given_up.append(group_id)
        return True


def worker_command(
    experiment: str, results: Path, overrides: Sequence[str], seeds: int | None
) -> list[str]:
    """Returns the command that starts a worker on a sweep."""
    command = [sys.executable, "-m", "initlab", "work", f"--results={results}", "--supervised"]
    command += [f"--set={override}" for override in overrides]
    command += [f"--seeds={seeds}"] if seeds is not None else []
    return [*command, experiment]


def _read(lines: Iterable[str] | None, events: "queue.Queue[Event | None]") -> None:
    """Puts every event into the queue, and None at the end; skips lines that are no event."""
    try:
        for line in lines or ():
            with suppress(ValueError, RecursionError):
                event = json.loads(line)
                if isinstance(event, dict) and "event" in event:
                    events.put(event)
    finally:
        events.put(None)


def _how(code: int) -> str:
    """Returns in words how a worker ended that nobody stopped."""
    if code >= 0:
        return f"the worker ended with exit code {code}"
    name = signal.Signals(-code).name
    hint = "; the machine may have run out of memory" if -code == signal.SIGKILL else ""
    return f"the worker was ended by signal {name}{hint}"


def _kill(worker: subprocess.Popen[str]) -> None:
    """Ends a worker and whatever it started, at once."""
    with suppress(ProcessLookupError, PermissionError):
        if worker.returncode is None:
            os.killpg(worker.pid, signal.SIGKILL)
