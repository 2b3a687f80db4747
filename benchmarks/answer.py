"""An answer to a question about speed: what was measured, what is wanted, and whether it is met."""

from dataclasses import dataclass
from typing import Literal

from benchmarks.timing import Ratio

type Bound = Literal["at most", "at least"]
type Verdict = Literal["met", "missed", ""]


@dataclass(frozen=True)
class Answer:
    """One row of the table.

    Attributes:
        question: what was asked, in words.
        measured: the figure; None where it could not be had, and `note` says why.
        target: the figure that is wanted; None where the answer is there to be known.
        bound: on which side of the target the figure has to lie.
        unit: of the figure and the target; empty for ratios.
        median: the median over rounds, where rounds were repeated.
        low: the least of the rounds.
        high: the greatest of the rounds.
        note: what else a reader has to know.
    """

    question: str
    measured: float | None
    target: float | None = None
    bound: Bound = "at most"
    unit: str = ""
    median: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether the target is met; empty without a figure or without a target."""
        if self.measured is None or self.target is None:
            return ""
        if self.bound == "at most":
            return "met" if self.measured <= self.target else "missed"
        return "met" if self.measured >= self.target else "missed"


def from_ratio(
    question: str,
    ratio: Ratio,
    target: float | None = None,
    bound: Bound = "at most",
    note: str = "",
) -> Answer:
    """Returns the answer that a ratio of two timings gives."""
    return Answer(
        question,
        ratio.value,
        target,
        bound,
        median=ratio.median,
        low=ratio.low,
        high=ratio.high,
        note=note,
    )
