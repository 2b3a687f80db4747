"""How long a worker's pieces of work may take before it counts as hung."""

import math

from initlab.spec.cost import PEAK_FLOPS_PER_CORE, expected_seconds, weight_layers
from initlab.spec.memory import runs_per_device
from initlab.spec.schedule import CHUNK_STEPS
from initlab.spec.schema import RunSpec

COMPILE_LIMIT_SECONDS = 3600.0
LEAST_LIMIT_SECONDS = 600.0  # for what does not grow with the network
SLOWEST = 20.0  # times what is expected of a core


def limit_seconds(run: RunSpec) -> float:
    """Returns how many seconds one piece of a worker's work may take at the very most.

    The pieces are a chunk of steps, and drawing the parameters, of the runs of one device.
    """
    chunk = min(1.0, CHUNK_STEPS / (run.steps + 1)) * expected_seconds(run, 1)
    # The costliest laws factor each kernel: about 4 n^3 operations for n x n.
    layers = weight_layers(run)
    drawing = sum(
        4 * math.prod(shape) * min(math.prod(shape[:-1]), shape[-1]) * number
        for shape, _, number in layers
    )
    longest = max(chunk, drawing / PEAK_FLOPS_PER_CORE)
    return LEAST_LIMIT_SECONDS + SLOWEST * runs_per_device(run) * longest
