"""The law whose variance is a number over a fan, in every mode and distribution."""

import math
from collections.abc import Callable
from typing import Literal, get_args

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_positive
from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_normal, draw_truncated_normal, draw_uniform
from initlab.initializers.fans import Fan, fans

TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a unit Gaussian cut at plus and minus two."""

Mode = Literal["fan_in", "fan_out", "fan_avg", "fan_geo_avg"]
Distribution = Literal["truncated_normal", "normal", "uniform"]

type Variance = Callable[[Fan, Fan], float]


def truncated_normal_of(variance: Variance) -> Initializer:
    """Gaussian cut at two standard deviations and corrected to the `variance` of the fans."""

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        parent_stddev = math.sqrt(variance(*fans(shape))) / TRUNCATED_STDDEV
        return draw_truncated_normal(key, shape, dtype, parent_stddev=parent_stddev)

    return init


def normal_of(variance: Variance) -> Initializer:
    """Gaussian, not cut, of the `variance` of the fans."""

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        return draw_normal(key, shape, dtype, stddev=math.sqrt(variance(*fans(shape))))

    return init


def uniform_of(variance: Variance) -> Initializer:
    """Uniform, symmetric about zero, of the `variance` of the fans."""

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        bound = math.sqrt(3.0 * variance(*fans(shape)))
        return draw_uniform(key, shape, dtype, low=-bound, high=bound)

    return init


def mean_fan(mode: Mode, fan_in: Fan, fan_out: Fan) -> float:
    """Returns what a mode divides by: a fan, or the arithmetic or geometric mean of both."""
    match mode:
        case "fan_in":
            return fan_in
        case "fan_out":
            return fan_out
        case "fan_avg":
            return (fan_in + fan_out) / 2
        case "fan_geo_avg":
            return math.sqrt(fan_in * fan_out)


def variance_scaling(
    scale: float, mode: Mode = "fan_in", distribution: Distribution = "truncated_normal"
) -> Initializer:
    r"""Weights of variance `scale` over a fan: :math:`\operatorname{Var} W_{ij} = s / n`.

    :math:`n` is the fan-in, the fan-out, their arithmetic mean (`fan_avg`) or their geometric mean
    (`fan_geo_avg`, of JAX alone). The stated variance is the realised one in each distribution:
    `truncated_normal` is cut at two standard deviations and corrected for the cut, `normal` is not
    cut, `uniform` lies within :math:`\pm\sqrt{3 s / n}`. These are JAX's words: Keras's `normal`
    is the cut Gaussian, its `untruncated_normal` the other.

    Args:
        scale: :math:`s`, dimensionless, positive; with `fan_in` it is the weight variance of
            mean-field theory.
        mode: which fan divides, `"fan_in"`, `"fan_out"`, `"fan_avg"` or `"fan_geo_avg"`.
        distribution: `"truncated_normal"`, `"normal"` or `"uniform"`.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `scale` is not positive and finite, or `mode` or `distribution` is unknown.

    References:
        `variance_scaling` of `jax.nn.initializers`, `VarianceScaling` of Keras.

    Example:
        >>> import jax
        >>> law = variance_scaling(scale=2.0, mode="fan_out", distribution="uniform")
        >>> round(500 * float(law(jax.random.key(0), (1000, 500)).var()), 1)
        2.0
    """
    require_positive("scale", scale)
    if mode not in get_args(Mode):
        raise ValueError(f"`mode` must be one of {', '.join(get_args(Mode))}, got {mode!r}.")
    laws = {"truncated_normal": truncated_normal_of, "normal": normal_of, "uniform": uniform_of}
    if distribution not in laws:
        raise ValueError(f"`distribution` must be one of {', '.join(laws)}, got {distribution!r}.")
    return laws[distribution](lambda fan_in, fan_out: scale / mean_fan(mode, fan_in, fan_out))
