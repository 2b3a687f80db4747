"""Offline runs of Weights & Biases, in a process of their own: wandb starts programs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from initlab.store.query import load_results

from .sample import publish

ROOT = Path(__file__).parents[2]
WRITE = """
import sys
from pathlib import Path
from initlab.exports import FORMATS
from initlab.exports.base import export
from initlab.store.query import load_results
to = "wandb-offline"
export(load_results(sys.argv[1]), to, FORMATS[to], Path(sys.argv[2]), None)
"""
HEADER, BLOCK = 7, 32_768  # of LevelDB's log, in which wandb keeps its records


def log_records(path):
    """Yields the bytes of each record of a log, whose parts are full, first, middle and last."""
    data, place, parts = path.read_bytes(), HEADER, b""
    while place + HEADER <= len(data):
        left = BLOCK - place % BLOCK
        if left < HEADER:
            place += left
            continue
        length, kind = int.from_bytes(data[place + 4 : place + 6], "little"), data[place + 6]
        parts += data[place + HEADER : place + HEADER + length]
        place += HEADER + length
        if kind in (1, 4):
            yield parts
            parts = b""


def python(code, *words, folder):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env=environment, cwd=folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def test_each_run_is_an_offline_run_with_its_config_and_history(tmp_path):
    pytest.importorskip("wandb")
    results = tmp_path / "results"
    publish(results, experiment="a/b: 5 %", note="\t<b>\u202e=1+1\x1b[31m", trial_id="one\ntrial")
    python(WRITE, results, tmp_path / "out", folder=tmp_path)
    paths = sorted((tmp_path / "out").glob("wandb/offline-run-*/run-*.wandb"))
    assert [path.name for path in paths] == ["run-run-1.wandb", "run-run-2.wandb"]
    from wandb.proto.wandb_internal_pb2 import Record

    found = [Record.FromString(data) for data in log_records(paths[0])]
    (run,) = [record.run for record in found if record.HasField("run")]
    assert (run.run_id, run.project, run.run_group) == ("run-1", "a-b- 5 -", "one trial")
    config = {item.key: json.loads(item.value_json) for item in run.config.update}
    assert config["initializer"] == "he_normal"
    assert config["note"] == "<b>=1+1", "as text, without what nobody sees"
    history = [
        {item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in row.item}
        for row in (record.history for record in found if record.HasField("history"))
    ]
    assert [row["_step"] for row in history] == [0, 1, 2]
    results = load_results(results)
    steps = results.steps[results.steps["run_id"] == "run-1"]
    assert [row["train_loss"] for row in history] == steps["train_loss"].tolist()
    own = results.layers[(results.layers["run_id"] == "run-1") & (results.layers["site"] == 1)]
    name = "preactivation_second_moment"
    assert [row[f"{name}/001 dense_1"] for row in history] == own[name].tolist()
