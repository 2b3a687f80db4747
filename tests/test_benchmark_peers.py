"""The peers of the benchmarks: the same networks, in an environment of their own."""

import ast
import json
import math
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import table
from benchmarks.against_peers import PEERS, TARGETS
from benchmarks.arms import run_of_task
from benchmarks.plans import Block, Conv, Dense, Pool, Readout, plan_of
from benchmarks.workload import CONVNETS, MLPS, Task
from initlab.spec.architecture import rows_of
from initlab.spec.datasets import DATASETS

FOLDER = Path(table.__file__).parent


def rows_of_plan(task):
    """Kernel shape and places of each weight layer that a peer builds, and None for other taps."""
    *size, inputs = task.image_shape
    for layer in plan_of(task):
        match layer:
            case Conv():
                size = [side + 2 * layer.padding - layer.window + 1 for side in size]
                yield (layer.window, layer.window, inputs, layer.channels), math.prod(size)
                yield from [None] * layer.normalized
                inputs = layer.channels
            case Block():
                size = [-(-side // layer.stride) for side in size]
                for seen in (inputs, layer.channels):
                    yield (3, 3, seen, layer.channels), math.prod(size)
                    yield None
                yield None
                inputs = layer.channels
            case Pool():
                size = [] if layer.kind == "global" else [side // 2 for side in size]
            case Dense() | Readout():
                yield (math.prod(size) * inputs, layer.units), 1
                size, inputs = [], layer.units


@pytest.mark.parametrize("task", [*MLPS, *CONVNETS], ids=lambda task: task.name)
def test_a_peer_has_the_weights_and_the_taps_of_the_laboratory(task):
    run = run_of_task(task, steps=1)
    expected = [
        (row.kernel_shape, row.positions) if row.kernel_shape else None
        for row in rows_of(run)
        if row.is_site
    ]
    assert list(rows_of_plan(task)) == expected
    assert DATASETS[run.dataset].image_shape == task.image_shape
    assert task.training_images == pytest.approx(DATASETS[run.dataset].train, rel=0.05)


@pytest.mark.parametrize("task", [*MLPS, *CONVNETS], ids=lambda task: task.name)
def test_dropout_and_pooling_of_a_peer_are_those_of_the_laboratory(task):
    kinds = Counter(row.kind for row in rows_of(run_of_task(task, steps=1)))
    plan = plan_of(task)
    assert sum(isinstance(layer, Pool) for layer in plan) == kinds["pool"] - kinds["zero_channels"]
    dropped = [layer for layer in plan if isinstance(layer, Dense) and layer.dropped]
    assert len(dropped) == kinds["dropout"]
    rectified = sum(isinstance(layer, Conv | Dense) for layer in plan)
    blocks = sum(isinstance(layer, Block) for layer in plan)
    assert rectified + 2 * blocks == kinds["activation"]


def test_a_model_without_a_plan_is_refused():
    with pytest.raises(ValueError, match="`model` has no plan: 'nin'"):
        plan_of(Task("nin", 9, 24, 1))


def test_targets_are_of_tasks_and_what_was_measured_too():
    tasks = (*MLPS, *CONVNETS)
    assert set(TARGETS) <= {(task.model, task.width) for task in tasks}
    assert set(json.loads(PEERS.read_text())["tasks"]) <= {task.name for task in tasks}
    assert len({task.name for task in tasks}) == len(tasks)


def modules_imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_the_peers_reach_neither_initlab_nor_jax():
    waiting = [*sorted((FOLDER / "peers").glob("*.py")), FOLDER / "__init__.py"]
    assert len(waiting) > 3
    seen = set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for module in modules_imported(path):
            top = module.partition(".")[0]
            assert top in {*sys.stdlib_module_names, "benchmarks", "torch", "numpy"}, path
            if top == "benchmarks":
                inner = FOLDER.parent.joinpath(*module.split("."))
                found = inner / "__init__.py" if inner.is_dir() else inner.with_suffix(".py")
                waiting += {found} - seen


def parses_under_the_oldest_python(text):
    try:
        ast.parse(text, feature_version=(3, 10))
    except SyntaxError:
        return False
    return True


def test_the_peers_parse_under_their_oldest_python():
    names = ("__init__", "timing", "workload", "plans", "machine")
    shared = [FOLDER / f"{name}.py" for name in names]
    paths = [*shared, *(FOLDER / "peers").glob("*.py")]
    assert len(paths) > len(shared) + 3
    assert [path for path in paths if not parses_under_the_oldest_python(path.read_text())] == []
    assert not parses_under_the_oldest_python("type Name = str")
