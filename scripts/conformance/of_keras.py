"""Keras's layers and initializers, on whichever of its backends is installed."""

import importlib.util
import os
from typing import Any

BACKENDS = ("jax", "torch", "tensorflow")
_installed = [name for name in BACKENDS if importlib.util.find_spec(name)]
os.environ.setdefault("KERAS_BACKEND", (_installed or ["numpy"])[0])

import keras  # noqa: E402
from keras import initializers, layers  # noqa: E402

from scripts.conformance.framework import Framework, Named  # noqa: E402
from scripts.conformance.laws import (  # noqa: E402
    CUT,
    GAUSSIAN,
    ORTHOGONAL,
    UNIFORM,
    even,
    fixed,
    glorot,
    he,
    lecun,
)
from scripts.conformance.layers import (  # noqa: E402
    CONVOLUTION,
    DENSE,
    DEPTHWISE,
    GROUPED,
    GROUPS,
    INPUTS,
    MULTIPLIER,
    OUTPUTS,
    STRIDE,
    TRANSPOSED,
    WINDOW,
    Layer,
)

IMAGES = (None, 8, 8, INPUTS)


def kernel(layer: Layer, initializer: Any, seed: int) -> Any:
    """Returns the kernel of a new layer of Keras."""
    keras.utils.set_random_seed(seed)
    name = "depthwise_initializer" if layer == DEPTHWISE else "kernel_initializer"
    given = {} if initializer is None else {name: initializer()}
    if layer == DENSE:
        made = layers.Dense(OUTPUTS, **given)
        made.build((None, INPUTS))
    elif layer == TRANSPOSED:
        made = layers.Conv2DTranspose(OUTPUTS, WINDOW, strides=STRIDE, **given)
        made.build(IMAGES)
    elif layer == DEPTHWISE:
        made = layers.DepthwiseConv2D(WINDOW, depth_multiplier=MULTIPLIER, **given)
        made.build(IMAGES)
    else:
        groups = {CONVOLUTION: 1, GROUPED: GROUPS}[layer]
        made = layers.Conv2D(OUTPUTS, WINDOW, groups=groups, **given)
        made.build(IMAGES)
    return keras.ops.convert_to_numpy(made.kernel)


FRAMEWORK = Framework(
    title=f"Keras {keras.__version__}, backend {keras.backend.backend()}",
    layers=(DENSE, CONVOLUTION, GROUPED, DEPTHWISE, TRANSPOSED),
    initializers=(
        Named("default", None, glorot(UNIFORM)),
        Named("`LecunNormal()`", initializers.LecunNormal, lecun(CUT)),
        Named("`LecunUniform()`", initializers.LecunUniform, lecun(UNIFORM)),
        Named("`GlorotNormal()`", initializers.GlorotNormal, glorot(CUT)),
        Named("`GlorotUniform()`", initializers.GlorotUniform, glorot(UNIFORM)),
        Named("`HeNormal()`", initializers.HeNormal, he(CUT)),
        Named("`HeUniform()`", initializers.HeUniform, he(UNIFORM)),
        Named(
            '`VarianceScaling(2, "fan_in", "untruncated_normal")`',
            lambda: initializers.VarianceScaling(2.0, "fan_in", "untruncated_normal"),
            he(GAUSSIAN),
        ),
        Named("`Orthogonal()`", initializers.Orthogonal, ORTHOGONAL),
        Named(
            "`RandomNormal(stddev=0.1)`",
            lambda: initializers.RandomNormal(stddev=0.1),
            fixed(0.1, GAUSSIAN),
        ),
        Named(
            "`TruncatedNormal(stddev=0.1)`",
            lambda: initializers.TruncatedNormal(stddev=0.1),
            fixed(0.1, CUT),
        ),
        Named(
            "`RandomUniform(-0.1, 0.1)`",
            lambda: initializers.RandomUniform(-0.1, 0.1),
            even(-0.1, 0.1),
        ),
    ),
    draw=kernel,
)
