"""What a run carries from step to step, and the numbers that tell it from its neighbours."""

from typing import NamedTuple

import numpy as np
from jax import Array

from initlab.models import Parameters
from initlab.models.passing import Statistics
from initlab.spec.pretrained import Pretrained
from initlab.spec.schema import OPTIMIZER_FIELDS, RunSpec
from initlab.spec.transfer import layer_rates, taken_layers

type Numbers = dict[str, Array]
type Measurement = dict[str, Array]

NOT_DIVERGED = -1


class RunState(NamedTuple):
    """The state of a run between two steps.

    Attributes:
        parameters: the model's parameters.
        statistics: running averages of what batch normalization divides by.
        optimizer: the optimizer's state.
        batch: indices of the images of the step before, or of the divergence.
        step: updates made so far; it stands still from the divergence on.
        diverged_at: the step whose loss or gradient was not finite, -1 while there is none.
    """

    parameters: Parameters
    statistics: Statistics
    optimizer: tuple[Array, ...]
    batch: Array
    step: Array
    diverged_at: Array


class Images(NamedTuple):
    """The data of a program, the same for all its runs."""

    train: Array
    train_labels: Array
    validation: Array
    validation_labels: Array
    test: Array
    test_labels: Array


class Flags(NamedTuple):
    """What a step is told: its batch, and what is to be measured before its update.

    Attributes:
        batch: indices of the training images.
        measured: whether the step is on the schedule.
        spectral: whether it takes the costly statistics and the held-out parts too.
    """

    batch: Array
    measured: Array
    spectral: Array


def run_numbers(run: RunSpec, shift: float, scale: float) -> dict[str, np.ndarray]:
    """Returns the numbers of a run that its compiled program takes in.

    Args:
        run: the resolved configuration.
        shift: subtracted from every pixel.
        scale: multiplies every shifted pixel.
    """
    numbers = {
        "learning_rate": run.learning_rate,
        "weight_decay": run.weight_decay,
        "gradient_clip": np.inf if run.gradient_clip == "none" else run.gradient_clip,
        "shift": shift,
        "scale": scale,
    }
    numbers |= {name: getattr(run, name) for name in OPTIMIZER_FIELDS[run.optimizer]}
    scalars = {name: np.asarray(value, np.float32) for name, value in numbers.items()}
    scalars["warmup_steps"] = np.asarray(run.warmup_steps, np.int32)
    scalars["seed"] = np.asarray(run.seed, np.uint32)
    return scalars | (_layer_numbers(run) if run.multiplied else {})


def _layer_numbers(run: RunSpec) -> dict[str, np.ndarray]:
    """Returns what a program takes in that knows of layers: their rates `(layer,)`, and counts.

    Statistics of batch normalization are known where a layer is its checkpoint's own.
    """
    law = run.initializer
    known = isinstance(law, Pretrained) and law.control == "none"
    return {
        "layer_rates": np.asarray(layer_rates(run), np.float32),
        "frozen_layers": np.asarray(run.frozen_layers, np.int32),
        "known_statistics": np.asarray(len(taken_layers(run)) if known else 0, np.int32),
    }
