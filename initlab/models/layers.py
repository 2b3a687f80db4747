"""Products and stacks of layers whose backward passes stay fast inside compiled loops on a CPU."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax
from jax.typing import DTypeLike

from initlab.models.stacked import entry, with_entry

type Layer[Parameters] = Callable[[Array, Parameters], tuple[Array, Array | None]]


def matrix_product(
    inputs: Array,
    kernel: Array,
    dimension_numbers: Any,
    precision: Any = None,
    out_sharding: Any = None,
) -> Array:
    """Returns `inputs @ kernel`, for the `dot_general` of `flax.nnx.Linear`.

    On a CPU the gradient of the kernel is the product with a transposed copy of the inputs: a
    product over the leading axis of both, which is what differentiation makes of it, takes a
    slower path there, by a quarter at width 128.

    Args:
        inputs: `(..., in)`.
        kernel: `(in, out)`.
        dimension_numbers: those of `inputs @ kernel`, as a dense layer gives them.
        precision: None; `jax.default_matmul_precision` sets it.
        out_sharding: None.

    Raises:
        ValueError: if another contraction, a precision or a sharding is asked for.
    """
    asked = (dimension_numbers, precision, out_sharding)
    accepted = ((((inputs.ndim - 1,), (0,)), ((), ())), None, None)
    if asked != accepted:
        raise ValueError(
            "`matrix_product` takes dimension numbers, precision and sharding "
            f"{accepted}, got {asked}: use `jax.lax.dot_general` for others."
        )
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


def dense(fan_in: int, fan_out: int, dtype: DTypeLike, rngs: nnx.Rngs) -> nnx.Linear:
    """Returns a dense layer whose gradient is fast on a CPU."""
    return nnx.Linear(
        fan_in, fan_out, dtype=dtype, param_dtype=dtype, dot_general=matrix_product, rngs=rngs
    )


def scan_layers[Parameters](
    layer: Layer[Parameters], x: Array, stacked: Parameters
) -> tuple[Array, Array | None]:
    """Returns what a stack of layers of one shape makes of `x`, and what each layer hands out.

    The same as `jax.lax.scan(jax.checkpoint(layer), x, stacked)`, in fewer passes over memory
    where it is differentiated: the inputs of all layers lie in one buffer, from which the forward
    pass reads what it wrote, and the backward pass computes each layer again from its input. A
    layer is done with its input before its output is written (the barriers say so), else the
    whole buffer would be copied first. What the layers hand out is not differentiated.

    Args:
        layer: a function of an input and of one layer's parameters; returns an output of the
            input's shape, and an array or None.
        x: the first layer's input.
        stacked: the parameters, each array with a leading layer axis.
    """

    @jax.custom_vjp
    def run(x: Array, stacked: Parameters) -> tuple[Array, Array | None]:
        output: tuple[Array, Array | None] = lax.scan(layer, x, stacked)
        return output

    def forward(x: Array, stacked: Parameters) -> tuple[Any, tuple[Array, Parameters]]:
        inputs, found = _with_inputs(layer, x, stacked)
        return (inputs[-1], found), (inputs, stacked)

    def backward(
        kept: tuple[Array, Parameters], cotangents: tuple[Array, Any]
    ) -> tuple[Array, Parameters]:
        return _pulled_back(layer, *kept, cotangents[0])

    run.defvjp(forward, backward)
    return run(x, stacked)


def _with_inputs[Parameters](
    layer: Layer[Parameters], x: Array, stacked: Parameters
) -> tuple[Array, Array | None]:
    """Returns the inputs of all layers with the last output, and what each layer hands out."""
    number = len(jax.tree.leaves(stacked)[0])
    shape = jax.eval_shape(layer, x, entry(stacked, 0))[1]
    found = None if shape is None else jnp.zeros((number, *shape.shape), shape.dtype)
    inputs = jnp.zeros((number + 1, *x.shape), x.dtype)

    def one(index: Array, carry: tuple[Array, Array | None]) -> tuple[Array, Array | None]:
        inputs, found = carry
        output = layer(entry(inputs, index), entry(stacked, index))
        output, own = lax.optimization_barrier(output)
        return with_entry(inputs, index + 1, output), with_entry(found, index, own)

    start = (with_entry(inputs, jnp.int32(0), x), found)
    end: tuple[Array, Array | None] = lax.fori_loop(0, number, one, start)
    return end


def _pulled_back[Parameters](
    layer: Layer[Parameters], inputs: Array, stacked: Parameters, cotangent: Array
) -> tuple[Array, Parameters]:
    """Returns the cotangents of a stack's input and of its parameters."""
    number = len(jax.tree.leaves(stacked)[0])

    def one(count: Array, carry: tuple[Array, Parameters]) -> tuple[Array, Parameters]:
        cotangent, slopes = carry
        index = number - 1 - count
        own_inputs = (entry(inputs, index), entry(stacked, index))
        _, pull_back, _ = jax.vjp(layer, *own_inputs, has_aux=True)
        cotangent, own = lax.optimization_barrier(pull_back(cotangent))
        return cotangent, with_entry(slopes, index, own)

    start = (cotangent, jax.tree.map(jnp.zeros_like, stacked))
    end: tuple[Array, Parameters] = lax.fori_loop(0, number, one, start)
    return end
