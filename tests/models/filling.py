"""Plain networks, parameters drawn for them, and their layers as NumPy has them."""

import jax
import jax.numpy as jnp
import numpy as np

from initlab.architectures.families import FAMILIES
from initlab.architectures.recipe import Recipe
from initlab.models import at, build_network


def plain(model, image_shape, *, width, depth, outputs=4, activation=jnp.tanh):
    recipe = Recipe(image_shape, outputs, depth, width)
    return build_network(
        FAMILIES[model].layers(recipe),
        image_shape=image_shape,
        activation=activation,
        dtype="float32",
    )


def filled(network, seed=0):
    rng = np.random.default_rng(seed)
    return jax.tree.map(
        lambda leaf: jnp.asarray(rng.standard_normal(leaf.shape) / 2, leaf.dtype),
        network.parameters,
    )


def layers_of(network, parameters):
    for stack in network.stacks:
        kernel = np.asarray(at(parameters, stack.path)["kernel"][...], np.float64)
        bias = np.asarray(at(parameters, stack.path)["bias"][...], np.float64)
        yield from zip(kernel, bias, strict=True) if stack.stacked else [(kernel, bias)]
