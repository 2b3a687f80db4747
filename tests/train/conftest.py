"""Small runs for the training tests, trained without a store."""

import numpy as np
import pytest

from initlab.spec.measure import Measure
from initlab.spec.plan import Group
from initlab.spec.schema import RunSpec
from initlab.train.group import GroupTrainer
from initlab.worker import make_laws

BASE = RunSpec(
    depth=4,
    width=8,
    activation="tanh",
    initializer="lecun_normal",
    batch_size=16,
    steps=6,
    learning_rate=0.1,
    measure=Measure(steps="every", spectral_steps=2),
)


def variant(**fields):
    """Returns the base run with some fields changed, validated anew."""
    return RunSpec.model_validate(
        {name: getattr(BASE, name) for name in RunSpec.model_fields} | fields
    )


def of_run(columns, run):
    """Returns the columns of a table that belong to one run."""
    mine = np.asarray(columns["run_id"]) == run.run_id
    return {name: np.ma.getdata(values)[mine] for name, values in columns.items()}


@pytest.fixture(scope="session")
def trainer():
    return GroupTrainer(make_laws(None))


@pytest.fixture(scope="session")
def train(trainer):
    """Returns a function from runs of one signature to their group's result."""
    return lambda *runs: trainer(Group(tuple(runs)), lambda steps: None)
