"""PyTorch's layers and `torch.nn.init`."""

from functools import partial
from typing import Any

import torch
from torch import nn

from scripts.conformance.framework import Framework, Named
from scripts.conformance.laws import (
    CUT,
    GAUSSIAN,
    ORTHOGONAL,
    UNIFORM,
    fixed,
    glorot,
    he,
    he_outwards,
    keeping,
    over_fan_in,
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
    TRANSPOSED,
    WINDOW,
    Layer,
)


def kernel(layer: Layer, initializer: Any, seed: int) -> Any:
    """Returns the weights of a new layer of PyTorch, drawn again where an initializer is named."""
    torch.manual_seed(seed)
    if layer == DENSE:
        made: Any = nn.Linear(INPUTS, OUTPUTS)
    elif layer == TRANSPOSED:
        made = nn.ConvTranspose2d(INPUTS, OUTPUTS, WINDOW, stride=STRIDE)
    else:
        groups = {CONVOLUTION: 1, GROUPED: GROUPS, DEPTHWISE: INPUTS}[layer]
        outputs = INPUTS * MULTIPLIER if layer == DEPTHWISE else OUTPUTS
        made = nn.Conv2d(INPUTS, outputs, WINDOW, groups=groups)
    if initializer is not None:
        initializer(made.weight)
    return made.weight.detach().numpy()


def with_gain(activation: str) -> Any:
    """`kaiming_normal_` with PyTorch's gain for an activation."""
    return partial(nn.init.kaiming_normal_, nonlinearity=activation)


FRAMEWORK = Framework(
    title=f"PyTorch {torch.__version__}",
    layers=(DENSE, CONVOLUTION, GROUPED, DEPTHWISE, TRANSPOSED),
    initializers=(
        Named("default", None, over_fan_in(1 / 3, "1 / (3 fan-in)", UNIFORM)),
        Named("`xavier_normal_`", nn.init.xavier_normal_, glorot(GAUSSIAN)),
        Named("`xavier_uniform_`", nn.init.xavier_uniform_, glorot(UNIFORM)),
        Named("`kaiming_normal_`", nn.init.kaiming_normal_, he(GAUSSIAN)),
        Named("`kaiming_uniform_`", nn.init.kaiming_uniform_, he(UNIFORM)),
        Named(
            '`kaiming_normal_(mode="fan_out")`',
            partial(nn.init.kaiming_normal_, mode="fan_out"),
            he_outwards(GAUSSIAN),
        ),
        Named(
            '`kaiming_normal_(nonlinearity="tanh")`', with_gain("tanh"), keeping("tanh", GAUSSIAN)
        ),
        Named(
            '`kaiming_normal_(nonlinearity="selu")`', with_gain("selu"), keeping("selu", GAUSSIAN)
        ),
        Named(
            '`kaiming_normal_(nonlinearity="sigmoid")`',
            with_gain("sigmoid"),
            keeping("sigmoid", GAUSSIAN),
        ),
        Named("`orthogonal_`", nn.init.orthogonal_, ORTHOGONAL),
        Named("`normal_(std=0.1)`", partial(nn.init.normal_, std=0.1), fixed(0.1, GAUSSIAN)),
        Named(
            "`trunc_normal_(std=0.1)`",
            partial(nn.init.trunc_normal_, std=0.1),
            fixed(0.1, GAUSSIAN),
        ),
        Named("`trunc_normal_()`", nn.init.trunc_normal_, fixed(1.0, CUT)),
    ),
    draw=kernel,
)
