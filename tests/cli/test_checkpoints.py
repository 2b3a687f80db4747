"""Checkpoints that cannot be had: told before anything is written, and no hindrance to reading."""

import json

import numpy as np
import pytest

from initlab.store.checkpoints import encode_checkpoint
from initlab.store.folder import open_results

from .terminal import files, initlab

TOML = """question = "Does it help?"
seeds = 1
[base]
depth = 2
width = 8
initializer = { name = "pretrained", checkpoint = "source" }
"""
LOST = "checkpoint 'source': neither results/source nor source exists. Run the sweep that makes it."


@pytest.fixture
def there(here):
    (here / "experiments" / "demo" / "sweep.toml").write_text(TOML)
    return here


@pytest.mark.parametrize("command", ["run", "work"])
def test_a_missing_checkpoint_is_told_before_anything_is_written(there, command):
    before = files(there)
    assert initlab(command, "demo", folder=there) == (2, "", f"initlab: {LOST}\n")
    assert files(there) == before


@pytest.mark.parametrize("command", ["run", "work"])
def test_a_checkpoint_of_another_model_is_refused_with_all_that_does_not_fit(there, command):
    shapes = {"first/kernel": (64, 9), "first/bias": (9,), "readout/kernel": (9, 10)}
    arrays = {name: np.ones(shape, np.float32) for name, shape in shapes.items()}
    (there / "source").write_bytes(encode_checkpoint(arrays))
    before = files(there)
    code, out, errors = initlab(command, "demo", folder=there)
    assert (code, out) == (2, "")
    assert errors.splitlines() == [
        "initlab: checkpoint source: first/kernel has shape (64, 9), and the model needs (64, 8).",
        "checkpoint source: first/bias has shape (9,), and the model needs (8,).",
        "checkpoint source: readout/kernel has shape (9, 10), and the model needs (8, 10).",
        "checkpoint source: lacks readout/bias of shape (10,).",
    ]
    assert files(there) == before


@pytest.mark.parametrize("command", ["work", "plan"])
def test_a_missing_checkpoint_is_told_with_the_command_that_makes_it(there, command):
    folder = there / "experiments" / "demo"
    (folder / "sweep.toml").write_text(TOML.replace('"source"', '"demo_source"'))
    (folder / "source.toml").write_text('question = "What is there to learn?"\n')
    _, out, errors = initlab(command, "demo", "--seeds", "3", folder=there)
    assert (
        "`initlab run experiments/demo/source.toml --results results/demo_source --seeds 3` makes "
        "them." in out + errors
    )


def test_plan_and_status_go_on_and_tell_it(there):
    code, out, _ = initlab("plan", "demo", folder=there)
    assert code == 0
    assert f"  {LOST}\n" in out
    code, out, _ = initlab("plan", "demo", "--json", folder=there)
    assert (code, json.loads(out)["runs"]) == (0, 1)
    open_results(there / "results" / "demo", experiment="demo", create=True)
    code, out, _ = initlab("status", "demo", folder=there)
    assert code == 0
    assert f"  {LOST}\n" in out
