"""Gaussian laws: of a fixed scale, cut at two standard deviations, or scaled by the fan-in."""

import math

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_finite, require_not_negative, require_positive
from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_normal, draw_truncated_normal
from initlab.initializers.fans import fans


def normal(stddev: float, mean: float = 0.0) -> Initializer:
    r"""Gaussian weights of a fixed scale: :math:`W_{ij} \sim \mathcal{N}(\mu, \sigma^2)`.

    Nothing here knows the width, so that the signal's fate depends on it. `stddev=0.01` is the
    recipe of AlexNet. `stddev=0.0` gives the constant `mean`.

    Args:
        stddev: :math:`\sigma`, not negative, of the same unit as a weight.
        mean: :math:`\mu`, finite.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    Raises:
        ValueError: if `stddev` is negative, or either is not finite.

    References:
        Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep Convolutional Neural
        Networks (NIPS 2012), section 5.
    """
    require_not_negative("stddev", stddev)
    require_finite("mean", mean)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        return mean + draw_normal(key, shape, dtype, stddev=stddev)

    return init


def truncated_normal(stddev: float, mean: float = 0.0) -> Initializer:
    r"""Gaussian weights cut at two standard deviations, *not* corrected for the cut.

    Draws from :math:`\mathcal{N}(\mu, \sigma^2)` restricted to :math:`\mu \pm 2\sigma`. The
    realised variance is :math:`0.7737\,\sigma^2`, and the realised standard deviation
    :math:`0.8796\,\sigma`: `stddev` is that of the parent Gaussian, as in
    `jax.nn.initializers.truncated_normal`. The `*_normal` laws below do correct for the cut.

    Args:
        stddev: :math:`\sigma` of the parent Gaussian, not negative.
        mean: :math:`\mu`, finite.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    Raises:
        ValueError: if `stddev` is negative, or either is not finite.
    """
    require_not_negative("stddev", stddev)
    require_finite("mean", mean)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        return mean + draw_truncated_normal(key, shape, dtype, parent_stddev=stddev)

    return init


def fan_in_normal(weight_variance: float) -> Initializer:
    r"""Gaussian weights whose variance is `weight_variance` divided by the fan-in.

    Draws :math:`W_{ij} \sim \mathcal{N}(0, \sigma_w^2 / \text{fan\_in})`, not truncated, so that
    the preactivation variance does not depend on the width. This is the law of mean-field theory;
    `weight_variance=2.0` is He's rule for ReLU, `1.0` is LeCun's.

    Args:
        weight_variance: :math:`\sigma_w^2`, dimensionless, positive. It is the square of the
            gain: PyTorch's `gain=sqrt(2)` is `weight_variance=2.0` here.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `weight_variance` is not positive and finite.

    References:
        Poole et al., Exponential expressivity in deep neural networks through transient chaos
        (arXiv:1606.05340); He et al., Delving Deep into Rectifiers (arXiv:1502.01852), section 2.2.

    Example:
        >>> import jax
        >>> kernel = fan_in_normal(weight_variance=2.0)(jax.random.key(0), (1000, 1000))
        >>> round(1000 * float(kernel.var()), 1)
        2.0
    """
    require_positive("weight_variance", weight_variance)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        fan_in, _ = fans(shape)
        return draw_normal(key, shape, dtype, stddev=math.sqrt(weight_variance / fan_in))

    return init
