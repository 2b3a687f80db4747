"""Timing by turns: arms that are compared run in the same seconds, again and again.

The peers' environment imports this module too: standard library alone, Python 3.10 or newer.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """The seconds that one arm took, round by round."""

    seconds: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """The seconds of the round that was disturbed least."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The median of the rounds, in seconds."""
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Ratio:
    """One arm over another.

    Attributes:
        value: the ratio of the two minima, the figure that is least disturbed.
        median: the median over rounds of the ratio within a round.
        low: the least ratio within a round.
        high: the greatest ratio within a round.
    """

    value: float
    median: float
    low: float
    high: float


def by_turns(
    arms: Mapping[str, Callable[[], object]],
    rounds: int,
    guard: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> dict[str, Timing]:
    """Returns the timing of every arm, measured A B, B A, A B ... after one call to warm up.

    Args:
        arms: functions that return when their work is done, not when it is under way.
        rounds: how often each arm is timed, at least 1.
        guard: makes a context that the timed rounds are within, and the warming up is not.
    """
    for arm in arms.values():
        arm()
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    with guard():
        for turn in range(rounds):
            for name in list(arms) if turn % 2 == 0 else reversed(list(arms)):
                started = time.perf_counter()
                arms[name]()
                seconds[name].append(time.perf_counter() - started)
    return {name: Timing(tuple(values)) for name, values in seconds.items()}


def ratio(above: Timing, below: Timing, factor: float = 1.0) -> Ratio:
    """Returns `factor` times the time of `above` over the time of `below`, of the same rounds.

    Raises:
        ValueError: if the two were not timed in the same number of rounds.
    """
    by_round = [factor * a / b for a, b in zip(above.seconds, below.seconds, strict=True)]
    value = factor * above.minimum / below.minimum
    return Ratio(value, statistics.median(by_round), min(by_round), max(by_round))
