"""Products and stacks of layers whose backward passes stay fast inside compiled loops on a CPU."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax

from initlab.models.stacked import entry, with_entry


def matrix_product(inputs: Array, kernel: Array, dimension_numbers: Any, **options: Any) -> Array:
    """Returns `inputs @ kernel`, for the `dot_general` of `flax.nnx.Linear`.

    On a CPU the gradient of the kernel is the product with a transposed copy of the inputs: a
    product over the leading axis of both, which is what differentiation makes of it, takes a
    slower path there, by a quarter at width 128.

    Args:
        inputs: `(..., in)`.
        kernel: `(in, out)`.
        dimension_numbers: those of `x @ kernel`; no other contraction is meant.
        options: further arguments of `jax.lax.dot_general`.
    """
    del dimension_numbers, options
    return _product(inputs, kernel)


@jax.custom_vjp
def _product(inputs: Array, kernel: Array) -> Array:
    """Returns the product over the last axis of `inputs` and the first of `kernel`."""
    return inputs @ kernel


def _product_forward(inputs: Array, kernel: Array) -> tuple[Array, tuple[Array, Array]]:
    """Returns the product and both factors."""
    return inputs @ kernel, (inputs, kernel)


def _product_backward(factors: tuple[Array, Array], cotangent: Array) -> tuple[Array, Array]:
    """Returns the cotangents of both factors."""
    inputs, kernel = factors
    flat = inputs.reshape(-1, inputs.shape[-1])
    rows = cotangent.reshape(-1, cotangent.shape[-1])
    slope: Array = lax.platform_dependent(
        flat,
        rows,
        cpu=lambda x, g: lax.optimization_barrier(x.T) @ g,
        default=lambda x, g: x.T @ g,
    )
    return cotangent @ kernel.T, slope


_product.defvjp(_product_forward, _product_backward)


def scan_layers[Parameters](
    layer: Callable[[Array, Parameters], tuple[Array, Array | None]],
    x: Array,
    stacked: Parameters,
) -> tuple[Array, Array | None]:
    """Returns what a stack of layers of one shape makes of `x`, and what each layer hands out.

    The same as `jax.lax.scan(jax.checkpoint(layer), x, stacked)`, in fewer passes over memory:
    the inputs of all layers lie in one buffer, from which the forward pass reads what it wrote,
    and the backward pass computes each layer again from its input. A layer is done with its input
    before its output is written (the barriers say so), else the whole buffer would be copied
    first. What the layers hand out is not differentiated.

    Args:
        layer: a function of an input and of one layer's parameters; returns an output of the
            input's shape, and an array or None.
        x: the first layer's input.
        stacked: the parameters, each array with a leading layer axis.
    """
    number = len(jax.tree.leaves(stacked)[0])

    def forward(x: Array, stacked: Parameters) -> tuple[Array, Array | None]:
        shape = jax.eval_shape(layer, x, entry(stacked, 0))[1]
        found = None if shape is None else jnp.zeros((number, *shape.shape), shape.dtype)
        inputs = jnp.zeros((number + 1, *x.shape), x.dtype)

        def one(index: Array, carry: tuple[Array, Array | None]) -> tuple[Array, Array | None]:
            inputs, found = carry
            output, own = layer(entry(inputs, index), entry(stacked, index))
            output, own = lax.optimization_barrier((output, own))
            return with_entry(inputs, index + 1, output), with_entry(found, index, own)

        start = (with_entry(inputs, jnp.int32(0), x), found)
        carry: tuple[Array, Array | None] = lax.fori_loop(0, number, one, start)
        return carry

    @jax.custom_vjp
    def run(x: Array, stacked: Parameters) -> tuple[Array, Array | None]:
        inputs, found = forward(x, stacked)
        return inputs[number], found

    def run_forward(x: Array, stacked: Parameters) -> tuple[Any, tuple[Array, Parameters]]:
        inputs, found = forward(x, stacked)
        return (inputs[number], found), (inputs, stacked)

    def run_backward(
        kept: tuple[Array, Parameters], cotangents: tuple[Array, Any]
    ) -> tuple[Array, Parameters]:
        inputs, stacked = kept

        def one(count: Array, carry: tuple[Array, Parameters]) -> tuple[Array, Parameters]:
            cotangent, slopes = carry
            index = number - 1 - count
            _, pull_back, _ = jax.vjp(
                layer, entry(inputs, index), entry(stacked, index), has_aux=True
            )
            cotangent, own = lax.optimization_barrier(pull_back(cotangent))
            return cotangent, with_entry(slopes, index, own)

        start = (cotangents[0], jax.tree.map(jnp.zeros_like, stacked))
        slopes: tuple[Array, Parameters] = lax.fori_loop(0, number, one, start)
        return slopes

    run.defvjp(run_forward, run_backward)
    return run(x, stacked)
