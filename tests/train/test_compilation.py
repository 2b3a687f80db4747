"""Initializers, scales, seeds and learning rates are values: they compile nothing."""

import jax
import numpy as np
import pytest

from initlab.spec.memory import MAX_DRAWS_PER_DEVICE
from initlab.spec.plan import Group, make_plan, signature
from initlab.train.devices import run_mesh
from initlab.train.group import GroupTrainer, Laws
from initlab.train.parameters import Sampler
from initlab.worker import make_laws
from tests.train.conftest import variant

LAWS = ["zeros", "he_normal", "orthogonal", {"name": "normal", "stddev": 0.01}]


@pytest.fixture
def count_programs(monkeypatch):
    """Counts what XLA is asked to compile, by name."""
    names = []
    compile_ = jax._src.compiler.compile_or_get_cached

    def counted(backend, computation, *args, **kwargs):
        names.append(str(computation.operation.attributes["sym_name"]))
        return compile_(backend, computation, *args, **kwargs)

    monkeypatch.setattr(jax._src.compiler, "compile_or_get_cached", counted)
    return names


def test_one_training_program_a_signature(count_programs):
    runs = [
        variant(
            initializer=law,
            seed=seed,
            learning_rate=rate,
            depth=depth,
            inputs=inputs,
            steps=1,
            momentum=rate,
        )
        for law in LAWS
        for seed in range(3)
        for rate in (0.1, 0.2)
        for depth in (3, 4)
        for inputs in ("standardized", "raw")
    ]
    train = GroupTrainer(make_laws(None))
    plan = make_plan(runs)
    for group in plan.groups:
        train(group, lambda steps: None)
    training = [name for name in count_programs if "on_device" in name]
    assert len(training) == train.programs == len({signature(run) for run in runs}) == 2


def test_a_second_group_of_a_signature_compiles_nothing(count_programs, trainer):
    trainer(Group((variant(seed=0),)), lambda steps: None)
    before = len(count_programs)
    trainer(Group((variant(seed=1), variant(seed=2))), lambda steps: None)
    assert count_programs[before:] == []


def test_a_prepared_program_is_compiled_once(count_programs):
    trainer = GroupTrainer(make_laws(None))
    group = Group((variant(steps=2, depth=5),))
    trainer.prepare(group)
    trainer.prepare(group)
    trainer(group, lambda steps: None)
    assert sum("on_device" in name for name in count_programs) == trainer.programs == 1


def test_a_program_that_cannot_be_made_fails_its_group_alone_and_is_tried_again():
    calls = []

    def activation(name):
        calls.append(name)
        if name == "sin":
            raise RuntimeError("no such program")
        return laws.activation(name)

    laws = make_laws(None)
    trainer = GroupTrainer(Laws(activation, laws.initializer, laws.checkpoint))
    bad, good = Group((variant(activation="sin"),)), Group((variant(steps=2),))
    trainer.prepare(bad)
    for _ in range(2):
        with pytest.raises(RuntimeError) as raised:
            trainer(bad, lambda steps: None)
        assert str(raised.value) == "no such program"
    assert calls.count("sin") == 2
    assert trainer(good, lambda steps: None).outcomes[0].status == "completed"


def test_sampling_compiles_once_a_law_and_shape(count_programs):
    trainer = GroupTrainer(make_laws(None))
    trainer(Group((variant(steps=0, depth=3),)), lambda steps: None)
    before = len(count_programs)
    trainer(Group((variant(steps=0, depth=9),)), lambda steps: None)
    drawing = [name for name in count_programs[before:] if "one" in name]
    assert drawing == []


@pytest.mark.parametrize("runs", [1, 5])
def test_a_kernel_is_the_same_whatever_is_drawn_with_it(runs):
    trainer = GroupTrainer(make_laws(None))
    program = trainer._program(Group((variant(steps=0),)))
    sampler = Sampler(run_mesh())

    def draw(seeds):
        count = len(seeds)
        law = make_laws(None).initializer(variant().initializer)
        zeros = make_laws(None).initializer(variant().bias_initializer)
        depth = len(program.network.sites)
        laws, biases = [[("a", law)] * depth] * count, [[("z", zeros)] * depth] * count
        return sampler(program.network, seeds, laws, biases)

    crowd = draw(list(range(3 * MAX_DRAWS_PER_DEVICE)))
    alone = draw(list(range(40, 40 + runs)))
    for many, few in zip(jax.tree.leaves(crowd), jax.tree.leaves(alone), strict=True):
        assert np.array_equal(many[40 : 40 + runs], few)
