"""Each group of a convolution's channels has a kernel of its own, with its own fans."""

import math
from dataclasses import replace

import jax
import numpy as np
import pytest

from initlab.architectures.families import FAMILIES
from initlab.laws import make_laws
from initlab.models import at, build_network
from initlab.spec.laws import CaffeFiller, Gained, Law, PlainLaw, VarianceScaling
from initlab.theory.law_variance import law_variance
from initlab.train.devices import run_mesh
from initlab.train.parameters import Sampler

from ..architectures.papers import recipe_of

# Two groups of a plan of AlexNet's that is a quarter as wide, and the 16 places of an image.
NETS = {
    "alexnet": recipe_of("alexnet", (67, 67, 3), width=24, scale="paper"),
    "local": recipe_of("local", (4, 4, 8), width=6),
}
LAWS = [
    PlainLaw(name="glorot_normal"),
    PlainLaw(name="glorot_uniform"),
    PlainLaw(name="he_normal"),
    VarianceScaling(name="variance_scaling", scale=0.7, mode="fan_out"),
    CaffeFiller(name="caffe_xavier", mode="fan_out"),
    Gained(name="orthogonal", gain=1.5),
]


def grouped(name):
    """Returns the network, of its weight layers the convolutions of several groups alone."""
    recipe = NETS[name]
    layers = FAMILIES[name].layers(recipe)
    network = build_network(
        layers, image_shape=recipe.image_shape, activation=jax.nn.relu, dtype="float32"
    )
    return replace(network, stacks=tuple(stack for stack in network.stacks if stack.groups > 1))


def draw(network, law: Law, seeds):
    """Returns the kernels of each of its layers, `[seed, *window, in, group, out]`."""
    named = (law.label, make_laws(None).initializer(law))
    last = max(stack.numbers[-1] for stack in network.stacks)
    drawn = Sampler(run_mesh())(network, seeds, *[[[named] * last] * len(seeds)] * 2)
    for stack in network.stacks:
        kernels = np.asarray(at(drawn, (*stack.path, "kernel"))[...])
        yield stack, kernels.reshape(*kernels.shape[:-1], stack.groups, -1)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.label)
@pytest.mark.parametrize("name", NETS)
def test_the_drawn_variance_is_that_of_one_group_s_fans(name, law):
    found = list(draw(grouped(name), law, range(4)))
    assert [stack.groups for stack, _ in found] == {"alexnet": [2] * 3, "local": [16]}[name]
    for _, kernels in found:
        *window, inputs, _, outputs = kernels.shape[1:]
        fan_in, fan_out = math.prod(window) * inputs, math.prod(window) * outputs
        expected = {
            "glorot_normal": 2 / (fan_in + fan_out),
            "glorot_uniform": 2 / (fan_in + fan_out),
            "he_normal": 2 / fan_in,
            "variance_scaling": 0.7 / fan_out,
            "caffe_xavier": 1 / fan_out,
            "orthogonal": 1.5**2 / max(fan_in, outputs),
        }[law.name]
        # Of n entries the mean square has relative standard error sqrt(2 / n) at most (Gaussian).
        tolerance = 5 * math.sqrt(2 / kernels.size)
        assert np.mean(kernels**2, dtype=np.float64) == pytest.approx(expected, rel=tolerance)
        stated = law_variance(law, (*window, inputs, outputs))
        assert stated == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", NETS)
def test_an_orthogonal_kernel_is_orthogonal_group_by_group(name):
    for _, kernels in draw(grouped(name), Gained(name="orthogonal"), [0]):
        for matrix in np.moveaxis(kernels[0], -2, 0):
            flat = matrix.reshape(-1, matrix.shape[-1])
            product = flat.T @ flat if flat.shape[0] >= flat.shape[1] else flat @ flat.T
            # A sum of at most a few thousand products in float32.
            assert product == pytest.approx(np.eye(len(product)), abs=1e-5)


def test_groups_are_drawn_apart():
    for _, kernels in draw(grouped("local"), PlainLaw(name="he_normal"), [0]):
        flat = np.moveaxis(kernels[0], -2, 0).reshape(16, -1)
        assert len(np.unique(flat, axis=0)) == 16
