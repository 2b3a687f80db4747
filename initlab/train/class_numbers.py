"""Regression upon the number of an image's class: one output, with squared error."""

import math

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, Int


def number_losses(
    outputs: Float[Array, " batch"], labels: Int[Array, " batch"], *, classes: int
) -> tuple[Float[Array, ""], Float[Array, ""]]:
    r"""Returns half the mean squared error of a batch, and how often the right number is nearest.

    Of K classes the output is to be :math:`(k - (K - 1) / 2) / \sqrt{(K^2 - 1) / 12}`, which over
    equally many images of each has mean 0 and variance 1: an output that is always 0 loses 1/2.

    Args:
        outputs: of the network.
        labels: class of each image, 0 to `classes` - 1.
        classes: how many there are, at least 2.
    """
    middle, deviation = (classes - 1) / 2, math.sqrt((classes**2 - 1) / 12)
    loss = 0.5 * jnp.mean((outputs - (labels - middle) / deviation) ** 2)
    nearest = jnp.clip(jnp.round(outputs * deviation + middle), 0, classes - 1)
    return loss, jnp.mean(nearest == labels)
