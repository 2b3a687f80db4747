"""A worker: which groups it takes, when it stops, and how long it says that it may take."""

import shutil
import tomllib
from types import SimpleNamespace

import pytest

from initlab import worker
from initlab.errors import UnwritableError
from initlab.spec.patience import COMPILE_LIMIT_SECONDS, limit_seconds
from initlab.spec.plan import make_plan
from initlab.spec.sweep import parse_sweep
from initlab.store.claims import claim
from initlab.store.failures import read_failures
from initlab.store.folder import Inventory, open_results
from initlab.store.query import load_results

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
        failed = worker.work(demo(), results, events.append, worker.Orders(**orders))
        return failed, events, read_failures(results)

    work.results = results
    return work


def demo():
    return parse_sweep(tomllib.loads(TOML), name="demo", source="demo")


def refuse_to_publish(monkeypatch):
    def fail(*args):
        raise ValueError("no")

    monkeypatch.setattr(worker, "_publish", fail)


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
    refuse_to_publish(monkeypatch)
    failed, events, _ = shown()
    assert failed == 3
    assert "stopped" not in [event["event"] for event in events]


@pytest.mark.parametrize("checked", [False, True])
def test_sums_are_checked_at_the_start_unless_the_driver_did(shown, monkeypatch, checked):
    places = []
    monkeypatch.setattr(worker, "set_aside_damage", places.append)
    shown(max_groups=0, checked=checked)
    assert len(places) == (not checked)


def test_each_piece_of_work_has_its_limit(shown, monkeypatch):
    refuse_to_publish(monkeypatch)
    monkeypatch.setattr(worker.GroupTrainer, "__call__", lambda self, group, tick: tick(2))
    limits = []
    _, events, _ = shown(expect=limits.append)
    assert limits == [COMPILE_LIMIT_SECONDS, limit_seconds(demo().runs[0])] * 3
    assert [event["event"] for event in events].count("tick") == 3


def began(events):
    return [event["group_id"] for event in events if event["event"] == "group"]


def test_a_group_that_another_worker_holds_is_left_to_it(shown, monkeypatch):
    refuse_to_publish(monkeypatch)
    first, second, third = [group.group_id for group in make_plan(demo().runs).groups]
    with claim(shown.results, second):
        assert began(shown()[1]) == [first, third]
    assert began(shown()[1]) == [first, second, third]


def test_a_group_that_was_committed_since_the_plan_is_not_run_again(shown, monkeypatch):
    refuse_to_publish(monkeypatch)
    runs = {run.run_id: "elsewhere" for run in demo().runs[1:]}
    found = iter([{}])  # what the plan is made from; then, what is found with the claim in hand

    def committed(results):
        return Inventory(next(found, runs), {}, {})

    monkeypatch.setattr(worker, "committed_runs", committed)
    assert began(shown()[1]) == [make_plan(demo().runs).groups[0].group_id]


def test_a_claim_is_held_while_its_group_runs(shown, monkeypatch):
    refuse_to_publish(monkeypatch)
    held = []

    def train(self, group, tick):
        held.append(claim(shown.results, group.group_id) is None)

    monkeypatch.setattr(worker.GroupTrainer, "__call__", train)
    shown()
    assert held == [True] * 3
    for group in make_plan(demo().runs).groups:
        with claim(shown.results, group.group_id) as free:
            assert free is not None


def test_the_passes_that_a_scheme_took_are_stored(tmp_path):
    results = open_results(tmp_path / "results", experiment="demo", create=True).path
    text = TOML.partition("[axes]")[0] + '[axes]\nscheme = ["none", "lsuv"]\n'
    sweep = parse_sweep(tomllib.loads(text), name="demo", source="demo")
    assert worker.work(sweep, results, lambda event: None) == 0
    runs = load_results(results).runs.set_index("run_id").loc[[run.run_id for run in sweep.runs]]
    assert runs["scheme_passes"].isna().tolist() == [True, False]
    assert runs["scheme_passes"].iloc[1] == 2
    assert runs["scheme"].isna().tolist() == [True, False]
    assert runs["scheme"].iloc[1] == "lsuv"
