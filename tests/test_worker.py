"""A worker whose results folder takes no more groups."""

import shutil
import tomllib
from types import SimpleNamespace

import pytest

from initlab import worker
from initlab.errors import UnwritableError
from initlab.spec.sweep import parse_sweep
from initlab.store.failures import read_failures
from initlab.store.folder import open_results

TOML = """question = "Is there room?"
seeds = 1
[base]
depth = 2
width = 8
steps = 1
[axes]
activation = ["relu", "tanh", "sigmoid"]
"""


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """Works on three groups whose training is left out; gives what was emitted."""
    monkeypatch.setattr(worker.GroupTrainer, "prepare", lambda self, group: None)
    monkeypatch.setattr(worker.GroupTrainer, "__call__", lambda self, group, tick: None)
    results = open_results(tmp_path / "results", experiment="demo", create=True).path

    def work(**orders):
        events = []
        sweep = parse_sweep(tomllib.loads(TOML), name="demo", source="demo")
        failed = worker.work(sweep, results, events.append, worker.Orders(**orders))
        return failed, events, read_failures(results)

    return work


def test_a_group_that_cannot_be_written_is_the_last_that_is_tried(shown, monkeypatch):
    def refuse(*args):
        raise UnwritableError("No space left on device")

    monkeypatch.setattr(worker, "_publish", refuse)
    failed, events, failures = shown()
    assert [event["event"] for event in events] == ["plan", "group", "stopped"]
    assert events[-1]["error"] == "No space left on device"
    assert failed == 1
    assert [attempts[0].error for attempts in failures.values()] == [
        "UnwritableError: No space left on device"
    ]


def test_no_group_is_started_where_twice_its_size_does_not_fit(shown, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=20_000))
    failed, events, failures = shown()
    assert [event["event"] for event in events] == ["plan", "stopped"]
    assert "has 0.0 MB left on its disk, and the next group may take 0.1 MB" in events[-1]["error"]
    assert (failed, failures) == (1, {})


def test_another_failure_stops_no_other_group(shown, monkeypatch):
    def fail(*args):
        raise ValueError("no")

    monkeypatch.setattr(worker, "_publish", fail)
    failed, events, _ = shown()
    assert failed == 3
    assert "stopped" not in [event["event"] for event in events]


@pytest.mark.parametrize("checked", [False, True])
def test_sums_are_checked_at_the_start_unless_the_driver_did(shown, monkeypatch, checked):
    places = []
    monkeypatch.setattr(worker, "set_aside_damage", places.append)
    shown(max_groups=0, checked=checked)
    assert len(places) == (not checked)
