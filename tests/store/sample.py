"""A small group, made alike in every process; `python sample.py RESULTS [GROUP]` publishes it."""

import sys
from pathlib import Path

import numpy as np

from initlab.store.publish import publish_group
from initlab.store.schema import LAYERS, STATISTICS, STEPS, build_table, runs_table

NUM_STEPS, NUM_LAYERS = 3, 2


def sample_tables(group_id="group-a", run_ids=("run-1", "run-2"), seed=0, **fields):
    rng = np.random.default_rng(seed)
    runs = [
        {
            "run_id": run_id,
            "trial_id": "trial-1",
            "group_id": group_id,
            "status": "completed",
            "depth": NUM_LAYERS,
            "learning_rate": 0.1,
            "initializer": "he_normal",
            **fields,
        }
        for run_id in run_ids
    ]
    num_rows = len(run_ids) * NUM_STEPS
    steps = {
        "run_id": np.repeat(run_ids, NUM_STEPS),
        "step": np.tile(np.arange(NUM_STEPS), len(run_ids)),
        "train_loss": rng.normal(size=num_rows),
    }
    layers = {
        "run_id": np.repeat(steps["run_id"], NUM_LAYERS),
        "step": np.repeat(steps["step"], NUM_LAYERS),
        "layer": np.tile(np.arange(1, NUM_LAYERS + 1), num_rows),
        "site": np.tile(np.arange(NUM_LAYERS), num_rows),
        "layer_name": np.tile([f"dense_{i}" for i in range(NUM_LAYERS)], num_rows),
        **{name: rng.normal(size=num_rows * NUM_LAYERS) for name in STATISTICS},
    }
    return {
        "runs": runs_table(runs),
        "steps": build_table(STEPS, steps),
        "layers": build_table(LAYERS, layers),
    }


def publish_sample(results, group_id="group-a", run_ids=("run-1", "run-2"), **fields):
    return publish_group(
        Path(results),
        group_id,
        tables=sample_tables(group_id, run_ids, **fields),
        arrays={f"first_kernel/{run_ids[0]}": np.arange(6.0).reshape(2, 3)},
        provenance={"version": "0.1.0"},
        timings={"train_seconds": 1.5},
    )


if __name__ == "__main__":
    publish_sample(*sys.argv[1:])
