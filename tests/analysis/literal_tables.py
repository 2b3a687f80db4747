"""Small literal tables in the store's columns, to compute with by hand."""

import itertools

import numpy as np
import pandas as pd

from initlab.store.schema import LAYERS, STEPS


def runs_table(*runs, steps=10, depth=4):
    """One row for each dict; what it lacks is usual, and each without a seed is another seed."""
    usual = {
        "model": "mlp",
        "scale": "small",
        "dataset": "digits",
        "activation": "relu",
        "depth": depth,
        "initializer": "he_normal",
        "readout_initializer": None,
        "bias_initializer": "zeros",
        "inputs": "standardized",
        "learning_rate": 0.1,
        "steps": steps,
        "status": "completed",
        "diverged_at_step": None,
    }
    rows = [
        usual | {"seed": number, "run_id": f"run-{number}"} | run for number, run in enumerate(runs)
    ]
    frame = pd.DataFrame(rows)
    frame["readout_initializer"] = frame["readout_initializer"].fillna(frame["initializer"])
    return frame.astype({"diverged_at_step": "Int32"})


def layers_table(values, *, statistic="preactivation_second_moment", step=0, **more):
    """`values`: run_id to one number a layer; `more`: further statistics of the same form."""
    rows = []
    for run_id, numbers in values.items():
        for place, number in enumerate(numbers):
            row = {"run_id": run_id, "step": step, "layer": place + 1, "site": place}
            row |= {statistic: number}
            rows.append(row | {name: of[run_id][place] for name, of in more.items()})
    frame = pd.DataFrame(rows)
    for name in LAYERS.names:
        if name not in frame:
            frame[name] = np.nan
    return frame


def steps_table(values, *, statistic="train_accuracy"):
    """`values`: run_id to {step: number}."""
    pairs = itertools.chain.from_iterable(
        ((run_id, step, number) for step, number in numbers.items())
        for run_id, numbers in values.items()
    )
    frame = pd.DataFrame(pairs, columns=["run_id", "step", statistic])
    for name in STEPS.names:
        if name not in frame:
            frame[name] = np.nan
    return frame
