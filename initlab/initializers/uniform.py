"""Uniform laws: of fixed bounds, or of the LeNet tutorial's."""

import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray

from initlab.initializers.arguments import require_finite
from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_uniform
from initlab.initializers.fans import fans


def uniform(low: float, high: float) -> Initializer:
    r"""Uniform weights between two bounds: :math:`W_{ij} \sim \mathcal{U}(a, b)`.

    The mean is :math:`(a + b) / 2` and the variance :math:`(b - a)^2 / 12`. Both bounds are
    given, because `jax.nn.initializers.uniform(scale)` means 0 to `scale` where other libraries
    mean plus or minus it.

    Args:
        low: :math:`a`, finite.
        high: :math:`b`, finite and above `low`.

    Returns:
        A function `(key, shape, dtype) -> parameters` for any shape.

    Raises:
        ValueError: if a bound is not finite, or `low` is not below `high`.
    """
    require_finite("low", low)
    require_finite("high", high)
    if not low < high:
        raise ValueError(f"`low` must be below `high`, got {low} and {high}.")

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        return draw_uniform(key, shape, dtype, low=low, high=high)

    return init


def lenet_uniform() -> Initializer:
    r"""Uniform weights up to one over the fan-in, as the LeNet tutorial's text has it.

    .. math:: W_{ij} \sim \mathcal{U}(-1/\text{fan\_in},\ 1/\text{fan\_in}), \qquad
              \operatorname{Var} W_{ij} = \frac{1}{3\,\text{fan\_in}^2}

    The variance falls with the square of the fan-in, so that the signal shrinks by a factor of
    about :math:`3\,\text{fan\_in}` a layer. Three formulas stand under this name in the same
    tutorial: this one in the text; :math:`1/\sqrt{\text{fan\_in}}` in the demonstration whose
    random filters look like edge detectors (`pytorch_default` here); and
    :math:`\sqrt{6/(\text{fan\_in} + \text{fan\_out})}`, with the fan-out divided by the pooling
    area, in the code of the trained network (near `glorot_uniform`).

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    References:
        Convolutional Neural Networks (LeNet), deeplearning.net tutorial, LISA lab, `lenet.txt`
        and `convolutional_mlp.py` of lisa-lab/DeepLearningTutorials.
    """

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        fan_in, _ = fans(shape)
        return draw_uniform(key, shape, dtype, low=-1.0 / fan_in, high=1.0 / fan_in)

    return init
