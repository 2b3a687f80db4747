"""Flax's layers, with the initializers of `jax.nn.initializers`."""

from typing import Any

import flax
import jax
import jax.numpy as jnp
from flax import nnx
from jax.nn import initializers

from scripts.conformance.framework import Framework, Named
from scripts.conformance.laws import (
    CUT,
    GAUSSIAN,
    ORTHOGONAL,
    UNIFORM,
    even,
    fixed,
    geometric,
    glorot,
    he,
    lecun,
)
from scripts.conformance.layers import (
    CONVOLUTION,
    DENSE,
    DEPTHWISE,
    GROUPED,
    GROUPS,
    INPUTS,
    MULTIPLIER,
    OUTPUTS,
    STRIDE,
    SWAPPED,
    TRANSPOSED,
    WINDOW,
    Layer,
)

SIZE = (WINDOW, WINDOW)
STRIDES = (STRIDE, STRIDE)
# A complex weight's parts are independent, and r^2 is exponential, cut at four times its mean.
COMPLEX = 2.0


def kernel(layer: Layer, initializer: Any, seed: int) -> Any:
    """Returns the kernel of a new layer of Flax."""
    given: dict[str, Any] = {"rngs": nnx.Rngs(seed), "use_bias": False}
    if initializer is not None:
        given["kernel_init"] = initializer
    if layer == DENSE:
        return nnx.Linear(INPUTS, OUTPUTS, **given).kernel[...]
    if layer in (TRANSPOSED, SWAPPED):
        swapped = layer == SWAPPED
        made = nnx.ConvTranspose(
            INPUTS, OUTPUTS, SIZE, strides=STRIDES, transpose_kernel=swapped, **given
        )
        return made.kernel[...]
    groups = {CONVOLUTION: 1, GROUPED: GROUPS, DEPTHWISE: INPUTS}[layer]
    outputs = INPUTS * MULTIPLIER if layer == DEPTHWISE else OUTPUTS
    return nnx.Conv(INPUTS, outputs, SIZE, feature_group_count=groups, **given).kernel[...]


def complex_lecun_normal(key: Any, shape: Any, dtype: Any, out_sharding: Any = None) -> Any:
    """`lecun_normal` of complex weights."""
    del dtype, out_sharding
    return initializers.lecun_normal(dtype=jnp.complex64)(key, shape)


FRAMEWORK = Framework(
    title=f"Flax {flax.__version__}, JAX {jax.__version__}",
    layers=(DENSE, CONVOLUTION, GROUPED, DEPTHWISE, TRANSPOSED, SWAPPED),
    initializers=(
        Named("default", None, lecun(CUT)),
        Named("`lecun_normal()`", initializers.lecun_normal(), lecun(CUT)),
        Named("`lecun_uniform()`", initializers.lecun_uniform(), lecun(UNIFORM)),
        Named("`glorot_normal()`", initializers.glorot_normal(), glorot(CUT)),
        Named("`glorot_uniform()`", initializers.glorot_uniform(), glorot(UNIFORM)),
        Named("`he_normal()`", initializers.he_normal(), he(CUT)),
        Named("`he_uniform()`", initializers.he_uniform(), he(UNIFORM)),
        Named(
            '`variance_scaling(2, "fan_in", "normal")`',
            initializers.variance_scaling(2.0, "fan_in", "normal"),
            he(GAUSSIAN),
        ),
        Named(
            '`variance_scaling(1, "fan_geo_avg", "uniform")`',
            initializers.variance_scaling(1.0, "fan_geo_avg", "uniform"),
            geometric(UNIFORM),
        ),
        Named("`lecun_normal(dtype=complex64)`", complex_lecun_normal, lecun(COMPLEX)),
        Named("`orthogonal()`", initializers.orthogonal(), ORTHOGONAL),
        Named("`normal(0.1)`", initializers.normal(0.1), fixed(0.1, GAUSSIAN)),
        Named("`truncated_normal(0.1)`", initializers.truncated_normal(0.1), fixed(0.1, CUT)),
        Named("`uniform(0.1)`", initializers.uniform(0.1), even(0.0, 0.1)),
    ),
    draw=kernel,
)
