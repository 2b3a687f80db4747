"""Laws that leave most weights at zero, counted by input or by unit."""

import math

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from initlab.initializers.arguments import require_not_negative
from initlab.initializers.base import Initializer
from initlab.initializers.draws import draw_normal
from initlab.initializers.fans import fans


def sparse(sparsity: float, stddev: float = 0.01) -> Initializer:
    r"""PyTorch's `sparse_`: of the weights that leave an input a fixed number is zero.

    Each input keeps :math:`\text{out} - \lceil s \cdot \text{out} \rceil` weights, chosen at
    random, drawn from :math:`\mathcal{N}(0, \sigma^2)`. PyTorch stores a kernel as `(out, in)` and
    counts by its columns, which are the inputs; the paper that it cites counts what *enters* a
    unit, see `sparse_incoming`. The inputs of a convolution are those of its window.

    Args:
        sparsity: :math:`s`, the share that is zero, from 0 to 1.
        stddev: :math:`\sigma` of the others, not negative.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `sparsity` is not from 0 to 1, or `stddev` is negative or not finite.

    References:
        `sparse_` in `torch/nn/init.py`.
    """
    if not 0 <= sparsity <= 1:
        raise ValueError(f"`sparsity` must be from 0 to 1, got {sparsity}.")
    require_not_negative("stddev", stddev)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        fans(shape)
        *window_and_in, num_outputs = shape
        num_kept = num_outputs - math.ceil(sparsity * num_outputs)
        return (
            _keep(key, (math.prod(window_and_in), num_outputs), num_kept, -1, stddev)
            .reshape(shape)
            .astype(dtype)
        )

    return init


def sparse_incoming(connections: int = 15, stddev: float = 1.0) -> Initializer:
    r"""Each unit reads a fixed number of its inputs, chosen at random, whatever the width.

    The weights of these are :math:`\mathcal{N}(0, \sigma^2)`, the others are zero. A unit with
    fewer inputs than `connections` reads them all. The preactivation's second moment is then
    :math:`k \sigma^2` times that of an activation, at every fan-in of :math:`k` or more.

    Args:
        connections: :math:`k`, weights of a unit that are not zero, at least 1.
        stddev: :math:`\sigma`, not negative.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being `(*window, in, out)`.

    Raises:
        ValueError: if `connections` is below 1, or `stddev` is negative or not finite.

    References:
        Martens, Deep learning via Hessian-free optimization (ICML 2010), section 5; Sutskever et
        al., On the importance of initialization and momentum in deep learning (ICML 2013).
    """
    if not connections >= 1:
        raise ValueError(f"`connections` must be at least 1, got {connections}.")
    require_not_negative("stddev", stddev)

    def init(
        key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32
    ) -> Float[Array, "..."]:
        fans(shape)
        *window_and_in, num_outputs = shape
        matrix = (math.prod(window_and_in), num_outputs)
        return _keep(key, matrix, connections, -2, stddev).reshape(shape).astype(dtype)

    return init


def _keep(
    key: PRNGKeyArray, shape: tuple[int, int], num_kept: int, axis: int, stddev: float
) -> Float[Array, "inputs outputs"]:
    """Returns Gaussian values of which `num_kept` along an axis are left, the others zero."""
    key_values, key_places = jax.random.split(key)
    scores = jax.random.uniform(key_places, shape)
    # The rank of each score: a permutation along the axis, and so distinct, whatever the scores.
    ranks = jnp.argsort(jnp.argsort(scores, axis=axis), axis=axis)
    kept: Bool[Array, "inputs outputs"] = ranks < num_kept
    return jnp.where(kept, draw_normal(key_values, shape, jnp.float32, stddev=stddev), 0.0)
