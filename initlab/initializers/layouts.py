"""Any law for any layer: one kernel drawn for each group and each stacked layer, then put away."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike
from jaxtyping import PRNGKeyArray

from initlab.initializers.base import Initializer
from initlab.initializers.fans import KernelShape, Layout


def laid_out(law: Initializer, layout: Layout) -> Initializer:
    """The same law for a layer whose stored kernel is not `(*window, in, out)` of one layer.

    A grouped convolution is as many convolutions as it has groups, a depthwise one is a
    convolution a channel, a stack of layers is its layers, and the heads of attention are one
    matrix. `law` draws each of these kernels by itself, as `(*window, in, out)` with the true
    fans, so that a variance is that of the layer as it is applied, and an orthogonal kernel is
    orthogonal group by group. They are then stored along the axes of the layout.

    Args:
        law: any function `(key, shape, dtype) -> kernel`. Those of the lab take the strides of
            the layout into account where they depend on a fan.
        layout: which axes of the stored kernel are what.

    Returns:
        A function `(key, shape, dtype) -> kernel`, `shape` being that of the stored kernel. It
        raises `ValueError` if `shape` does not fit the layout.

    Example:
        >>> from initlab.initializers import fan_in_normal
        >>> depthwise = laid_out(fan_in_normal(2.0), Layout(in_axes=(), stack_axes=(-2,)))
        >>> kernel = depthwise(jax.random.key(0), (3, 3, 4096, 4))
        >>> round(9 * float(kernel.var()), 1)
        2.0
    """
    each = Layout(strides=layout.strides, transposed=layout.transposed)

    def init(key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike = jnp.float32) -> Array:
        axes = layout.axes(shape)
        stack, window, inputs, outputs = (tuple(shape[axis] for axis in group) for group in axes)
        one = KernelShape(
            (*window, math.prod(inputs), math.prod(outputs) // layout.groups), layout=each
        )
        keys = key[None]
        if math.prod(stack) * layout.groups > 1:
            keys = jax.random.split(key, math.prod(stack) * layout.groups)
        kernels = jax.vmap(lambda key: law(key, one, dtype))(keys)
        grouped = kernels.reshape(*stack, layout.groups, *one)
        beside_outputs = jnp.moveaxis(grouped, len(stack), -2)
        ordered = beside_outputs.reshape(*stack, *window, *inputs, *outputs)
        order = (*axes.stack, *axes.window, *axes.inputs, *axes.outputs)
        return jnp.transpose(ordered, tuple(map(int, np.argsort(order))))

    return init
