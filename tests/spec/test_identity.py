"""What a run's id depends on: every field that changes its numbers, and nothing else."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initlab.spec.nonlinearities import ACTIVATION_NAMES
from initlab.spec.plan import signature
from initlab.spec.schema import OPTIMIZER_FIELDS, RunSpec
from initlab.spec.sweep import AXIS_FIELDS, parse_sweep

# For each field a value that is not its default.
OTHER = {
    "norm": "layer",
    "depth": 4,
    "width": 96,
    "activation": "tanh",
    "initializer": "zeros",
    "first_initializer": "zeros",
    "readout_initializer": "zeros",
    "removed_layers": 1,
    "head_initializer": "zeros",
    "frozen_layers": 1,
    "head_learning_rate_multiplier": 10.0,
    "learning_rate_multipliers": [0.5] * 10,
    "bias_initializer": "ones",
    "scheme": "lsuv",
    "dataset": "fashion",
    "classes": [0, 1, 4],
    "image_size": 4,
    "inputs": "raw",
    "augmentation": ["flip"],
    "probes": ["shifts"],
    "dropout": 0.5,
    "validation_fraction": 0.1,
    "batch_size": 64,
    "steps": 90,
    "loss": "mse",
    "optimizer": "sgd",
    "learning_rate": 0.1,
    "learning_rate_schedule": "cosine",
    "warmup_steps": 3,
    "momentum": 0.5,
    "adam_beta1": 0.5,
    "adam_beta2": 0.5,
    "adam_epsilon": 1e-6,
    "gradient_clip": 1.0,
    "weight_decay": 1e-4,
    "dtype": "bfloat16",
    "matmul_precision": "highest",
    "seed": 1,
    "measure": {"steps": "every"},
}
OF_TEXTBOOK = {
    "kernel_size": 5,
    "padding": "valid",
    "pooling": "average",
    "after_pooling": "nothing",
}
READERS = {name: kind for kind, names in OPTIMIZER_FIELDS.items() for name in names}
quick = settings(max_examples=40, deadline=None)
numbers = st.floats(0.0, 10.0, allow_subnormal=False)
positive = st.floats(1e-6, 10.0)
laws = st.one_of(
    st.sampled_from(["zeros", "ones", "he_normal", "orthogonal"]),
    st.fixed_dictionaries(
        {"name": st.sampled_from(["normal", "truncated_normal"]), "stddev": numbers},
        optional={"mean": numbers},
    ),
    st.fixed_dictionaries({"name": st.just("fan_in_normal"), "weight_variance": positive}),
    st.fixed_dictionaries({"name": st.just("constant"), "value": numbers}),
    st.fixed_dictionaries({"name": st.just("identity")}, optional={"gain": positive}),
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "depth": st.integers(1, 10_000),
        "width": st.integers(1, 65_536),
        "activation": st.sampled_from(ACTIVATION_NAMES),
        "initializer": laws,
        "first_initializer": st.one_of(st.just("same"), laws),
        "readout_initializer": st.one_of(st.just("same"), laws),
        "bias_initializer": laws,
        "dataset": st.sampled_from(["digits", "fashion"]),
        "inputs": st.sampled_from(["standardized", "centred", "unit", "raw"]),
        "validation_fraction": st.one_of(st.just(0.0), st.floats(0.05, 0.9)),
        "batch_size": st.integers(2, 100),
        "steps": st.integers(100, 10_000_000),
        "optimizer": st.sampled_from(list(OPTIMIZER_FIELDS)),
        "learning_rate": numbers,
        "warmup_steps": st.integers(0, 100),
        "momentum": st.floats(0.0, 0.99),
        "adam_epsilon": st.floats(1e-9, 1.0),
        "gradient_clip": st.one_of(st.just("none"), positive),
        "seed": st.integers(0, 2**32 - 1),
    },
)


def run(**values):
    return RunSpec.model_validate(values)


def sweep(content, **options):
    return parse_sweep(content, **({"name": "demo", "source": "sweep.toml"} | options))


def test_every_field_has_another_value_here():
    of_others = {"model", "scale", "residual", "first_window", "readout", *OF_TEXTBOOK, "target"}
    of_others.add("auxiliary_heads")
    assert set(OTHER) == set(RunSpec.model_fields) - of_others, "test the new field too"


@pytest.mark.parametrize("name", OTHER)
def test_id_changes_with_every_field_that_the_run_reads(name):
    optimizer = {"optimizer": READERS[name]} if name in READERS else {}
    assert run(**optimizer).run_id != run(**optimizer | {name: OTHER[name]}).run_id


def test_id_changes_with_the_target_of_a_squared_error():
    assert run(loss="mse", target="number").run_id != run(loss="mse").run_id


def test_id_changes_with_the_model_and_its_scale():
    found = [
        run(),
        run(model="convnet", width=8),
        run(model="lenet", dataset="fashion"),
        run(model="lenet", dataset="fashion", scale="paper"),
    ]
    assert len({one.run_id for one in found}) == 4


@pytest.mark.parametrize("name", OF_TEXTBOOK)
def test_id_changes_with_a_choice_of_layers_and_not_with_the_usual_one(name):
    usual = run(model="textbook", dataset="fashion")
    said = {name: RunSpec.model_fields[name].default}
    assert run(model="textbook", dataset="fashion", **said).run_id == usual.run_id
    other = run(model="textbook", dataset="fashion", **{name: OF_TEXTBOOK[name]})
    assert other.run_id != usual.run_id
    assert other.row()[name] == OF_TEXTBOOK[name]


def test_id_changes_with_what_the_readout_sees():
    usual = run(model="convnet", dataset="fashion")
    assert run(model="convnet", dataset="fashion", readout="places").run_id == usual.run_id
    assert run(model="convnet", dataset="fashion", readout="mean").run_id != usual.run_id


def test_id_changes_with_auxiliary_heads():
    usual = run(model="googlenet", dataset="fashion")
    assert run(model="googlenet", dataset="fashion", auxiliary_heads=False).run_id == usual.run_id
    assert "auxiliary_heads" not in usual.canonical  # ids are those from before there were any
    assert run(model="googlenet", dataset="fashion", auxiliary_heads=True).run_id != usual.run_id


def test_what_a_model_has_of_its_own_need_not_be_said():
    said = run(model="resnet20", depth=20, width=8, norm="batch", scale="small")
    assert run(model="resnet20").run_id == said.run_id
    assert run(model="resnet20", norm="none").run_id != said.run_id


def test_id_changes_with_the_variant_of_sums_and_not_with_the_usual_one():
    found = [
        run(model="resnet20", residual=residual)
        for residual in ("plain", "scaled", "zero_gamma", "skip_init", "rezero", "fixup")
    ]
    assert len({one.run_id for one in found}) == 6
    assert found[0].run_id == run(model="resnet20").run_id
    assert [one.norm for one in found] == ["batch"] * 3 + ["none"] * 3
    assert run(model="resnet20", residual="rezero", norm="batch").run_id != found[4].run_id


def test_id_changes_with_the_first_window_and_not_with_the_models_own():
    windows = [run(model="convnet", depth=3, width=4, first_window=size) for size in (3, 5, 11)]
    assert len({one.run_id for one in windows}) == 3
    assert windows[0].run_id == run(model="convnet", depth=3, width=4).run_id
    assert [one.row()["first_window"] for one in windows] == [None, 5, 11]
    assert len({signature(one) for one in windows}) == 3


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("optimizer", OPTIMIZER_FIELDS)
def test_id_ignores_what_the_optimizer_does_not_read(name, optimizer):
    same = run(optimizer=optimizer).run_id == run(optimizer=optimizer, **{name: OTHER[name]}).run_id
    assert same == (name not in OPTIMIZER_FIELDS[optimizer])


@pytest.mark.parametrize("name", OTHER)
def test_trial_is_the_run_without_its_seed(name):
    optimizer = {"optimizer": READERS[name]} if name in READERS else {}
    same = run(**optimizer).trial_id == run(**optimizer | {name: OTHER[name]}).trial_id
    assert same == (name == "seed")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"learning_rate": 1}, {"learning_rate": 1.0}),
        ({"learning_rate": 0.0}, {"learning_rate": -0.0}),
        ({"weight_decay": 0.0}, {"weight_decay": -0.0}),
        ({"gradient_clip": 1}, {"gradient_clip": 1.0}),
        ({"initializer": "zeros"}, {"initializer": {"name": "zeros"}}),
        ({"initializer": "orthogonal"}, {"initializer": {"name": "orthogonal", "gain": 1}}),
        ({"first_initializer": "he_normal"}, {}),
        ({"readout_initializer": "same"}, {"readout_initializer": "he_normal"}),
        ({"scheme": "none"}, {}),
        ({"image_size": 8}, {}),
        ({"augmentation": []}, {}),
        ({"probes": []}, {}),
        ({"probes": ["shifts", "dropout"]}, {"probes": ["dropout", "shifts"]}),
        ({"augmentation": ["flip"]}, {"augmentation": [{"name": "flip", "probability": 0.5}]}),
        ({"image_size": "own"}, {}),
        ({"dataset": "fashion", "image_size": 28}, {"dataset": "fashion"}),
        ({"scheme": "lsuv"}, {"scheme": {"name": "lsuv", "tolerance": 0.02}}),
        ({"momentum": 0.9}, {}),
        ({"measure": {"steps": [3, 0, 3]}}, {"measure": {"steps": [0, 3]}}),
        (
            {"measure": {"keep": ["histograms", "first_kernel"]}},
            {"measure": {"keep": ["first_kernel", "histograms"]}},
        ),
        (
            {"initializer": {"name": "normal", "stddev": 1, "mean": -0.0}},
            {"initializer": {"name": "normal", "stddev": 1.0}},
        ),
    ],
)
def test_two_ways_to_write_a_run_give_one_id(one, other):
    assert run(**one).run_id == run(**other).run_id


def test_the_id_of_the_default_run_is_known():
    """It is written into results; if this fails, committed results are no longer recognised."""
    assert run().run_id == "0a869f3104c573b3"


@quick
@given(values=fields, order=st.randoms(use_true_random=False))
def test_id_depends_on_the_values_and_not_on_the_order_of_keys(values, order: random.Random):
    items = list(values.items())
    order.shuffle(items)
    first, second = run(**values), run(**dict(items))
    assert first.run_id == second.run_id
    assert re.fullmatch("[0-9a-f]{16}", first.run_id)
    assert RunSpec.model_validate(first).run_id == first.run_id


@quick
@given(values=fields, seeds=st.lists(st.integers(0, 2**32 - 1), min_size=1, unique=True))
def test_any_run_of_the_schema_can_be_declared(values, seeds):
    values.pop("seed", None)
    content = {"question": "Why?", "seeds": seeds, "base": values}
    runs = sweep(content).runs
    assert [one.seed for one in runs] == seeds
    assert len({one.run_id for one in runs}) == len(seeds)
    assert len({one.trial_id for one in runs}) == 1
    renamed = sweep(content | {"question": "What?"}, name="other", source="b.toml", text="#")
    assert renamed.runs == runs


@quick
@given(
    axes=st.fixed_dictionaries(
        {"depth": st.lists(st.integers(1, 50), min_size=1, max_size=4, unique=True)},
        optional={
            "initializer": st.lists(laws, min_size=1, max_size=3, unique_by=str),
            "learning_rate": st.lists(numbers, min_size=1, max_size=3, unique=True),
            "activation": st.lists(st.sampled_from(ACTIVATION_NAMES), min_size=1, unique=True),
        },
    )
)
def test_ids_of_a_grid_are_unique_and_independent_of_the_order_of_axes(axes):
    axes["initializer"] = ["zeros"]
    runs = sweep({"question": "Why?", "axes": axes, "seeds": 2}).runs
    size = 2
    for values in axes.values():
        size *= len(values)
    ids = {one.run_id for one in runs}
    assert len(ids) == len(runs) == size
    backwards = dict(reversed(axes.items()))
    assert {
        one.run_id for one in sweep({"question": "?", "axes": backwards, "seeds": 2}).runs
    } == ids


def test_a_row_shows_every_field_and_leaves_unread_ones_out():
    row = run(optimizer="adam", initializer={"name": "normal", "stddev": 0.5}).row()
    assert set(row) == set(RunSpec.model_fields) == {*AXIS_FIELDS, "seed", "measure"}
    assert row["momentum"] is None
    assert row["adam_beta1"] == 0.9
    assert row["gradient_clip"] is None
    assert row["initializer"] == row["readout_initializer"] == "normal(stddev=0.5)"
    assert row["activation"] == "relu"
    assert row["scheme"] is None
    assert row["image_size"] is row["augmentation"] is row["probes"] is None
    assert (row["pooling"], row["dropout"]) == ("max", 0.0)
    assert run(probes=["shifts", "removals"]).row()["probes"] == "removals, shifts"
    assert run(image_size=8).row()["image_size"] is None
    assert run(image_size=4).row()["image_size"] == 4
    assert run(scheme={"name": "lsuv", "tolerance": 0.1}).row()["scheme"] == "lsuv(tolerance=0.1)"
