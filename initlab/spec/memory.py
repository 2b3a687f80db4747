"""What a worker holds in memory: how many runs at a time, and its peak."""

import math

from initlab.spec.cost import expected_bytes, weight_layers
from initlab.spec.datasets import image_shape
from initlab.spec.schema import RunSpec

MIB = 2**20
BYTES_PER_NUMBER = {"float32": 4, "bfloat16": 2}
MOMENTS = {"sgd": 0, "momentum": 1, "adam": 2}  # arrays that the optimizer keeps of each parameter

MAX_RUNS_PER_DEVICE = 8
RUNS_BUDGET = 256 * MIB  # of the states of a device's runs
MAX_DRAWS_PER_DEVICE = 32
DRAWS_BUDGET = 64 * MIB  # of the kernels that a device draws at once

COPIES_DRAWN = 3  # as they come from the devices, joined, and in their places
COPIES_IN_A_STEP = 2  # the gradient and the update
RECORD_COPIES = 4  # as measured, as columns in double precision, as a table, as encoded
START_BYTES = 450 * MIB  # Python, JAX and what it compiles with
KEPT_PROGRAMS = 4  # by a worker, of those that train
BYTES_PER_PROGRAM = 60 * MIB
BYTES_PER_DRAWING = 10 * MIB  # the program that draws one law in one shape


def image_bytes(run: RunSpec) -> int:
    """Returns the bytes of a run's data set, a byte for each pixel of both parts."""
    size = run.data_size
    return (size.train + size.test) * math.prod(image_shape(run.dataset, run.image_size))


def parameter_bytes(run: RunSpec) -> int:
    """Returns the bytes of one run's parameters."""
    numbers = sum((math.prod(shape) + shape[-1]) * n for shape, _, n in weight_layers(run))
    return BYTES_PER_NUMBER[run.dtype] * numbers


def state_bytes(run: RunSpec) -> int:
    """Returns the bytes of what one run carries from step to step."""
    return (1 + MOMENTS[run.optimizer]) * parameter_bytes(run)


def runs_per_device(run: RunSpec) -> int:
    """Returns how many runs a device has in hand: a rule of the signature alone.

    Eight, and fewer where the states of eight would not fit the budget.
    """
    return max(1, min(MAX_RUNS_PER_DEVICE, RUNS_BUDGET // state_bytes(run)))


def draws_per_device(kernel_bytes: int) -> int:
    """Returns how many kernels of so many bytes a device draws at once."""
    return max(1, min(MAX_DRAWS_PER_DEVICE, DRAWS_BUDGET // kernel_bytes))


def held_bytes(run: RunSpec, runs: int, devices: int) -> int:
    """Returns the expected bytes of what a worker holds of a group at its peak.

    The peak is where parameters are drawn, where they move to the devices, or where they train;
    the records of the whole group lie beside them.

    Args:
        run: any run of the group.
        runs: how many the group has.
        devices: how many devices share them.
    """
    own, state, slots = parameter_bytes(run), state_bytes(run), runs_per_device(run) * devices
    host = min(runs, slots) * own
    layers, size = weight_layers(run), BYTES_PER_NUMBER[run.dtype]
    widest = size * max(math.prod(layer.kernel_shape) for layer in layers)
    drawing = COPIES_DRAWN * host + devices * draws_per_device(widest) * widest
    moving = host + slots * (own + state)
    units = sum(layer.kernel_shape[-1] * layer.positions * layer.number for layer in layers)
    activations = size * run.batch_size * units
    training = host + slots * state + devices * (COPIES_IN_A_STEP * own + activations)
    return max(drawing, moving, training) + RECORD_COPIES * runs * expected_bytes(run)
