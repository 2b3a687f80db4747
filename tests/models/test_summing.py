"""Residual blocks in their variants compute what their formulas say."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from initlab.architectures.layers import Dense
from initlab.architectures.parts import convolved
from initlab.architectures.recipe import Recipe
from initlab.architectures.summing import summed
from initlab.architectures.walk import walk
from initlab.models import build_network
from initlab.spec.architecture import layers_of
from initlab.spec.schema import RunSpec

from .filling import filled
from .test_assembled import convolved as convolve

SHAPE = (4, 4, 3)
KINDS = ("plain", "scaled", "zero_gamma", "skip_init", "rezero", "fixup")


def block_of(kind, norm="none"):
    recipe = Recipe(SHAPE, 2, 3, 3, norm, residual=kind)
    return summed(recipe, convolved(recipe, 3) * 2, (), sums=9)


def formula(kind, x, branch):
    """Returns the block's output; `branch` holds parameters by name."""
    number = {
        name: next(iter(layer.values()))[...]
        for name, layer in branch.items()
        if name.startswith(("multiplier", "offset"))
    }
    if kind == "fixup":
        inside = jnp.tanh(convolve(x + number["offset_1"], branch["conv_1"]))
        inside = convolve(inside + number["offset_2"], branch["conv_2"])
        return jnp.tanh(x + number["multiplier_1"] * inside + number["offset_3"])
    inside = convolve(jnp.tanh(convolve(x, branch["conv_1"])), branch["conv_2"])
    match kind:
        case "plain":
            return jnp.tanh(x + inside)
        case "scaled":
            return jnp.tanh(x + inside / 3)
        case "skip_init":
            return jnp.tanh(x + number["multiplier_1"] * inside)
    return x + number["multiplier_1"] * jnp.tanh(inside)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "zero_gamma"])
def test_a_block_is_what_its_formula_says(kind):
    network = build_network(
        (*block_of(kind), Dense(2)), image_shape=SHAPE, activation=jnp.tanh, dtype="float32"
    )
    parameters = filled(network)
    x = jnp.asarray(np.random.default_rng(1).standard_normal((5, *SHAPE)), jnp.float32)
    body = parameters["body"]
    out = formula(kind, x, body["sum_1"]["branch"])
    expected = out.reshape(5, -1) @ body["dense_1"]["kernel"][...] + body["dense_1"]["bias"][...]
    logits, _ = network.apply(parameters, x)
    assert np.asarray(logits) == pytest.approx(np.asarray(expected), rel=1e-4, abs=1e-5)


def test_what_begins_as_nothing_or_as_one():
    for kind, norm, first in (
        ("zero_gamma", "batch", {"norm_1.scale": 1, "norm_2.scale": 0}),
        ("skip_init", "none", {"multiplier_1.scale": 0}),
        ("rezero", "batch", {"norm_1.scale": 1, "norm_2.scale": 1, "multiplier_1.scale": 0}),
        ("fixup", "none", {"multiplier_1.scale": 1, "offset_1.bias": 0, "offset_3.bias": 0}),
    ):
        network = build_network(
            (*block_of(kind, norm), Dense(2)),
            image_shape=SHAPE,
            activation=jnp.tanh,
            dtype="float32",
        )
        found = {".".join(path[-2:]): value for path, value in network.constants.items()}
        assert found | first == found


@pytest.mark.parametrize(
    ("model", "factors"), [("resnet20", [9**-0.5, 0.0]), ("resnet50", [16**-0.25, 16**-0.25, 0.0])]
)
def test_fixup_scales_what_is_drawn_by_the_number_of_sums(model, factors):
    run = RunSpec.model_validate({"model": model, "residual": "fixup"})
    rows = [row for row in walk(layers_of(run), (8, 8, 1)) if row.kernel_shape]
    inside = [row.first_scale for row in rows if "branch" in row.path]
    assert inside == pytest.approx(factors * (len(inside) // len(factors)))
    assert rows[-1].first_scale == 0
    assert rows[0].first_scale == 1


def test_multipliers_of_a_repeated_block_are_each_their_own():
    run = RunSpec.model_validate({"model": "resnet20", "residual": "rezero", "width": 2})
    network = build_network(
        layers_of(run), image_shape=(8, 8, 1), activation=jax.nn.relu, dtype="float32"
    )
    shapes = [
        leaf.shape
        for path, leaf in jax.tree_util.tree_leaves_with_path(network.parameters)
        if "multiplier" in str(path)
    ]
    assert sorted(shapes) == [(), (), (), (2,), (2,), (2,)]
    assert len([name for name in network.constants if "multiplier_1" in name]) == 6
