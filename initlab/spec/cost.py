"""What runs cost, from their specification alone: operations, bytes, seconds."""

import math
import os
from typing import NamedTuple

from initlab.architectures.rows import Row
from initlab.spec.architecture import rows_of
from initlab.spec.law import Law
from initlab.spec.parameters import layer_parameters
from initlab.spec.schedule import make_schedule
from initlab.spec.schema import RunSpec
from initlab.spec.schemes import GradInit, Krahenbuhl, Lsuv, MetaInit

# Statistics are computed in float32 and hardly compress: four bytes each, whatever the column.
BYTES_PER_VALUE = 4
VALUES_PER_STEP = 8
VALUES_PER_SITE = {"moments": 8, "all": 18}
SPECTRAL_VALUES_PER_SITE = {"moments": 0, "all": 7}
BYTES_PER_HISTOGRAM = 70  # 80 bins that count few units
PROBE_PASSES = {"shifts": 13, "removals": 40, "dropout": 2}  # of the test part
PROBE_VALUES = {"shifts": 8, "removals": 20, "dropout": 4}
LINEAR_VALUES = 8  # of the probe `linear`, for each hidden layer
BYTES_PER_RUN = 100  # its row of `runs`, its place in the manifest
BYTES_PER_GROUP = 25_000  # schemas, indices and sums of a group's files

PEAK_FLOPS_PER_CORE = 9e10
NARROW = 96  # at this width a core's products reach half of that
# Of compiling a program, and of each tap in it.
PROGRAM_SECONDS = 3.0
SITE_SECONDS = 0.5
START_SECONDS = 5.0

type Path = tuple[str, ...]


class WeightLayers(NamedTuple):
    """Weight layers of one kernel shape.

    Attributes:
        kernel_shape: `(*window, in, out)`.
        positions: how often the kernel is applied to an image.
        number: how many layers.
    """

    kernel_shape: tuple[int, ...]
    positions: int
    number: int

    @property
    def products(self) -> int:
        """Products of one number with another that one layer takes for an image."""
        return math.prod(self.kernel_shape) * self.positions


def weight_layers(run: RunSpec) -> tuple[WeightLayers, ...]:
    """Returns the weight layers of a run's model, in the order of the forward pass."""
    found: dict[Path, list[Row]] = {}
    for row in rows_of(run):
        if row.kernel_shape:
            found.setdefault(row.path, []).append(row)
    return tuple(
        WeightLayers(rows[0].kernel_shape or (), rows[0].positions, len(rows))
        for rows in found.values()
    )


def scheme_passes(scheme: Law) -> float:
    """Returns what a scheme computes, in forward passes of its batch, before step 0.

    As far as it is known before: one rescaling of each layer, one round between layers.
    """
    match scheme:
        case Lsuv():
            return 2.0
        case Krahenbuhl(max_rounds=rounds):
            return 1.0 + (5.68 if rounds else 0.0)
        case MetaInit(steps=steps):
            return 23.9 * steps
        case GradInit(steps=steps):
            return 7.24 * steps
    return 0.0


def flops(run: RunSpec) -> int:
    """Returns the floating-point operations of the matrix products of one run."""
    data = run.data_size
    layers = weight_layers(run)
    forward = 2 * sum(layer.products * layer.number for layer in layers)
    # No gradient of the images is needed.
    step = run.batch_size * (3 * forward - 2 * layers[0].products)
    held_out = data.test + round(run.validation_fraction * data.train)
    spectral = make_schedule(run.measure, run.steps).spectral
    before = round(scheme_passes(run.scheme) * run.batch_size * forward)
    probing = sum(PROBE_PASSES.get(name, 0) for name in run.probes) * data.test
    if "linear" in run.probes:  # each hidden layer is reached anew, on average half the way
        probing += (len(layer_parameters(run)) - 1) * (data.train + data.test) // 2
    return before + (run.steps + 1) * step + (len(spectral) * held_out + probing) * forward


def expected_bytes(run: RunSpec) -> int:
    """Returns the expected bytes of what one run adds to a group's files."""
    schedule, chosen = make_schedule(run.measure, run.steps), run.measure.statistics
    measured, spectral = len(schedule.measured), len(schedule.spectral)
    sites = sum(row.is_site for row in rows_of(run))
    a_site = measured * VALUES_PER_SITE[chosen] + spectral * SPECTRAL_VALUES_PER_SITE[chosen]
    values = measured * VALUES_PER_STEP + sites * a_site
    kept = 0
    if "histograms" in run.measure.keep:
        kept += 2 * sites * BYTES_PER_HISTOGRAM  # before and after training
    if "first_kernel" in run.measure.keep:
        kept += 2 * BYTES_PER_VALUE * math.prod(weight_layers(run)[0].kernel_shape)
    kept += BYTES_PER_VALUE * sum(PROBE_VALUES.get(name, 0) for name in run.probes)
    if "linear" in run.probes:
        kept += BYTES_PER_VALUE * LINEAR_VALUES * (len(layer_parameters(run)) - 1)
    if "checkpoint" in run.measure.keep:
        numbers = sum(math.prod(each.shape) for own in layer_parameters(run) for each in own)
        kept += BYTES_PER_VALUE * numbers
    return BYTES_PER_RUN + BYTES_PER_VALUE * values + kept


def expected_seconds(run: RunSpec, cores: int) -> float:
    """Returns the expected seconds of one run on so many cores, its compilation left out.

    Products of narrow matrices do not reach a core's peak: half of it at width 96.
    """
    rate = PEAK_FLOPS_PER_CORE * run.width / (run.width + NARROW)
    return flops(run) / (rate * cores)


def program_seconds(run: RunSpec) -> float:
    """Returns the expected seconds that a run's program takes to compile.

    They grow with the taps that are compiled apart: a repeated block is scanned and has its own
    once, however deep the network is.
    """
    apart = {row.path for row in rows_of(run) if row.is_site}
    return PROGRAM_SECONDS + SITE_SECONDS * len(apart)


def available_cores() -> int:
    """Returns how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
