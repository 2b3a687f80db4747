"""What a worker holds: counted by hand, and by the sizes of the network."""

import jax
import pytest

from initlab.activations import ACTIVATIONS
from initlab.data import load
from initlab.spec.memory import (
    MAX_DRAWS_PER_DEVICE,
    MAX_RUNS_PER_DEVICE,
    MIB,
    RUNS_BUDGET,
    draws_per_device,
    held_bytes,
    image_bytes,
    parameter_bytes,
    runs_per_device,
    state_bytes,
)
from initlab.spec.plan import make_plan
from initlab.spec.schema import RunSpec
from initlab.train.optimizer import make_optimizer
from initlab.train.program import network_of
from initlab.train.state import run_numbers


def run(**fields):
    return RunSpec.model_validate(fields)


def size(tree):
    return sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(tree))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("fields", [{"depth": 1}, {"depth": 7, "width": 24, "dtype": "bfloat16"}])
def test_a_state_is_that_of_the_model_and_of_its_optimizer(fields, optimizer):
    spec = run(**fields, optimizer=optimizer)
    network = network_of(spec, ACTIVATIONS["relu"].function, load("digits"))
    assert parameter_bytes(spec) == size(network.parameters)
    numbers = jax.tree.map(jax.numpy.asarray, run_numbers(spec, 0.0, 1.0))
    rule = make_optimizer(optimizer, numbers, clipped=False, decayed=False)
    kept = size(jax.eval_shape(rule.init, network.parameters))
    count = 4 if optimizer == "adam" else 0  # of its steps
    assert state_bytes(spec) == parameter_bytes(spec) + kept - count


def test_a_device_has_fewer_runs_in_hand_where_they_are_large():
    assert runs_per_device(run()) == runs_per_device(run(width=512)) == MAX_RUNS_PER_DEVICE
    large = run(width=1024)
    assert 1 < runs_per_device(large) < MAX_RUNS_PER_DEVICE
    assert runs_per_device(large) * state_bytes(large) <= RUNS_BUDGET
    assert runs_per_device(run(width=65_536)) == 1
    assert runs_per_device(run(width=1024, optimizer="sgd")) > runs_per_device(large)


def test_a_device_draws_fewer_kernels_at_once_where_they_are_large():
    assert draws_per_device(512 * 512 * 4) == MAX_DRAWS_PER_DEVICE
    assert draws_per_device(16 * MIB) == 4
    assert draws_per_device(10**12) == 1


def test_what_is_held_of_one_run_is_that_counted_by_hand():
    wide = run(width=2048, depth=3, optimizer="sgd", steps=0)
    parameters = 4 * (64 * 2048 + 2048 * 2048 + 2048 * 10 + 2 * 2048 + 10)
    # Drawn once, it lies on the host, and twice in each of eight places while it moves to them.
    assert RUNS_BUDGET // parameters > MAX_RUNS_PER_DEVICE
    assert held_bytes(wide, 1, 1) == pytest.approx(17 * parameters, rel=0.01)


def test_more_cores_and_larger_networks_take_more_memory_and_more_groups_hardly():
    def peak(seeds, cores, **fields):
        return make_plan(run(**fields, seed=seed) for seed in range(seeds)).peak_memory_bytes(cores)

    assert peak(1, 2, width=2048) > 2 * peak(1, 2)
    assert peak(1, 8, width=2048) > 2 * peak(1, 2, width=2048)
    assert peak(2000, 2, width=2048) < 1.5 * peak(256, 2, width=2048)
    assert peak(0, 2) == 0


def test_images_lie_on_the_host_and_on_every_core():
    def peak(cores, *datasets):
        return make_plan(
            run(dataset=name, model="convnet", width=1, depth=2, steps=0) for name in datasets
        ).peak_memory_bytes(cores)

    assert image_bytes(run(dataset="cifar10")) == 60_000 * 32 * 32 * 3
    assert image_bytes(run(dataset="fashion", image_size=14)) == 6_000 * 14 * 14
    added = peak(2, "cifar10") - peak(2, "photo_patches")
    images = image_bytes(run(dataset="cifar10")) - image_bytes(run(dataset="photo_patches"))
    # One on the host, and one on each of two cores.
    assert added == pytest.approx(3 * images, rel=0.01)
