"""Parameters drawn for a network, and its layers as NumPy has them."""

import jax
import jax.numpy as jnp
import numpy as np


def filled(network, seed=0):
    rng = np.random.default_rng(seed)
    return jax.tree.map(
        lambda leaf: jnp.asarray(rng.standard_normal(leaf.shape) / 2, leaf.dtype),
        network.parameters,
    )


def layers_of(network, parameters):
    for stack in network.stacks:
        kernel = np.asarray(parameters[stack.name]["kernel"][...], np.float64)
        bias = np.asarray(parameters[stack.name]["bias"][...], np.float64)
        yield from zip(kernel, bias, strict=True) if stack.stacked else [(kernel, bias)]
