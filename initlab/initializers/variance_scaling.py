"""Laws whose variance is a constant over a fan: LeCun's, Glorot's and He's."""

import math
from collections.abc import Callable

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_truncated_normal, draw_uniform
from initlab.initializers.fans import fans

TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a unit Gaussian cut at plus and minus two."""


def _normal(variance: Callable[[int, int], float]) -> Initializer:
    """Gaussian cut at two standard deviations and corrected to the `variance` of the fans."""

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        parent_stddev = math.sqrt(variance(*fans(shape))) / TRUNCATED_STDDEV
        return draw_truncated_normal(key, shape, dtype, parent_stddev=parent_stddev)

    return init


def _uniform(variance: Callable[[int, int], float]) -> Initializer:
    """Uniform, symmetric about zero, of the `variance` of the fans."""

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        bound = math.sqrt(3.0 * variance(*fans(shape)))
        return draw_uniform(key, shape, dtype, low=-bound, high=bound)

    return init


def _lecun(fan_in: int, fan_out: int) -> float:
    del fan_out
    return 1.0 / fan_in


def _glorot(fan_in: int, fan_out: int) -> float:
    return 2.0 / (fan_in + fan_out)


def _he(fan_in: int, fan_out: int) -> float:
    del fan_out
    return 2.0 / fan_in


def lecun_normal() -> Initializer:
    r"""Truncated Gaussian weights of variance :math:`1/\text{fan\_in}`.

    Keeps the variance of a linear layer. The Gaussian is cut at two standard deviations and
    widened by :math:`1/0.8796`, so that the stated variance is the realised one, as in JAX and
    Keras.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.6; Klambauer et al.,
        Self-Normalizing Neural Networks (arXiv:1706.02515), for SELU.
    """
    return _normal(_lecun)


def lecun_uniform() -> Initializer:
    r"""Uniform weights of variance :math:`1/\text{fan\_in}`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{3/\text{fan\_in}})

    Caffe's `xavier` filler is this law.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.6.
    """
    return _uniform(_lecun)


def glorot_normal() -> Initializer:
    r"""Truncated Gaussian weights of variance :math:`2/(\text{fan\_in} + \text{fan\_out})`.

    A compromise between keeping the variance of the signal and that of the gradient. Cut at two
    standard deviations and corrected, so that the stated variance is the realised one.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
        networks (AISTATS 2010), equation 12.
    """
    return _normal(_glorot)


def glorot_uniform() -> Initializer:
    r"""Uniform weights of variance :math:`2/(\text{fan\_in} + \text{fan\_out})`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{6/(\text{fan\_in} + \text{fan\_out})})

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
        networks (AISTATS 2010), equation 16.
    """
    return _uniform(_glorot)


def he_normal() -> Initializer:
    r"""Truncated Gaussian weights of variance :math:`2/\text{fan\_in}`.

    Keeps the second moment of a ReLU network. Cut at two standard deviations and corrected, so
    that the stated variance is the realised one; `fan_in_normal(2.0)` is the same without a cut.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        He et al., Delving Deep into Rectifiers (arXiv:1502.01852), equation 10.

    Example:
        >>> import jax
        >>> kernel = he_normal()(jax.random.key(0), (1000, 1000))
        >>> round(1000 * float(kernel.var()), 1)
        2.0
    """
    return _normal(_he)


def he_uniform() -> Initializer:
    r"""Uniform weights of variance :math:`2/\text{fan\_in}`.

    .. math:: W_{ij} \sim \mathcal{U}(\pm\sqrt{6/\text{fan\_in}})

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        He et al., Delving Deep into Rectifiers (arXiv:1502.01852), equation 10.
    """
    return _uniform(_he)
