"""Results folders made by hand, alike in every process."""

from pathlib import Path

import numpy as np

from initlab.report.census import Census
from initlab.spec.schema import RunSpec
from initlab.store.folder import open_results
from initlab.store.publish import publish_group
from initlab.store.query import load_results
from initlab.store.schema import LAYERS, STATISTICS, STEPS, build_table, runs_table

# What a methods paragraph needs, and the tables below do without.
_NAMES = ("model", "width", "dataset", "batch_size", "optimizer", "learning_rate", "loss", "dtype")
RECORDED = {name: RunSpec(width=8).row()[name] for name in _NAMES}
CENSUS = Census(
    planned=None, completed=0, diverged=0, failed=0, missing=None, trials=0,
    seeds=(0, 0), failures=(),
)  # fmt: skip
SPEC = 'question = "Does it hold?"\nseeds = 2\n'


def make_results(path: Path, *, depths=(3, 4), seeds=2, **fields) -> Path:
    """Publishes a group a depth: a trial with so many seeds each."""
    open_results(path, experiment="demo", create=True)
    for depth in depths:
        publish(path, depth=depth, seeds=seeds, **fields)
    return path


def publish(path: Path, *, depth=3, seeds=2, run_ids=None, **fields):
    """Publishes a group; a field is a value, or a function of the seed."""
    run_ids = run_ids or [f"run-{depth}-{seed}" for seed in range(seeds)]
    rows = [
        {
            "run_id": run_id,
            "trial_id": f"trial-{depth}",
            "group_id": f"group-{depth}",
            "status": "completed",
            "activation": "relu",
            "depth": depth,
            "initializer": "he_normal",
            "readout_initializer": "he_normal",
            "bias_initializer": "zeros",
            "inputs": "standardized",
            "steps": 1,
            "seed": seed,
            "jax_version": "0.12.0",
            "device": "cpu",
            **{name: value(seed) if callable(value) else value for name, value in fields.items()},
        }
        for seed, run_id in enumerate(run_ids)
    ]
    steps = {"run_id": np.repeat(run_ids, 2), "step": np.tile([0, 1], seeds)}
    for name in ("train_accuracy", "test_accuracy"):
        steps[name] = np.tile([0.1, 0.5 + depth / 100], seeds)
    layers = {
        "run_id": np.repeat(run_ids, depth),
        "step": np.zeros(depth * seeds, int),
        "layer": np.tile(np.arange(1, depth + 1), seeds),
        "site": np.tile(np.arange(depth), seeds),
        "layer_name": ["dense"] * (depth * seeds),
        **{name: np.linspace(0.5, 1.5, depth * seeds) for name in STATISTICS},
    }
    tables = {
        "runs": runs_table(rows),
        "steps": build_table(STEPS, steps),
        "layers": build_table(LAYERS, layers),
    }
    publish_group(path, f"group-{depth}", tables=tables, arrays={}, provenance={}, timings={})


def load_sample(path: Path):
    return load_results(path)
