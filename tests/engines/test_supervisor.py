"""A supervised worker: started again, given up, stopped; with a stub in the worker's place."""

import io
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from rich.console import Console

from initlab.engines.local import Supervisor, worker_command
from initlab.engines.progress import Display
from initlab.store.failures import read_failures

STUB = Path(__file__).with_name("stub.py")


class Scene:
    """A supervisor of stubs, what it showed, and what the stubs did."""

    def __init__(self, folder):
        self.results, self.log, self.shown = folder, folder / "log", []
        self.log.touch()

    def supervisor(self, *plan, **limits):
        command = [sys.executable, str(STUB), str(self.log), *plan]
        return Supervisor(command, self.results, self.shown.append, **limits)

    def words(self, verb):
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return [line[1] for line in lines if line[0] == verb]

    def pids(self):
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return [int(line[2]) for line in lines if line[0] == "began"]

    def died(self):
        return [event for event in self.shown if event["event"] == "died"]

    def failures(self):
        return {
            group: [(one.attempt, one.error) for one in attempts]
            for group, attempts in read_failures(self.results).items()
        }


@pytest.fixture
def scene(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(STUB.parents[2]))
    return Scene(tmp_path)


def signals(*numbers, after=0.6, apart=0.3):
    """Sends signals to this process, as a terminal or a scheduler would."""

    def send():
        time.sleep(after)
        for number in numbers:
            os.kill(os.getpid(), number)
            time.sleep(apart)

    threading.Thread(target=send, daemon=True).start()


def test_a_sweep_that_meets_no_fault_ends_with_zero(scene):
    assert scene.supervisor("a:done", "b:noise", "c:done").run() == 0
    assert scene.words("began") == scene.words("done") == ["a", "b", "c"]
    assert [event["event"] for event in scene.shown] == [
        "plan", *["group", "tick", "done"] * 3, "end"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        (
            "kill",
            "the worker was ended by signal SIGKILL; the machine may have run out of memory",
        ),
        ("abort", "the worker was ended by signal SIGABRT"),
        ("exit", "the worker ended with exit code 7"),
    ],
)
def test_a_poison_group_fails_after_two_tries_and_the_others_complete(scene, deed, error):
    assert scene.supervisor("a:done", f"b:{deed}", "c:done").run() == 1
    assert scene.words("began") == ["a", "b", "b", "c"]
    assert scene.words("done") == ["a", "c"]
    assert scene.failures() == {"b": [(1, error), (2, error)]}
    assert [(event["group_id"], event["attempt"]) for event in scene.died()] == [("b", 1), ("b", 2)]


def test_a_group_that_fails_in_words_is_not_tried_again_after_a_death(scene):
    assert scene.supervisor("a:failed", "b:kill", "c:done").run() == 1
    assert scene.words("began") == ["a", "b", "b", "c"]


def test_a_worker_that_has_no_room_for_results_is_not_started_again(scene):
    assert scene.supervisor("a:done", "b:full", "c:done").run() == 1
    assert scene.words("began") == ["a", "b"]
    assert scene.died() == []
    assert scene.failures() == {}


def test_a_silent_worker_is_stopped_and_its_group_tried_again(scene):
    started = time.monotonic()
    assert scene.supervisor("a:silent", "b:done", silence_seconds=0.8).run() == 1
    assert time.monotonic() - started < 20
    error = "the worker fell silent for 0.8 s and was stopped"
    assert scene.failures() == {"a": [(1, error), (2, error)]}
    assert scene.words("done") == ["b"]


def test_a_worker_that_is_long_at_its_work_and_beats_is_left_alone(scene):
    assert scene.supervisor("a:busy", silence_seconds=1.0).run() == 0
    assert {"event": "beat"} in scene.shown


def test_a_worker_that_beats_and_makes_no_progress_is_stopped(scene):
    started = time.monotonic()
    assert scene.supervisor("a:hang", "b:done").run() == 1
    assert time.monotonic() - started < 20
    error = "the worker made no progress for 0.5 s and was stopped"
    assert scene.failures() == {"a": [(1, error), (2, error)]}
    assert scene.words("done") == ["b"]


def test_a_worker_that_dies_before_any_group_is_tried_twice(scene):
    assert scene.supervisor("idle:exit").run() == 1
    assert [event["group_id"] for event in scene.died()] == [None, None]
    assert scene.failures() == {}


def test_one_early_death_is_forgiven(scene):
    scene.log.write_text("")
    supervisor = scene.supervisor("a:done")
    supervisor.command = [
        "sh", "-c", '[ -e "$0.ran" ] || { touch "$0.ran"; exit 3; }; exec "$@"', str(scene.log),
        *supervisor.command,
    ]  # fmt: skip
    assert supervisor.run() == 0
    assert scene.words("done") == ["a"]


def test_an_early_death_is_forgiven_where_nothing_was_left_to_do(scene):
    supervisor = scene.supervisor()
    supervisor.command = [
        "sh", "-c", '[ -e "$0.ran" ] || { touch "$0.ran"; exit 3; }; exec "$@"', str(scene.log),
        *supervisor.command,
    ]  # fmt: skip
    assert supervisor.run() == 0


def test_interrupt_lets_the_group_in_flight_end(scene, monkeypatch):
    monkeypatch.setenv("STUB_DRAINS", "1")
    signals(signal.SIGINT)
    assert scene.supervisor("a:slow", "b:slow").run() == 130
    assert scene.words("done") == scene.words("began") == ["a"]
    assert scene.failures() == {}
    assert {"event": "draining", "seconds": None} in scene.shown


def test_a_second_interrupt_ends_the_worker_at_once(scene):
    signals(signal.SIGINT, signal.SIGINT)
    started = time.monotonic()
    assert scene.supervisor("a:silent").run() == 130
    assert time.monotonic() - started < 5
    assert scene.failures() == {}
    with pytest.raises(ProcessLookupError):
        os.kill(scene.pids()[0], 0)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_termination_gives_the_worker_its_grace(scene, number, code):
    signals(number)
    started = time.monotonic()
    assert scene.supervisor("a:silent", grace_seconds=0.5).run() == code
    assert 0.5 < time.monotonic() - started < 8
    assert {"event": "draining", "seconds": 0.5} in scene.shown
    assert scene.failures() == {}


def test_handlers_of_signals_are_put_back(scene):
    before = signal.getsignal(signal.SIGINT)
    scene.supervisor("a:done").run()
    assert signal.getsignal(signal.SIGINT) is before


def test_the_time_left_is_that_of_training_and_of_programs_to_compile(scene):
    stream = io.StringIO()
    supervisor = scene.supervisor("a:slow", "b:done", "c:done")
    supervisor.show = Display(scene.results, Console(file=stream, soft_wrap=True))
    assert supervisor.run() == 0
    # Half a second of training and a program of four each; not the second before the first.
    left = [4.5 * groups for groups in (2, 1)]
    assert stream.getvalue().splitlines() == [
        "3 runs to do in 3 groups",
        f"[1/3] mlp relu depth 3: 1 completed, about {left[0]:.0f} s left",
        f"[2/3] mlp relu depth 3: 1 completed, about {left[1]:.0f} s left",
        "[3/3] mlp relu depth 3: 1 completed",
    ]


def test_the_worker_is_told_what_the_driver_was_told():
    command = worker_command("depth", Path("out"), ["steps=3", "width=8"], 2)
    assert command[1:] == [
        "-m", "initlab", "work", "--results=out", "--supervised", "--set=steps=3", "--set=width=8",
        "--seeds=2", "depth",
    ]  # fmt: skip
