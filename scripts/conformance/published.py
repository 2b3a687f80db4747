"""Formulas that were published wrong, or are read wrong, drawn as they stand.

Each is stated for a dense layer; the factor is that of the mistake.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.conformance.framework import Framework, Named
from scripts.conformance.laws import (
    CUT,
    GAUSSIAN,
    UNIFORM,
    Law,
    fixed,
    he,
    keeping,
    over_fan_in,
)
from scripts.conformance.layers import DENSE, INPUTS, OUTPUTS, Layer

CUT_STDDEV = 0.8796256610342398  # of a unit Gaussian cut at plus and minus two
SILU_BIAS_VARIANCE = 0.55514317  # where chi_1 = chi_q = 1

Draw = Callable[[np.random.Generator], npt.NDArray[np.float64]]


def gaussian(stddev: float, mean: float = 0.0) -> Draw:
    """Gaussian weights."""
    return lambda rng: rng.normal(mean, stddev, (INPUTS, OUTPUTS))


def symmetric(bound: float) -> Draw:
    """Uniform weights within plus and minus a bound."""
    return lambda rng: rng.uniform(-bound, bound, (INPUTS, OUTPUTS))


def cut(parent_stddev: float) -> Draw:
    """Gaussian weights, those beyond two standard deviations left out."""

    def draw(rng: np.random.Generator) -> npt.NDArray[np.float64]:
        unit = rng.standard_normal(2 * INPUTS * OUTPUTS)
        kept = unit[np.abs(unit) < 2.0]
        return parent_stddev * kept[: INPUTS * OUTPUTS].reshape(INPUTS, OUTPUTS)

    return draw


def kernel(layer: Layer, initializer: Any, seed: int) -> Any:
    """Returns one kernel, `(in, out)`."""
    del layer
    return initializer(np.random.default_rng(seed))


HE = math.sqrt(2.0 / INPUTS)
WALK = math.exp(1.0 / INPUTS)

FRAMEWORK = Framework(
    title="Published formulas that are wrong",
    layers=(DENSE,),
    initializers=(
        Named("He, cut at two deviations, not corrected (TF.js)", cut(HE), he(CUT)),
        Named("He, cut, times 0.8796 instead of over it", cut(HE * CUT_STDDEV), he(CUT)),
        Named("He, `fan_in` from the axis of the outputs", gaussian((2 / OUTPUTS) ** 0.5), he(3)),
        Named("He, bound sqrt(2 / fan-in)", symmetric(HE), he(UNIFORM)),
        Named("Gain of ReLU from its deviation, 1.712859", gaussian(1.712859 * HE / 2**0.5), he(3)),
        Named(
            "PyTorch's gain of tanh, 5/3",
            gaussian(5 / 3 / math.sqrt(INPUTS)),
            keeping("tanh", GAUSSIAN),
        ),
        Named(
            "PyTorch's gain of SELU, 3/4",
            gaussian(3 / 4 / math.sqrt(INPUTS)),
            keeping("selu", GAUSSIAN),
        ),
        Named(
            "PyTorch's gain of sigmoid, 1",
            gaussian(1 / math.sqrt(INPUTS)),
            keeping("sigmoid", GAUSSIAN),
        ),
        Named(
            "RandomWalk of brainstorm, divided by the width",
            gaussian(math.sqrt(WALK) / INPUTS),
            over_fan_in(WALK, "exp(1 / fan-in) / fan-in", GAUSSIAN),
        ),
        Named("`normal_(0.01)`, which sets the mean", gaussian(1.0, 0.01), fixed(0.01, GAUSSIAN)),
        Named(
            "LeNet tutorial, bound 1 / fan-in as in its text",
            symmetric(1.0 / INPUTS),
            over_fan_in(1 / 3, "1 / (3 fan-in)", UNIFORM),
        ),
        Named("VGG's ports, deviation 0.01", gaussian(0.01), fixed(0.1, GAUSSIAN)),
        Named(
            "Half-stable biases of SiLU, 0.055514317",
            gaussian(math.sqrt(0.055514317)),
            Law("0.55514317", lambda layer: SILU_BIAS_VARIANCE, GAUSSIAN),
        ),
    ),
    draw=kernel,
)
