"""A tiny sweep through the whole of `initlab run`: undisturbed, killed, stopped, gone on with."""

import json
import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from initlab.spec.cost import SPECTRAL_VALUES_PER_SITE, VALUES_PER_SITE, available_cores
from initlab.spec.load import load_sweep
from initlab.spec.measure import Measure
from initlab.spec.plan import make_plan
from initlab.spec.schedule import make_schedule
from initlab.store.failures import read_failures
from initlab.store.query import load_results
from initlab.store.schema import STATISTICS

from .lab import ROOT, Lab

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("undisturbed"), steps=30)
    code, out, errors = lab.run()
    assert (code, out) == (0, "demo: 12 of 12 runs done (results)\n"), errors
    assert len(lab.shards()) == 6
    return lab


def test_a_finished_sweep_says_so_and_does_nothing(undisturbed):
    before = undisturbed.times()
    code, out, errors = undisturbed.run()
    assert (code, errors) == (0, "")
    assert out == "demo: 12 of 12 runs done, nothing to do (results)\n"
    assert undisturbed.times() == before


def test_a_plan_foresees_the_values_and_the_bytes(undisturbed):
    runs = load_sweep(str(undisturbed.folder / "demo")).runs
    found = [path.stat().st_size for path in undisturbed.results.glob("groups/*/*")]
    assert 1 / 1.5 < make_plan(runs).bytes / sum(found) < 1.5
    layers = load_results(undisturbed.results).layers
    values = layers[[*STATISTICS]].notna().sum(axis=1)
    hidden = values[layers["layer"] == 1].groupby(layers["step"]).max()
    spectral = make_schedule(Measure(), 30).spectral
    costly = {step: SPECTRAL_VALUES_PER_SITE["all"] for step in spectral}
    assert {step: VALUES_PER_SITE["all"] + costly.get(step, 0) for step in hidden.index} == dict(
        hidden
    )


def test_a_plan_foresees_the_peak_of_memory(undisturbed):
    runs = load_sweep(str(undisturbed.folder / "demo")).runs
    paths = undisturbed.results.glob("groups/*/timings.json")
    found = max(json.loads(path.read_text())["peak_memory_bytes"] for path in paths)
    assert 1 / 1.6 < make_plan(runs).peak_memory_bytes(available_cores()) / found < 1.6


def test_a_killed_driver_leaves_no_process_and_its_sweep_goes_on(undisturbed, tmp_path):
    lab = Lab(tmp_path, steps=30)
    with lab.start() as driver:
        lab.wait_for("group", driver, 2)
        assert lab.workers()
        driver.kill()
        killed = time.monotonic()
        while lab.workers():
            assert time.monotonic() - killed < 2
            time.sleep(0.05)
    assert 0 < len(lab.shards()) < 6
    assert lab.run()[:2] == (0, "demo: 12 of 12 runs done (results)\n")
    assert lab.shards() == undisturbed.shards()


def test_a_killed_worker_costs_its_group_one_try(undisturbed, tmp_path):
    lab = Lab(tmp_path, steps=30)
    with lab.start() as driver:
        lab.wait_for("group", driver, 2)
        (worker,) = lab.workers()
        os.kill(worker, signal.SIGKILL)
        out, errors = driver.communicate(timeout=250)
    assert (driver.returncode, out) == (0, "demo: 12 of 12 runs done (results)\n"), errors
    (died,) = [event for event in lab.events() if event["event"] == "died"]
    assert died["attempt"] == 1
    assert "signal SIGKILL" in died["error"]
    assert read_failures(lab.results) == {}, "a group that succeeds forgets its failed attempt"
    assert lab.shards() == undisturbed.shards()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_sweep_keeps_what_is_done_and_goes_on(undisturbed, tmp_path, number, code):
    lab = Lab(tmp_path, steps=30)
    with lab.start() as driver:
        lab.wait_for("group", driver, 2)
        driver.send_signal(number)
        out, _ = driver.communicate(timeout=60)
    assert driver.returncode == code
    assert not lab.workers()
    kept = lab.shards()
    assert 2 <= len(kept) < 6
    assert out == (
        f"demo: {2 * len(kept)} of 12 runs done (results)\n"
        "stopped; the same command goes on from there\n"
    )
    assert lab.run()[0] == 0
    assert lab.shards() == undisturbed.shards()


def test_a_disk_that_takes_small_files_alone_stops_the_sweep_after_one_group(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # its files are cut short too
    lab = Lab(tmp_path)
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    with lab.start() as driver:
        resource.prlimit(driver.pid, resource.RLIMIT_FSIZE, (8192, limit))
        out, errors = driver.communicate(timeout=250)
    assert driver.returncode == 1
    assert out.startswith("demo: 0 of 12 runs done (results)\n")
    assert errors.count("File too large. Nothing of it is visible") == 1
    assert len(read_failures(lab.results)) == 1
    assert lab.run()[:2] == (0, "demo: 12 of 12 runs done (results)\n")


def test_a_supervised_worker_beats(tmp_path):
    lab = Lab(tmp_path)
    quick = "from initlab.engines import child; child.BEAT_SECONDS = 0.05"
    code = f"{quick}; from initlab.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "work", "demo", "--results", "results", "--supervised"],
        cwd=lab.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,  # at its end the worker begins no group
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert "beat" in events
    assert [event for event in events if event != "beat"] == ["plan", "end"]


def test_a_worker_alone_does_the_groups_it_is_told_to(undisturbed, tmp_path):
    lab = Lab(tmp_path, steps=30)
    command = [sys.executable, "-m", "initlab", "work", "demo", "--results", "results"]
    done = subprocess.run(
        [*command, "--max-groups", "1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [event for event in events if event != "tick"] == ["plan", "group", "done", "end"]
    assert len(lab.shards()) == 2
    assert lab.shards().items() <= undisturbed.shards().items()
