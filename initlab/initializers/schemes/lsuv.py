"""Layer-sequential unit variance: each layer's preactivations get variance 1 on a batch."""

from typing import Any

import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import PRNGKeyArray

from initlab.initializers.arguments import require_positive
from initlab.initializers.schemes.base import (
    Batch,
    Initialized,
    Layer,
    Model,
    Preactivation,
    Scheme,
)
from initlab.initializers.schemes.statistics import deviation


def lsuv(tolerance: float = 0.02, max_rescalings: int = 20) -> Scheme:
    r"""Divides each kernel, first to last, by the deviation of its preactivations on the batch.

    .. math:: W^l \leftarrow W^l / \sqrt{\operatorname{Var}(h^l)} \quad \text{until} \quad
              |\operatorname{Var}(h^l) - 1| \le \text{tolerance}

    The variance is that of all entries of the batch's preactivations, units and positions pooled
    and their mean taken off; the readout is a layer like the others. What reaches a layer has
    already passed the changed ones. Biases stay. Without them one division is exact; a bias adds
    to the variance what no kernel can take off, and a layer whose kernel is zero, or that only
    zeros reach, stays as it is.

    The method of the paper starts from orthonormal kernels: draw `orthogonal` before.

    Args:
        tolerance: how far a layer's variance may be from 1, positive.
        max_rescalings: how often a kernel is divided at most, at least 1.

    Returns:
        A scheme. It reads the batch's inputs alone; `passes` is 1 and the most divisions that a
        layer took.

    Raises:
        ValueError: if `tolerance` is not positive and finite, or `max_rescalings` is below 1.

    References:
        Mishkin and Matas, All you need is a good init (arXiv:1511.06422), algorithm 1; tolerance
        and number of divisions are those of the authors' program.
    """
    require_positive("tolerance", tolerance)
    if max_rescalings < 1:
        raise ValueError(f"`max_rescalings` must be at least 1, got {max_rescalings}.")

    def scheme(model: Model, parameters: Any, batch: Batch, key: PRNGKeyArray) -> Initialized:
        del key

        def unfinished(state: tuple[Layer, Array, Array, Array]) -> Array:
            _, _, size, passes = state
            off = jnp.abs(size * size - 1.0) > tolerance
            return off & (size > 0) & jnp.isfinite(size) & (passes <= max_rescalings)

        def visit(layer: Layer, preactivation: Preactivation) -> tuple[Layer, Array, Array]:
            def rescaled(
                state: tuple[Layer, Array, Array, Array],
            ) -> tuple[Layer, Array, Array, Array]:
                layer, _, size, passes = state
                kernel = layer["kernel"]
                layer = layer | {"kernel": (kernel / size).astype(kernel.dtype)}
                h = preactivation(layer)
                return layer, h, deviation(h), passes + 1

            h = preactivation(layer)
            start = (layer, h, deviation(h), jnp.int32(1))
            layer, h, _, passes = lax.while_loop(unfinished, rescaled, start)
            return layer, h, passes

        changed, passes, _ = model.visit(parameters, batch.inputs, visit)
        return Initialized(changed, jnp.max(passes))

    return scheme
