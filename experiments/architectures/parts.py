"""Two laws of LeNet's that look at the layer: its paper's, and that of the tutorial's code."""

import math

import jax
import jax.numpy as jnp

POOLED = 4  # places that a pooling of two by two joins


def lenet_paper():
    """Uniform weights up to 2.4 / fan_in, as the paper has them for its scaled tanh.

    LeCun et al., Gradient-based learning applied to document recognition, 1998, appendix A.
    """

    def init(key, shape, dtype=jnp.float32):
        return _uniform(key, shape, dtype, 2.4 / math.prod(shape[:-1]))

    return init


def lenet_tutorial_code():
    """Uniform weights up to sqrt(6 / (fan_in + fan_out / p)), p places joined by pooling.

    `lenet_class_uniform` of the lab in convolutions, where p is four; dense layers, which nothing
    pools after, are `glorot_uniform`, as in the code of the deeplearning.net tutorial.
    """

    def init(key, shape, dtype=jnp.float32):
        *window, inputs, outputs = shape
        taps = math.prod(window)
        joined = POOLED if window else 1
        bound = math.sqrt(6 / (taps * inputs + taps * outputs // joined))
        return _uniform(key, shape, dtype, bound)

    return init


def _uniform(key, shape, dtype, bound):
    """Draws kernels `(*window, in, out)` between plus and minus a bound."""
    return jax.random.uniform(key, shape, dtype, minval=-bound, maxval=bound)


INITIALIZERS = {"lenet_paper": lenet_paper, "lenet_tutorial_code": lenet_tutorial_code}
