"""Which runs share a program, and what a sweep will cost."""

import pytest

from initlab.spec.cost import (
    BYTES_PER_GROUP,
    START_SECONDS,
    expected_bytes,
    expected_seconds,
    flops,
    program_seconds,
)
from initlab.spec.laws import LAW_NAMES
from initlab.spec.plan import VALUES, make_plan, signature
from initlab.spec.schema import RunSpec
from initlab.spec.sweep import parse_sweep

from .test_identity import OTHER, READERS


def runs(**content):
    return parse_sweep({"question": "?"} | content, name="demo", source="demo").runs


def run(**fields):
    return RunSpec.model_validate(fields)


GRID = runs(seeds=300, axes={"depth": [2, 3], "initializer": ["zeros", "ones"]})


def test_groups_add_up_to_the_sweep_and_hold_one_signature_each():
    plan = make_plan(GRID)
    planned = [one for group in plan.groups for one in group.runs]
    assert sorted(one.run_id for one in planned) == sorted(one.run_id for one in GRID)
    assert plan.runs == len(GRID) == 1_200
    assert [len(group.runs) for group in plan.groups] == [256, 256, 88] * 2
    for group in plan.groups:
        assert {signature(one) for one in group.runs} == {group.signature}
    assert plan.programs == 2


def test_a_plan_is_the_same_every_time():
    first, second = make_plan(GRID), make_plan(GRID)
    assert [group.group_id for group in first.groups] == [g.group_id for g in second.groups]
    assert len({group.group_id for group in first.groups}) == len(first.groups)


def test_a_group_is_known_by_its_runs_whatever_their_order():
    (one,), (other,) = make_plan(GRID[:9]).groups, make_plan(GRID[8::-1]).groups
    assert one.group_id == other.group_id != make_plan(GRID[:8]).groups[0].group_id


def test_growing_a_sweep_leaves_committed_runs_out():
    small = runs(seeds=2, axes={"depth": [2, 3]})
    large = runs(seeds=3, axes={"depth": [2, 3, 4]})
    committed = {one.run_id for one in small}
    plan = make_plan(large, committed)
    planned = [one for group in plan.groups for one in group.runs]
    assert [(one.depth, one.seed) for one in planned] == [(2, 2), (3, 2), (4, 0), (4, 1), (4, 2)]
    assert make_plan(large, {one.run_id for one in large}).groups == ()


def test_a_field_is_a_value_of_the_program_or_part_of_its_signature():
    laws = {"initializer", "first_initializer", "readout_initializer", "bias_initializer", "scheme"}
    numbers = {"learning_rate", "warmup_steps", "gradient_clip", "weight_decay", "seed", "inputs"}
    transfer = {"removed_layers", "head_initializer", "frozen_layers"}
    transfer |= {"head_learning_rate_multiplier", "learning_rate_multipliers"}
    assert laws | numbers | transfer | set(READERS) == VALUES
    for name, other in OTHER.items():
        optimizer = {"optimizer": READERS[name]} if name in READERS else {}
        same = signature(run(**optimizer)) == signature(run(**optimizer | {name: other}))
        # Whether anything is clipped, decayed, frozen or multiplied at all is part of the program.
        static = {"gradient_clip", "weight_decay", "frozen_layers"}
        static |= {"head_learning_rate_multiplier", "learning_rate_multipliers"}
        expected = name in VALUES - static
        assert same == expected, name


def test_a_bound_and_a_decay_are_values_once_there_is_one():
    for name in ("gradient_clip", "weight_decay"):
        assert signature(run(**{name: 0.5})) == signature(run(**{name: 2.0}))


def test_frozen_layers_and_multipliers_share_one_program():
    frozen = [signature(run(frozen_layers=number)) for number in (1, 2, 10)]
    multiplied = [signature(run(head_learning_rate_multiplier=factor)) for factor in (0.0, 10.0)]
    multiplied += [signature(run(learning_rate_multipliers=[0.5] * 10))]
    assert {*frozen, *multiplied} == {frozen[0]} != {signature(run())}


HAND_MADE = ("sobel", "prewitt", "laplacian", "gabor", "curve_detector", "x_detector")


@pytest.mark.parametrize("name", [*LAW_NAMES])
def test_no_law_compiles_a_program_of_its_own(name):
    numbers = {
        "constant": {"value": 1.0},
        "normal": {"stddev": 1.0},
        "truncated_normal": {"stddev": 1.0},
        "uniform": {"low": 0.0, "high": 1.0},
        "fan_in_normal": {"weight_variance": 1.0},
        "tied_halves": {"weight_variance": 1.0},
        "variance_scaling": {"scale": 1.0},
        "he_leaky_normal": {"negative_slope": 0.1},
        "he_leaky_uniform": {"negative_slope": 0.1},
        "sparse": {"sparsity": 0.5},
    }
    law = {"name": name} | numbers.get(name, {})
    if name in HAND_MADE:
        convnet = {"model": "convnet", "depth": 3, "width": 8}
        assert signature(run(first_initializer=law, **convnet)) == signature(run(**convnet))
    else:
        assert signature(run(initializer=law, readout_initializer=law)) == signature(run())


def test_cost_is_that_of_what_is_left():
    whole = make_plan(GRID)
    left = make_plan(GRID, {one.run_id for one in GRID[:600]})
    assert left.flops == sum(map(flops, GRID[600:])) < whole.flops
    each = sum(map(expected_bytes, GRID[600:]))
    assert left.bytes == each + len(left.groups) * BYTES_PER_GROUP < whole.bytes
    training = sum(expected_seconds(one, 2) for one in GRID)
    # Two programs, however many groups share them.
    compiling = sum(program_seconds(run(depth=depth)) for depth in (2, 3))
    assert whole.program_seconds == pytest.approx(compiling)
    assert whole.seconds(2) == pytest.approx(START_SECONDS + compiling + training)
    assert make_plan(()).seconds(2) == 0.0
