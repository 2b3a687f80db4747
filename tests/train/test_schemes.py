"""A scheme changes the drawn parameters of its runs before step 0, and nothing else."""

import jax
import numpy as np
import pytest

from initlab.spec.plan import Group, signature
from initlab.train.group import GroupTrainer
from initlab.worker import make_laws
from tests.train.conftest import of_run, variant
from tests.train.test_independence import same_bits

ORTHOGONAL = {"initializer": "orthogonal", "activation": "relu"}
PLAIN = [variant(seed=seed, **ORTHOGONAL) for seed in range(2)]
LSUV = [variant(seed=seed, scheme="lsuv", **ORTHOGONAL) for seed in range(3)]


@pytest.fixture(scope="module")
def mixed(train):
    return train(PLAIN[0], LSUV[0], PLAIN[1], LSUV[1], LSUV[2])


def at_start(columns, run):
    mine = of_run(columns, run)
    return {name: values[mine["step"] == 0] for name, values in mine.items()}


def test_lsuv_leaves_every_layer_with_variance_one_at_step_0(mixed):
    for run in LSUV:
        variance = at_start(mixed.layers, run)["preactivation_variance"]
        assert len(variance) == run.depth
        assert np.abs(variance - 1).max() <= 0.02
    for run in PLAIN:
        assert at_start(mixed.layers, run)["preactivation_variance"][-1] < 0.5


def test_passes_are_told_of_runs_with_a_scheme(mixed):
    assert mixed.passes == (None, 2, None, 2, 2)


def test_a_run_without_a_scheme_has_the_bits_that_it_has_alone(mixed, train):
    alone = train(PLAIN[1])
    same_bits(of_run(mixed.layers, PLAIN[1]), of_run(alone.layers, PLAIN[1]))


def test_a_run_with_a_scheme_has_the_bits_that_it_has_alone(mixed, train):
    alone = train(LSUV[1])
    same_bits(of_run(mixed.layers, LSUV[1]), of_run(alone.layers, LSUV[1]))
    same_bits(of_run(mixed.steps, LSUV[1]), of_run(alone.steps, LSUV[1]))


def test_more_runs_than_slots_each_get_their_scheme(train):
    slots = 8 * jax.device_count()
    runs = [variant(seed=seed, scheme="lsuv", **ORTHOGONAL) for seed in range(slots + 1)]
    result = train(*runs)
    assert result.passes == (2,) * len(runs)
    same_bits(of_run(result.layers, runs[-1]), of_run(train(runs[-1]).layers, runs[-1]))


def test_theory_has_no_rows_for_trials_with_a_scheme(mixed):
    assert set(mixed.predictions["trial_id"]) == {PLAIN[0].trial_id}


def test_the_first_kernel_that_is_kept_is_that_of_step_0(train):
    keep = {"steps": "every", "keep": ["first_kernel"]}
    runs = [variant(measure=keep, scheme=scheme, **ORTHOGONAL) for scheme in ("none", "lsuv")]
    result = train(*runs)
    drawn, changed = (result.arrays[f"first_kernel_initial/{run.run_id}"] for run in runs)
    kernel = at_start(result.layers, runs[1])["kernel_variance"][0]
    assert changed.var() == pytest.approx(kernel, rel=1e-5)
    assert drawn.var() != pytest.approx(kernel, rel=1e-2)


def test_bfloat16_keeps_its_type(train):
    run = variant(scheme="lsuv", dtype="bfloat16", **ORTHOGONAL)
    variance = at_start(train(run).layers, run)["preactivation_variance"]
    # A kernel's entries are rounded by 2^-9 of themselves at most, and their sum by less.
    assert np.abs(variance - 1).max() <= 0.02 + 4 * 2**-9


def test_a_scheme_compiles_no_training_program():
    assert signature(PLAIN[0]) == signature(LSUV[0])
    trainer = GroupTrainer(make_laws(None))
    trainer(Group((PLAIN[0], LSUV[0])), lambda steps: None)
    assert trainer.programs == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "passes"),
    [
        ("krahenbuhl", None),
        ("auto_init", 0),
        ({"name": "meta_init", "steps": 2}, 2),
        ({"name": "grad_init", "steps": 2}, 4),
    ],
)
def test_every_scheme_runs_compiled_over_seeds_and_leaves_each_run_its_bits(train, scheme, passes):
    runs = [variant(seed=seed, scheme=scheme, **ORTHOGONAL) for seed in range(3)]
    together, alone = train(*runs), train(runs[1])
    same_bits(of_run(together.layers, runs[1]), of_run(alone.layers, runs[1]))
    assert all(number >= 3 if passes is None else number == passes for number in together.passes)
    plain = variant(seed=1, **ORTHOGONAL)
    drawn = at_start(train(plain).layers, plain)["preactivation_variance"]
    changed = at_start(alone.layers, runs[1])["preactivation_variance"]
    assert np.abs(changed / drawn - 1).max() > 1e-3
