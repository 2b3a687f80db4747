"""Checkpoints of trained runs hold every array of their models, by the paths of the modules."""

import jax
import numpy as np
import pytest
from flax.nnx import to_flat_state

from initlab.data import load
from initlab.spec.parameters import STATISTICS, layer_parameters
from initlab.spec.schema import RunSpec
from initlab.train.named_arrays import NamedArrays, statistics_paths
from initlab.train.program import network_of
from tests.train.conftest import variant

HUGE = {"name": "normal", "stddev": 1e38}
MODELS = [
    {"model": "mlp", "depth": 4},
    {"model": "mlp", "depth": 1},
    {"model": "convnet", "depth": 5, "width": 4},
    {"model": "lenet", "dataset": "fashion"},
    {"model": "googlenet", "norm": "batch"},
    {"model": "resnet20", "residual": "zero_gamma"},
    {"model": "resnet20", "residual": "fixup"},
]


@pytest.mark.parametrize("fields", MODELS, ids=lambda fields: "-".join(map(str, fields.values())))
def test_names_and_shapes_are_those_of_the_module(fields):
    run = RunSpec.model_validate(fields)
    network = network_of(run, jax.nn.relu, load(run.dataset))
    found = {path: leaf.shape for path, leaf in to_flat_state(network.parameters)}
    wanted: dict = {}
    for each in (each for layer in layer_parameters(run) for each in layer):
        wanted.setdefault(each.path, []).append(each)
    arrays = {path: own for path, own in wanted.items() if path[-1] != STATISTICS}
    assert set(arrays) == set(found)
    statistics = dict(zip(statistics_paths(run), jax.tree.leaves(network.statistics), strict=True))
    shapes = found | {path: leaf.shape for path, leaf in statistics.items()}
    for path, own in wanted.items():
        copies = [each.copy for each in own]
        leading = () if copies == [None] else (len(copies),)
        assert copies in ([None], list(range(len(copies))))
        assert {(*leading, *each.shape) for each in own} == {shapes[path]}


def test_a_checkpoint_is_kept_of_runs_that_did_not_diverge(train):
    keep = {"steps": "log", "keep": ["checkpoint", "first_kernel"]}
    good, bad = variant(measure=keep, seed=1), variant(measure=keep, initializer=HUGE)
    result = train(good, bad)
    assert [outcome.status for outcome in result.outcomes] == ["completed", "diverged"]
    assert set(result.checkpoints) == {good.run_id}
    kept = result.checkpoints[good.run_id]
    assert list(kept) == [
        f"{layer}/{array}"
        for layer in ("first", "hidden/0", "hidden/1", "readout")
        for array in ("kernel", "bias")
    ]
    first = result.arrays[f"first_kernel_final/{good.run_id}"]
    np.testing.assert_array_equal(kept["first/kernel"], first)
    assert not np.array_equal(kept["hidden/0/kernel"], kept["hidden/1/kernel"])


def test_arrays_of_runs_are_told_apart():
    run = variant(model="resnet20", norm="batch", depth=20)
    network = network_of(run, jax.nn.relu, load("digits"))

    def numbered(leaf):
        shape = (2, *leaf.shape)
        return np.arange(np.prod(shape, dtype=int)).reshape(shape)

    statistics = jax.tree.map(numbered, network.statistics)
    named = NamedArrays(run, jax.tree.map(numbered, network.parameters), statistics)
    one, two = named.of_run(0), named.of_run(1)
    assert list(one) == list(two)
    whole = sum(leaf.size for leaf in jax.tree.leaves((network.parameters, network.statistics)))
    assert sum(array.size for array in one.values()) == whole
    assert all((one[name] != two[name]).all() for name in one)
