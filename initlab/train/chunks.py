"""A schedule cut into chunks: what one call of the compiled program does."""

from dataclasses import dataclass

import numpy as np

from initlab.spec.schedule import Schedule

MAX_STEPS = 32


@dataclass(frozen=True)
class Chunk:
    """Stretches of steps: a measured one, if any, and the plain ones after it.

    Attributes:
        measured: `(MAX_STEPS,)` 1 where the stretch begins with a measured step, else 0.
        spectral: `(MAX_STEPS,)` whether that step takes the costly statistics.
        plain: `(MAX_STEPS,)` plain steps after it.
        number: how many stretches there are.
    """

    measured: np.ndarray
    spectral: np.ndarray
    plain: np.ndarray
    number: np.ndarray

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The four arrays, in the order that the compiled program takes them."""
        return self.measured, self.spectral, self.plain, self.number

    @property
    def steps(self) -> int:
        """The number of steps that the chunk makes, measured and plain."""
        return int(self.measured.sum() + self.plain.sum())


def cut(schedule: Schedule) -> list[Chunk]:
    """Returns the chunks of a schedule, each of 32 steps but the last."""
    last = schedule.measured[-1]
    is_measured = np.isin(np.arange(last + 1), schedule.measured)
    return [
        _chunk(range(start, min(start + MAX_STEPS, last + 1)), is_measured, schedule)
        for start in range(0, last + 1, MAX_STEPS)
    ]


def _chunk(steps: range, is_measured: np.ndarray, schedule: Schedule) -> Chunk:
    """Returns the stretches of consecutive steps."""
    starts = [step for step in steps if is_measured[step] or step == steps.start]
    ends = [*starts[1:], steps.stop]
    measured, spectral, plain = (np.zeros(MAX_STEPS, np.int32) for _ in range(3))
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        measured[index] = is_measured[start]
        spectral[index] = start in schedule.spectral
        plain[index] = end - start - measured[index]
    return Chunk(measured, spectral.astype(np.bool_), plain, np.array(len(starts), np.int32))
