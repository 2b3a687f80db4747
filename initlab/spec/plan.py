"""Which runs share a compiled program, and what a sweep will cost: pure, and before any run."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from initlab.spec.content import content_id
from initlab.spec.cost import (
    BYTES_PER_GROUP,
    START_SECONDS,
    expected_bytes,
    expected_seconds,
    flops,
    program_seconds,
)
from initlab.spec.layer_laws import layer_laws
from initlab.spec.memory import (
    BYTES_PER_DRAWING,
    BYTES_PER_PROGRAM,
    KEPT_PROGRAMS,
    START_BYTES,
    held_bytes,
    image_bytes,
)
from initlab.spec.schema import RunSpec

MAX_GROUP = 256

VALUES = frozenset(
    {
        "initializer",
        "first_initializer",
        "readout_initializer",
        "bias_initializer",
        "removed_layers",
        "head_initializer",
        "frozen_layers",
        "head_learning_rate_multiplier",
        "learning_rate_multipliers",
        "scheme",
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

    @cached_property
    def signature(self) -> str:
        """Content hash of what the runs' compiled program is specific to."""
        return signature(self.runs[0])

    @property
    def bytes(self) -> int:
        """Expected bytes of the committed group."""
        return BYTES_PER_GROUP + len(self.runs) * expected_bytes(self.runs[0])


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
    def program_seconds(self) -> float:
        """Expected seconds of compiling the training programs."""
        firsts = {group.signature: group.runs[0] for group in self.groups}
        return sum(map(program_seconds, firsts.values()))

    @property
    def flops(self) -> int:
        """Floating-point operations of the matrix products of training and evaluation."""
        return sum(len(group.runs) * flops(group.runs[0]) for group in self.groups)

    @property
    def bytes(self) -> int:
        """Expected bytes of the committed groups."""
        return sum(group.bytes for group in self.groups)

    def peak_memory_bytes(self, cores: int) -> int:
        """Returns the expected peak of a worker's memory on so many cores, 0 with nothing to do."""
        if not self.groups:
            return 0
        chosen = {
            (
                run.initializer,
                run.first_law,
                run.readout_law,
                run.head_initializer,
                run.removed_layers,
                run.bias_initializer,
                group.signature,
            ): run
            for group in self.groups
            for run in group.runs
        }
        drawn = {
            (law.label, layer.kernel_shape, layer.groups, is_bias)
            for run in chosen.values()
            for layer in layer_laws(run)
            for law, is_bias in ((layer.kernel, False), (layer.bias, True))
        }
        kept = min(self.programs, KEPT_PROGRAMS + 1)
        largest = max(held_bytes(group.runs[0], len(group.runs), cores) for group in self.groups)
        firsts = [group.runs[0] for group in self.groups]
        images = {(run.dataset, run.image_size): image_bytes(run) for run in firsts}
        # Every set stays on the host; each program has one on every core.
        loaded = sum(images.values()) + kept * cores * max(images.values())
        compiled = kept * BYTES_PER_PROGRAM + len(drawn) * BYTES_PER_DRAWING
        return START_BYTES + loaded + compiled + largest

    def seconds(self, cores: int) -> float:
        """Returns the expected duration on so many cores, zero where nothing is left to do."""
        training = sum(
            len(group.runs) * expected_seconds(group.runs[0], cores) for group in self.groups
        )
        start = START_SECONDS if self.groups else 0.0
        return start + self.program_seconds + training


def signature(run: RunSpec) -> str:
    """Returns the content hash of everything that the compiled program is specific to.

    Initializers, schemes, scales, learning rate, momentum, input scaling and seed are absent: they
    only change the values of arrays that the program takes in.
    """
    fields: dict[str, Any] = {
        name: value for name, value in run.canonical.items() if name not in VALUES
    }
    fields["clipped"] = run.gradient_clip != "none"
    fields["decayed"] = run.weight_decay > 0.0
    if run.multiplied:
        fields["multiplied"] = True
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
