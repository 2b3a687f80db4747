"""Claims on banks of first-layer filters, one beside another, or a yardstick; a trial a window."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from initlab.analysis.claims.making import make_claim, positive_claim
from initlab.analysis.claims.trials import over_trials
from initlab.analysis.filter_arms import of_bank
from initlab.analysis.findings import Claim
from initlab.analysis.over_seeds import seed_interval
from initlab.analysis.verdicts import above

HALF = 0.5


@dataclass(frozen=True)
class Asked:
    """What is asked of a bank of filters.

    Attributes:
        name: words that the ids of its claims begin with.
        subject: of its sentences: `Trained filters`.
        does: what they are said to do, without a full stop.
        statistic: of `filter_arms.filter_numbers`, in which it shows.
        source: whose statement it is.
        unit: of what the measured number is, in words.
        figure: name of the drawing that shows it.
        query: how to compute the statistic again.
    """

    name: tuple[str, ...]
    subject: str
    does: str
    statistic: str
    source: str
    unit: str
    figure: str
    query: str


def claims_on_more(numbers: pd.DataFrame, asked: Asked, more: str, less: str) -> list[Claim]:
    """Returns the claim that one bank has more of a statistic than another, in every window.

    Args:
        numbers: of `filter_arms.filter_numbers`.
        asked: in the unit of the difference.
        more: the bank that has more.
        less: the one that has less.
    """

    def of_window(window: int) -> list[Claim]:
        one, other = (of_bank(numbers, window, bank, asked.statistic) for bank in (more, less))
        return positive_claim(
            (*asked.name, str(window)),
            f"{asked.subject} of {window} by {window} {asked.does}.",
            one - other,
            source=asked.source,
            unit=asked.unit,
            figure=asked.figure,
            query=f"{asked.query}: {more} less {less}, seed by seed",
            subject=(f"{window} by {window}",),
        )

    return over_windows(numbers, asked.name, f"{asked.subject} {asked.does}", of_window)


def claims_on_half(
    numbers: pd.DataFrame, asked: Asked, bank: str, yardstick: str, *, chance: float = 0.0
) -> list[Claim]:
    """Returns the claim that a bank comes at least half as far as a yardstick, in every window.

    Args:
        numbers: of `filter_arms.filter_numbers`.
        asked: its unit is that of the statistic.
        bank: of which it is asked.
        yardstick: the bank that does what is asked.
        chance: what the statistic is of a bank that does nothing of it.
    """

    def of_window(window: int) -> list[Claim]:
        own, full = (of_bank(numbers, window, one, asked.statistic) for one in (bank, yardstick))
        share = ((own - chance) / (full - chance)).dropna()
        if share.empty:
            return []
        less = f" - {chance:g}" if chance else ""
        much = "as far from chance as" if chance else "as much as"
        return [
            make_claim(
                (*asked.name, str(window)),
                f"{asked.subject} of {window} by {window} {asked.does}: at least half {much} "
                f"{yardstick}'s of that size.",
                source=asked.source,
                predicted=f"above {HALF}",
                unit=f"share of {yardstick}'s {asked.unit}",
                measured=seed_interval(share),
                verdict=partial(above, bound=HALF),
                figure=asked.figure,
                query=f"{asked.query}: (value{less}) over (that of {yardstick}{less}), seed by "
                "seed",
                subject=(f"{window} by {window}",),
            )
        ]

    return over_windows(numbers, asked.name, f"{asked.subject} {asked.does}", of_window)


def over_windows(
    numbers: pd.DataFrame,
    name: tuple[str, ...],
    statement: str,
    of_window: Callable[[int], list[Claim]],
) -> list[Claim]:
    """Returns the claim over all windows; `of_window` makes the one of a window, or none."""
    windows = sorted(map(int, numbers["window"].unique()))
    found = [claim for window in windows for claim in of_window(window)]
    return over_trials(name, statement, found, worst=operator.neg)
