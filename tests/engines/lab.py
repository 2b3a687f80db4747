"""An experiment in a folder of its own, and `initlab run` on it as a process."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

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
