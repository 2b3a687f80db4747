"""Random arrays that the laws are made of, drawn in single precision or better, then rounded.

A draw made in bfloat16 itself takes few distinct values and a bounded range. Rounding a
single-precision draw keeps the law, and makes the same key give the same network in every type.
"""

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike
from jaxtyping import Array, Float, PRNGKeyArray


def draw_dtype(dtype: DTypeLike) -> jnp.dtype:
    """Returns the type to draw in: `dtype`, or float32 where that is wider."""
    return jnp.promote_types(dtype, jnp.float32)


def draw_normal(
    key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike, *, stddev: float
) -> Float[Array, "..."]:
    """Returns Gaussian values of mean 0 and standard deviation `stddev`."""
    return (stddev * jax.random.normal(key, shape, draw_dtype(dtype))).astype(dtype)


def draw_truncated_normal(
    key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike, *, parent_stddev: float
) -> Float[Array, "..."]:
    """Returns values of a Gaussian of standard deviation `parent_stddev`, cut at twice that."""
    values = jax.random.truncated_normal(key, -2.0, 2.0, shape, draw_dtype(dtype))
    return (parent_stddev * values).astype(dtype)


def draw_uniform(
    key: PRNGKeyArray, shape: tuple[int, ...], dtype: DTypeLike, *, low: float, high: float
) -> Float[Array, "..."]:
    """Returns values uniform between `low` and `high`."""
    return jax.random.uniform(key, shape, draw_dtype(dtype), low, high).astype(dtype)
