"""When a run is measured: the schedule of a specification as numbers of steps."""

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from initlab.spec.content import content_id
from initlab.spec.measure import Every, Measure

PER_OCTAVE = 2
CHUNK_STEPS = 32  # that one call of a compiled program makes at most


@dataclass(frozen=True)
class Schedule:
    """The measured steps, ascending, and those of them that take the costly statistics too."""

    measured: tuple[int, ...]
    spectral: frozenset[int]

    @functools.cached_property
    def digest(self) -> str:
        """Content hash of the steps: what `"log"` stands for is part of a run's identity."""
        return content_id([self.measured, sorted(self.spectral)])


@functools.lru_cache(maxsize=64)
def make_schedule(measure: Measure, steps: int) -> Schedule:
    """Returns the schedule of a run of `steps` optimizer updates; 0 and the last are always in it.

    `"log"` takes two steps an octave; `"every"` each step.

    >>> make_schedule(Measure(), 16).measured
    (0, 1, 2, 3, 4, 6, 8, 11, 16)
    """
    declared = measure.steps
    if isinstance(declared, Every):
        chosen: Iterable[int] = range(0, steps, declared.every)
    elif declared == "every":
        chosen = range(steps)
    elif declared == "log":
        octaves = math.log2(max(steps, 1))
        chosen = (
            round(2 ** (index / PER_OCTAVE)) for index in range(int(octaves * PER_OCTAVE) + 1)
        )
    else:
        chosen = declared
    measured = tuple(sorted({0, steps, *(step for step in chosen if step <= steps)}))
    return Schedule(measured, _spread(measured, measure.spectral_steps))


def _spread(measured: tuple[int, ...], number: int) -> frozenset[int]:
    """Returns `number` of the measured steps, spaced evenly in the logarithm, ends included."""
    if number >= len(measured):
        return frozenset(measured)
    if number <= 1:
        return frozenset(measured[-1:] if number else ())
    last = math.log1p(measured[-1])
    wanted = [last * index / (number - 1) for index in range(number)]
    positions = [math.log1p(step) for step in measured]
    chosen: list[int] = []
    for index, target in enumerate(wanted):
        first = chosen[-1] + 1 if chosen else 0
        final = len(measured) - (number - index)
        nearest = min(range(first, final + 1), key=lambda i: abs(positions[i] - target))
        chosen.append(nearest)
    return frozenset(measured[index] for index in chosen)
