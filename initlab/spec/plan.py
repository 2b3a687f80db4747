"""Which runs share a compiled program, and what a sweep will cost: pure, and before any run."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from initlab.spec.content import content_id
from initlab.spec.datasets import DATASETS
from initlab.spec.schedule import make_schedule
from initlab.spec.schema import RunSpec

MAX_GROUP = 256
BYTES_PER_LAYER_ROW = 110
BYTES_PER_RUN = 4_000
FLOPS_PER_SECOND = 8e10
SECONDS_PER_PROGRAM = 4.0

VALUES = frozenset(
    {
        "initializer",
        "readout_initializer",
        "bias_initializer",
        "inputs",
        "learning_rate",
        "warmup_steps",
        "momentum",
        "adam_beta1",
        "adam_beta2",
        "adam_epsilon",
        "gradient_clip",
        "weight_decay",
        "seed",
    }
)


@dataclass(frozen=True)
class Group:
    """Runs of one signature, at most 256: the unit of execution, of commit and of retry."""

    runs: tuple[RunSpec, ...]

    @cached_property
    def group_id(self) -> str:
        """Content hash of the run ids."""
        return content_id(sorted(run.run_id for run in self.runs))

    @property
    def signature(self) -> str:
        """Content hash of what the runs' compiled program is specific to."""
        return signature(self.runs[0])


@dataclass(frozen=True)
class Plan:
    """The groups of a sweep that are not committed yet, in order of execution."""

    groups: tuple[Group, ...]

    @property
    def runs(self) -> int:
        """The number of runs."""
        return sum(len(group.runs) for group in self.groups)

    @property
    def programs(self) -> int:
        """The number of training programs to compile."""
        return len({group.signature for group in self.groups})

    @property
    def flops(self) -> int:
        """Floating-point operations of the matrix products of training and evaluation."""
        return sum(flops(run) for group in self.groups for run in group.runs)

    @property
    def bytes(self) -> int:
        """Expected bytes of the committed tables."""
        return sum(expected_bytes(run) for group in self.groups for run in group.runs)

    @property
    def seconds(self) -> float:
        """Expected duration: 80 GFLOP/s for the machine and 4 s for a program's compilation."""
        return self.flops / FLOPS_PER_SECOND + self.programs * SECONDS_PER_PROGRAM


def signature(run: RunSpec) -> str:
    """Returns the content hash of everything that the compiled program is specific to.

    Initializers, scales, learning rate, momentum, input scaling and seed are absent: they only
    change the values of arrays that the program takes in.
    """
    fields: dict[str, Any] = {
        name: value for name, value in run.canonical.items() if name not in VALUES
    }
    fields["clipped"] = run.gradient_clip != "none"
    fields["decayed"] = run.weight_decay > 0.0
    return content_id(fields)


def make_plan(runs: Iterable[RunSpec], committed: Collection[str] = ()) -> Plan:
    """Returns the groups of the runs that are not in `committed`, a collection of run ids.

    Runs are grouped by signature, signatures in order of first appearance, and a signature's
    runs are cut in declared order into groups of at most 256.
    """
    by_signature: dict[str, list[RunSpec]] = {}
    for run in runs:
        if run.run_id not in committed:
            by_signature.setdefault(signature(run), []).append(run)
    groups = tuple(
        Group(tuple(members[start : start + MAX_GROUP]))
        for members in by_signature.values()
        for start in range(0, len(members), MAX_GROUP)
    )
    return Plan(groups)


def kernel_shapes(run: RunSpec) -> list[tuple[int, ...]]:
    """Returns the kernel shape of every weight layer, first to readout; imports the models."""
    from initlab.models import STACKS

    data = DATASETS[run.dataset]
    stacks = STACKS[run.model](
        inputs=math.prod(data.image_shape), width=run.width, depth=run.depth, outputs=data.classes
    )
    return [stack.kernel_shape for stack in stacks for _ in range(stack.count)]


def flops(run: RunSpec) -> int:
    """Returns the floating-point operations of the matrix products of one run."""
    weights = [math.prod(shape) for shape in kernel_shapes(run)]
    forward = 2 * sum(weights)
    backward = 2 * forward - 2 * weights[0]
    spectral = make_schedule(run.measure, run.steps).spectral
    training = (run.steps + 1) * run.batch_size * (forward + backward)
    return training + len(spectral) * DATASETS[run.dataset].test * forward


def expected_bytes(run: RunSpec) -> int:
    """Returns the expected bytes of one run's rows, from the compressed size of real sweeps."""
    rows = len(make_schedule(run.measure, run.steps).measured) * run.depth
    return rows * BYTES_PER_LAYER_ROW + BYTES_PER_RUN
