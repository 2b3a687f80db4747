"""A run's bits depend on nothing but itself: not on neighbours, order, devices, or their end."""

import os
import subprocess
import sys

import numpy as np
import pytest

from initlab.spec import memory
from initlab.spec.plan import Group
from initlab.train.group import GroupTrainer
from initlab.worker import make_laws
from tests.train.conftest import of_run, variant


def same_bits(one, other):
    assert one.keys() == other.keys()
    for name in one:
        assert np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f"), name


@pytest.fixture(scope="module")
def train(optimized):
    """Trains groups by programs of its own, compiled as users have them."""
    trainer = GroupTrainer(make_laws(None))
    return lambda *runs: trainer(Group(tuple(runs)), lambda steps: None)


@pytest.fixture(scope="module")
def runs():
    mixed = [
        variant(seed=seed, initializer=law)
        for seed in range(3)
        for law in ("he_normal", "orthogonal")
    ]
    small = variant(
        seed=9, initializer={"name": "normal", "stddev": 0.01}, learning_rate=0.5, momentum=0.5
    )
    return [*mixed, small]


def test_bits_do_not_depend_on_neighbours_or_their_order(train, runs):
    together = train(*runs)
    for run, alone in ((run, train(run)) for run in (runs[0], runs[3], runs[-1])):
        same_bits(of_run(together.layers, run), of_run(alone.layers, run))
        same_bits(of_run(together.steps, run), of_run(alone.steps, run))
    backwards = train(*reversed(runs))
    for run in runs:
        same_bits(of_run(together.layers, run), of_run(backwards.layers, run))


def test_more_runs_than_slots_change_nothing(train, runs):
    many = [variant(seed=seed) for seed in range(19)]
    crowd, alone = train(*many), train(many[17])
    same_bits(of_run(crowd.layers, many[17]), of_run(alone.layers, many[17]))


def test_fewer_slots_and_draws_at_once_change_nothing(train, runs, monkeypatch):
    together = train(*runs)
    monkeypatch.setattr(memory, "RUNS_BUDGET", 2 * memory.state_bytes(runs[0]))
    monkeypatch.setattr(memory, "DRAWS_BUDGET", 3 * 4 * 64 * 8)
    trainer = GroupTrainer(make_laws(None))
    group = Group(tuple(runs))
    assert trainer._program(group).slots == 2 * trainer.mesh.size
    apart = trainer(group, lambda steps: None)
    for run in runs:
        same_bits(of_run(together.layers, run), of_run(apart.layers, run))
        same_bits(of_run(together.steps, run), of_run(apart.steps, run))


def test_a_diverging_neighbour_changes_nothing(train, runs):
    wild = variant(seed=1, initializer={"name": "constant", "value": 3e38})
    together = train(runs[0], wild, runs[3])
    assert [outcome.status for outcome in together.outcomes] == [
        "completed",
        "diverged",
        "completed",
    ]
    for run in (runs[0], runs[3]):
        same_bits(of_run(together.layers, run), of_run(train(run).layers, run))


PROGRAM = """
import sys
import jax
jax.config.update("jax_num_cpu_devices", int(sys.argv[1]))
from initlab.spec.plan import Group
from initlab.train.group import GroupTrainer
from initlab.worker import make_laws
from tests.train.conftest import variant
runs = tuple(variant(seed=seed) for seed in range(3))
result = GroupTrainer(make_laws(None))(Group(runs), lambda steps: None)
import hashlib, numpy as np
digest = hashlib.sha256()
for table in (result.steps, result.layers):
    for name in sorted(table):
        digest.update(np.ascontiguousarray(np.ma.filled(table[name], 0)).tobytes())
print(jax.device_count(), digest.hexdigest())
"""


@pytest.mark.slow
def test_bits_do_not_depend_on_the_number_of_devices():
    outputs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, devices],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"JAX_DISABLE_MOST_OPTIMIZATIONS": "0"},
        ).stdout.split()
        for devices in ("1", "2", "3")
    ]
    assert [output[0] for output in outputs] == ["1", "2", "3"]
    assert len({output[1] for output in outputs}) == 1
