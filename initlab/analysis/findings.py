"""What an experiment's `analysis.py` returns: the answer, claims, figures and tables."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Verdict = Literal["supported", "refuted", "inconclusive"]


@dataclass(frozen=True)
class Claim:
    """A statement that the experiment tests.

    Attributes:
        id: short name, unique in the report: letters, digits and hyphens.
        statement: one sentence that can be true or false.
        source: whose statement it is, with the reference of the prediction.
        predicted: the value or the relation that was expected, as text.
        measured: the number that was found.
        interval: lower and upper end of its interval; None where n is below 5.
        n: number of seeds behind `measured`.
        verdict: what the data say.
        figure: name of the drawing that shows it.
        query: how `measured` is computed from the tables, in words precise enough to do it again.
    """

    id: str
    statement: str
    source: str
    predicted: str
    measured: float
    interval: tuple[float, float] | None
    n: int
    verdict: Verdict
    figure: str
    query: str


@dataclass(frozen=True)
class Drawing:
    """A figure to be drawn: its numbers, and the function that draws them.

    Attributes:
        name: file name without ending, unique in the report.
        caption: what is shown, with n, statistic and interval.
        alt: the same in words for whom cannot see it: kind of chart, axes with ranges, groups,
            main number.
        table: exactly the numbers that are drawn, written beside the figure as CSV.
        draw: returns the figure drawn from that table.
    """

    name: str
    caption: str
    alt: str
    table: pd.DataFrame
    draw: Callable[[pd.DataFrame], "Figure"]


@dataclass(frozen=True)
class Listing:
    """A table to be printed: `name`, `caption` and the rows, already rounded for reading."""

    name: str
    caption: str
    table: pd.DataFrame


@dataclass(frozen=True)
class Findings:
    """Everything that a report says, apart from how the runs were made."""

    answer: tuple[str, ...]
    claims: tuple[Claim, ...]
    drawings: tuple[Drawing, ...]
    listings: tuple[Listing, ...] = ()
