"""What a person sees of a running sweep: a bar on a terminal, plain lines elsewhere."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from initlab.analysis.numbers import counted
from initlab.engines.printable import printable

type Event = dict[str, Any]
KEPT = ("plan", "group", "done", "failed", "stopped", "died", "draining", "end")


class Display:
    """Shows the events of workers, and keeps them in the results folder's `events.jsonl`.

    Args:
        results: the results folder.
        console: where to show them; standard error, if not given.
    """

    def __init__(self, results: Path, console: Console | None = None) -> None:
        self._log = results / "events.jsonl"
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._done = self._groups = 0
        self._total: float | None = None
        self._work = self._in_flight = self._training_seconds = 0.0
        self._program_seconds = 0.0
        self._compiled: dict[str, float] = {}
        self._name = ""
        self._bar: Progress | None = None
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=None),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}", markup=False),
                console=self._console,
            )
            self._task = self._bar.add_task("starting the worker", total=None, left="")
            self._bar.start()

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        if event.get("event") in KEPT:
            self._keep(event)
        show = getattr(self, f"_show_{event.get('event')}", None)
        if show is not None:
            show(event)

    def close(self) -> None:
        """Takes the bar down."""
        if self._bar is not None:
            self._bar.stop()

    def _keep(self, event: Event) -> None:
        """Appends an event to the log, which no result depends on."""
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds"), **event})
        with suppress(OSError), self._log.open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def _say(self, text: str) -> None:
        """Prints a line above the bar."""
        self._console.print(printable(text), markup=False)

    def _show_plan(self, event: Event) -> None:
        if self._total is None:
            self._total = float(event["work"])
            self._groups = int(event["groups"])
            self._program_seconds = float(event["program_seconds"])
            if self._bar is not None:
                self._bar.update(self._task, total=self._total, description="compiling")
            else:
                runs, groups = counted(event["runs"], "run"), counted(event["groups"], "group")
                self._say(f"{runs} to do in {groups}")

    def _show_group(self, event: Event) -> None:
        self._in_flight = 0.0
        self._compiled[event["signature"]] = float(event["program_seconds"])
        self._name = str(event["name"])
        if self._bar is not None:
            label = f"group {self._done + 1}/{self._groups}  {self._name}"
            self._bar.update(self._task, description=printable(label))

    def _show_tick(self, event: Event) -> None:
        self._in_flight += float(event["work"])
        if self._bar is not None:
            self._bar.update(self._task, completed=self._work + self._in_flight)

    def _show_done(self, event: Event) -> None:
        self._done += 1
        self._work += self._in_flight
        self._in_flight = 0.0
        self._training_seconds += float(event["seconds"]["train"])
        left = self._left()
        if self._bar is not None:
            self._bar.update(self._task, left=left)
            return
        said = [f"{event['completed']} completed"]
        said += [f"{event['diverged']} diverged"] if event["diverged"] else []
        said += [left] if left else []
        self._say(f"[{self._done}/{self._groups}] {self._name}: {', '.join(said)}")

    def _show_failed(self, event: Event) -> None:
        self._say(f"group {event['group_id']} failed: {event['error']}")

    def _show_stopped(self, event: Event) -> None:
        self._say(f"no more groups are started: {event['error']}")

    def _show_died(self, event: Event) -> None:
        group = f" while running group {event['group_id']}" if event["group_id"] else ""
        self._say(f"{event['error']}{group} (attempt {event['attempt']})")

    def _show_draining(self, event: Event) -> None:
        seconds = event["seconds"]
        limit = "" if seconds is None else f", which has {seconds:g} s left"
        self._say(f"stopping after the group in flight{limit}; interrupt again to stop at once")

    def _left(self) -> str:
        """Returns the time left as text: training at the rate so far, and programs to compile."""
        if not self._total or not self._work:
            return ""
        rest = max(self._total - self._work, 0.0)
        seconds = rest * self._training_seconds / self._work
        seconds += max(self._program_seconds - sum(self._compiled.values()), 0.0)
        return f"about {seconds:.0f} s left" if seconds >= 1 else ""
