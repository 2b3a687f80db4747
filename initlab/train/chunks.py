"""A schedule cut into chunks: what one call of the compiled program does."""

from dataclasses import dataclass

import numpy as np

from initlab.spec.schedule import CHUNK_STEPS, Schedule


@dataclass(frozen=True)
class Chunk:
    """Consecutive steps, and what is measured at each.

    Attributes:
        measured: `(length,)` whether the step is on the schedule.
        spectral: `(length,)` whether it takes the costly statistics too.
        number: how many steps there are.
        first: the number of the first step.
    """

    measured: np.ndarray
    spectral: np.ndarray
    number: np.ndarray
    first: int

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The three arrays, in the order that the compiled program takes them."""
        return self.measured, self.spectral, self.number

    @property
    def rows(self) -> int:
        """The number of measured steps."""
        return int(self.measured.sum())


def cut(schedule: Schedule) -> list[Chunk]:
    """Returns the chunks of a schedule: of 32 steps each but the last, or one of all its steps."""
    last = schedule.measured[-1]
    length = min(CHUNK_STEPS, last + 1)
    return [_chunk(start, length, schedule) for start in range(0, last + 1, length)]


def _chunk(first: int, length: int, schedule: Schedule) -> Chunk:
    """Returns the chunk that begins with step `first`."""
    steps = np.arange(first, first + length)
    measured = np.isin(steps, schedule.measured)
    spectral = np.isin(steps, list(schedule.spectral))
    number = min(length, schedule.measured[-1] + 1 - first)
    return Chunk(measured, spectral, np.array(number, np.int32), first)
