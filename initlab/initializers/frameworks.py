"""What each framework does to the kernel of a dense or convolution layer when not told."""

import math

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_truncated_normal
from initlab.initializers.fans import fans
from initlab.initializers.named_scaling import glorot_uniform, lecun_normal
from initlab.initializers.uniform import uniform_within


def pytorch_default() -> Initializer:
    r"""PyTorch's law for `Linear` and `Conv`: uniform, of variance :math:`1/(3\,\text{fan\_in})`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm 1/\sqrt{\text{fan\_in}})

    PyTorch writes it as `kaiming_uniform_(a=sqrt(5))`. It is a sixth of He's variance. PyTorch
    draws the bias from the same bounds: name this law for biases too, which have the fan-in of
    their kernel.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        `reset_parameters` in `torch/nn/modules/linear.py`; pytorch/pytorch issues 15314 and 57109.
    """
    return uniform_within(lambda fan_in, fan_out: 1.0 / math.sqrt(fan_in))


def keras_default() -> Initializer:
    r"""Keras's law for `Dense` and `Conv`: `glorot_uniform`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{6/(\text{fan\_in} + \text{fan\_out})})

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        `keras/src/layers/core/dense.py` and `keras/src/layers/convolutional/base_conv.py`.
    """
    return glorot_uniform()


def flax_default() -> Initializer:
    r"""Flax's law for `Linear` and `Conv`: `lecun_normal`, of variance :math:`1/\text{fan\_in}`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        `default_kernel_init` in `flax/nnx/nn/linear.py`.
    """
    return lecun_normal()


def haiku_default() -> Initializer:
    r"""Haiku's law for `Linear` and `Conv`: a Gaussian cut at two standard deviations, uncorrected.

    The parent Gaussian has variance :math:`1/\text{fan\_in}`, the realised variance is
    :math:`0.7737/\text{fan\_in}`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        `haiku/_src/basic.py` and `haiku/_src/initializers.py`.
    """

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        fan_in, _ = fans(shape)
        return draw_truncated_normal(key, shape, dtype, parent_stddev=1.0 / math.sqrt(fan_in))

    return init
