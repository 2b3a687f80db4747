"""AutoInit: kernels of the size at which theory expects outputs of variance 1, layer by layer."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import PRNGKeyArray

from initlab.initializers.fans import fans
from initlab.initializers.schemes.base import Batch, Initialized, Model, Scheme
from initlab.initializers.schemes.layers import mean_squares, scaled


def auto_init() -> Scheme:
    r"""Scales each kernel so that in theory every weight layer's outputs have mean 0, variance 1.

    .. math:: \langle (W^l)^2 \rangle = \frac{1}{\text{fan\_in}\, (\mu^2 + \nu)}

    with :math:`\mu` and :math:`\nu` the mean and variance of what reaches the layer. They are
    followed from inputs of mean 0 and variance 1 through nonlinearities, pooling, normalization,
    dropout and sums: He's variance after a ReLU, 1 / (0.394 fan_in) after tanh. No data are needed.

    A kernel keeps its direction, so that it is of the law that it was drawn from; the method of the
    paper draws from a Gaussian that is cut at two standard deviations, as `he_normal` and
    `lecun_normal` are. A kernel that is zero stays so. Biases stay; the paper's are zero, and so
    theory takes them to be.

    What follows them is `theory.unit_weights`: as in the paper values are taken to be Gaussian and
    independent over places and branches. Beyond the paper it has the zeros of a convolution's
    padding, and maxima in closed form in place of a sample.

    Returns:
        A scheme. It reads no batch, and `passes` is 0.

    References:
        Bingham and Miikkulainen, AutoInit: Analytic Signal-Preserving Weight Initialization for
        Neural Networks (arXiv:2109.08958), section 3.
    """

    def scheme(model: Model, parameters: Any, batch: Batch, key: PRNGKeyArray) -> Initialized:
        del batch, key
        layers = model.layers(parameters)
        shapes = [one.shape for layer in layers for one in layer["kernel"]]
        fan_ins = jnp.array([fans(shape)[0] for shape in shapes])
        wanted, found = jnp.array(model.unit_weights()) / fan_ins, mean_squares(layers)
        factors = jnp.where(found > 0, jnp.sqrt(wanted / jnp.where(found > 0, found, 1.0)), 1.0)
        changed = model.with_layers(parameters, scaled(layers, factors))
        return Initialized(changed, jnp.int32(0))

    return scheme
