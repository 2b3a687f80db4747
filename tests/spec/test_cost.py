"""What runs cost: counted by hand, and as the models have it."""

import jax
import pytest

from initlab.data import load
from initlab.spec.cost import (
    PROBE_VALUES,
    PROGRAM_SECONDS,
    SITE_SECONDS,
    expected_bytes,
    expected_seconds,
    flops,
    program_seconds,
    weight_layers,
)
from initlab.spec.schema import RunSpec
from initlab.train.probes import DIRECTIONS, DRAWS, DROPPED, PIXELS, PROBES, SHARES
from initlab.train.program import network_of


def run(**fields):
    return RunSpec.model_validate(fields)


@pytest.mark.parametrize("depth", [1, 2, 3, 7])
@pytest.mark.parametrize(("dataset", "width"), [("digits", 64), ("digits", 10), ("fashion", 16)])
@pytest.mark.parametrize("model", ["mlp", "convnet"])
def test_weight_layers_are_those_of_the_model(model, dataset, depth, width):
    one = run(model=model, dataset=dataset, depth=depth, width=width)
    stacks = network_of(one, jax.nn.relu, load(dataset)).stacks
    assert weight_layers(one) == tuple(
        (stack.kernel_shape, stack.positions, stack.count) for stack in stacks
    )


@pytest.mark.parametrize("model", ["mlp", "convnet"])
@pytest.mark.parametrize(("dataset", "size"), [("digits", 4), ("digits", 8), ("fashion", 14)])
def test_weight_layers_follow_the_size_of_the_images(model, dataset, size):
    one = run(model=model, dataset=dataset, image_size=size, depth=3, width=4)
    stacks = network_of(one, jax.nn.relu, load(dataset, size)).stacks
    assert weight_layers(one) == tuple(
        (stack.kernel_shape, stack.positions, stack.count) for stack in stacks
    )
    side = load(dataset, size).train_images.shape[1]
    assert side == size
    assert weight_layers(one)[-1].kernel_shape[0] == (4 if model == "mlp" else 4 * side * side)


def test_a_convolution_is_counted_at_each_position():
    one = run(model="convnet", depth=2, width=4, batch_size=2, steps=0)
    conv, readout = 8 * 8 * 9 * 4, 8 * 8 * 4 * 10
    forward = 2 * (conv + readout)
    assert flops(one) == 2 * (3 * forward - 2 * conv) + 360 * forward


def test_flops_are_those_counted_by_hand():
    fields = {"depth": 3, "width": 16, "batch_size": 32, "steps": 10, "dataset": "digits"}
    shapes = 64 * 16, 16 * 16, 16 * 10
    forward = 2 * sum(shapes)
    backward = 2 * 2 * sum(shapes) - 2 * shapes[0]  # no gradient of the images is needed
    evaluation = 4 * 360 * forward  # the test part, at 4 spectral steps
    expected = 11 * 32 * (forward + backward) + evaluation  # steps 0 to 10 each look at a batch
    assert flops(run(**fields)) == expected == 2_320_384 + evaluation
    validation = 4 * 144 * forward  # a tenth of the 1,437 training images
    assert flops(run(**fields, validation_fraction=0.1)) == expected + validation


def test_a_net_of_one_layer_needs_no_gradient_of_its_inputs():
    assert flops(run(depth=1, batch_size=2, steps=0)) == 2 * 2 * 2 * 640 + 360 * 2 * 640


def test_the_deepest_net_is_counted_at_once():
    assert flops(run(depth=10_000, width=65_536)) > 10**16


def test_what_is_measured_and_kept_takes_room():
    def size(**measure):
        return expected_bytes(run(depth=4, width=16, steps=8, measure=measure))

    moments = size(steps=[], statistics="moments", spectral_steps=0)
    # Steps 0 and 8: eight values of the step, and eight of each of four layers, four bytes each.
    assert moments == 100 + 4 * 2 * (8 + 4 * 8)
    assert size(steps=[], spectral_steps=0) == moments + 4 * 2 * 4 * 10
    assert size(steps=[], spectral_steps=1) == moments + 4 * 4 * (2 * 10 + 7)
    kept = size(steps=[], statistics="moments", keep=["first_kernel"])
    assert kept == moments + 2 * 4 * 64 * 16


def test_probes_are_passes_of_the_test_part_and_take_room():
    plain, probed = run(depth=3), run(depth=3, probes=["shifts", "removals", "dropout"])
    assert {name: len(kept.changes) for name, kept in PROBES.items()} == {
        name: values / 2 for name, values in PROBE_VALUES.items()
    }
    forward = 2 * sum(layer.products * layer.number for layer in weight_layers(plain))
    passes = 1 + len(PIXELS[1:]) * len(DIRECTIONS) + DRAWS * len(SHARES) + len(DROPPED)
    assert flops(probed) - flops(plain) == passes * 360 * forward
    assert expected_bytes(probed) - expected_bytes(plain) == 4 * 2 * (4 + 10 + 2)


def test_the_linear_probe_reaches_each_hidden_layer_and_keeps_eight_numbers_of_it():
    plain, probed = (
        run(depth=3, validation_fraction=0.5, probes=probes) for probes in ([], ["linear"])
    )
    forward = 2 * sum(layer.products * layer.number for layer in weight_layers(plain))
    assert flops(probed) - flops(plain) == (1437 + 360) * forward
    assert expected_bytes(probed) - expected_bytes(plain) == 4 * 8 * 2


def test_twice_the_cores_take_half_the_time():
    assert expected_seconds(run(), 4) == pytest.approx(expected_seconds(run(), 2) / 2)


@pytest.mark.parametrize(
    ("fields", "taps"),
    [
        # The first layer, one of the hidden ones, the readout.
        ({"depth": 10}, 3),
        ({"depth": 1000}, 3),
        ({"model": "lenet"}, 5),
        # A first convolution; in each stage two blocks of two convolutions and a sum, the second
        # of them repeated, a normalization after each convolution; the readout.
        ({"model": "resnet20"}, 2 + 3 * 2 * 5 + 1),
        ({"model": "resnet56"}, 2 + 3 * 2 * 5 + 1),
    ],
)
def test_a_program_takes_longer_with_every_tap_that_is_compiled_apart(fields, taps):
    expected = PROGRAM_SECONDS + SITE_SECONDS * taps
    assert program_seconds(run(dataset="fashion", **fields)) == pytest.approx(expected)
