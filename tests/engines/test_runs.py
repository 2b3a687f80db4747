"""A tiny sweep through the whole of `initlab run`: undisturbed, killed, stopped, gone on with."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from initlab.spec.cost import SPECTRAL_VALUES_PER_SITE, VALUES_PER_SITE
from initlab.spec.load import load_sweep
from initlab.spec.measure import Measure
from initlab.spec.plan import make_plan
from initlab.spec.schedule import make_schedule
from initlab.store.failures import read_failures
from initlab.store.query import load_results
from initlab.store.schema import STATISTICS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
TOML = """question = "Does it survive?"
seeds = 2
[base]
depth = 2
width = 8
batch_size = 16
steps = {steps}
[axes]
activation = ["relu", "tanh", "sigmoid"]
initializer = ["he_normal", "zeros"]
"""
PARTS = """
import jax.numpy as jnp

open("was_run", "a").close()


def stripes(height):
    def init(key, shape, dtype=jnp.float32):
        return jnp.broadcast_to(height * (jnp.arange(shape[-1]) % 2), shape).astype(dtype)

    return init


INITIALIZERS = {"stripes": stripes}
ACTIVATIONS = {"bent": lambda x: jnp.where(x > 0, x, 0.5 * x)}
"""


class Lab:
    """An experiment in a folder of its own."""

    def __init__(self, folder, steps=1, toml=TOML):
        self.folder, self.results = folder, folder / "results"
        (folder / "demo").mkdir()
        (folder / "demo" / "sweep.toml").write_text(toml.replace("{steps}", str(steps)))

    def start(self, *words):
        return subprocess.Popen(
            [sys.executable, "-m", "initlab", "run", "demo", "--results", "results", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words):
        with self.start(*words) as driver:
            out, errors = driver.communicate(timeout=250)
        return driver.returncode, out, errors

    def events(self):
        try:
            lines = (self.results / "events.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines]

    def wait_for(self, event, driver, number=1):
        """Waits until the driver has logged so many events of a kind."""
        deadline = time.monotonic() + 200
        while sum(one["event"] == event for one in self.events()) < number:
            assert time.monotonic() < deadline, self.events()
            assert driver.poll() is None, driver.communicate()
            time.sleep(0.02)

    def workers(self):
        """Returns the ids of the processes that work on this folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().split(b"\0")
                if b"work" in command and os.readlink(process / "cwd") == str(self.folder):
                    found.append(int(process.name))
            except OSError:
                continue
        return found

    def shards(self):
        """Returns the bytes of what was measured."""
        return {
            f"{path.parent.name}/{path.name}": path.read_bytes()
            for name in ("steps", "layers")
            for path in self.results.glob(f"groups/*/{name}.parquet")
        }

    def times(self):
        """Returns when each file of the results was written, those of locks left out."""
        paths = [path for path in self.results.rglob("*") if "locks" not in path.parts]
        return {path: path.stat().st_mtime_ns for path in paths}


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
    assert out == f"demo: {2 * len(kept)} of 12 runs done (results)\n"
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


def test_the_authors_own_laws_run(tmp_path):
    lab = Lab(
        tmp_path,
        toml="""question = "Does mine work?"
    seeds = 1
    [base]
    depth = 2
    width = 8
    steps = 1
    activation = "bent"
    initializer = { name = "stripes", height = 0.5 }
    readout_initializer = "zeros"
    [measure]
    keep = ["first_kernel"]
    """,
    )
    (tmp_path / "demo" / "parts.py").write_text(PARTS)
    code, out, errors = lab.run()
    assert (code, out) == (0, "demo: 1 of 1 run done (results)\n"), errors
    assert (tmp_path / "was_run").exists()
    (row,) = load_results(lab.results).runs.to_dict("records")
    assert (row["activation"], row["initializer"]) == ("bent", "stripes(height=0.5)")
    layers = load_results(lab.results).layers.query("step == 0 and layer == 1")
    assert layers["kernel_max"].tolist() == [0.5]
    assert layers["kernel_min"].tolist() == [0.0]


def test_a_mistake_of_the_author_is_told_and_nothing_is_written(tmp_path):
    lab = Lab(tmp_path, toml=TOML.replace("[axes]", 'readout_initializer = "broken"\n[axes]'))
    (tmp_path / "demo" / "parts.py").write_text(
        'def broken():\n    raise KeyError("not today")\n\n\nINITIALIZERS = {"broken": broken}\n'
    )
    told = "initlab: demo/parts.py, line 2: `broken` raised KeyError: 'not today'\n"
    assert lab.run() == (2, "", told)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_group_that_fails_in_words_is_told(tmp_path):
    lab = Lab(
        tmp_path,
        toml="""question = "Is a fault told?"
    seeds = 1
    [base]
    depth = 2
    width = 8
    steps = 1
    initializer = "rare"
    """,
    )
    # The driver tries it and is content; the worker has an environment of its own.
    (tmp_path / "demo" / "parts.py").write_text(
        "import os\nimport jax.numpy as jnp\n\n\ndef rare():\n"
        '    if "OPENBLAS_NUM_THREADS" in os.environ:\n        raise KeyError("not today")\n'
        "    return lambda key, shape, dtype: jnp.zeros(shape, dtype)\n\n\n"
        'INITIALIZERS = {"rare": rare}\n'
    )
    code, out, errors = lab.run()
    assert code == 1
    assert out == (
        "demo: 0 of 1 run done (results)\n"
        "some groups failed; initlab status demo --results results tells why\n"
    )
    assert "failed: KeyError: 'not today'" in errors
    (attempts,) = read_failures(lab.results).values()
    assert [one.error for one in attempts] == ["KeyError: 'not today'"]


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
