"""Drawings of means over seeds: what their captions say of seeds, interval and what is left out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from initlab.analysis.findings import Drawing
from initlab.analysis.intervals import MIN_SEEDS
from initlab.analysis.numbers import counted, number
from initlab.analysis.over_seeds import means

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DIVERGED = "runs had diverged"


def drawing(
    name: str,
    caption: str,
    table: pd.DataFrame,
    alt: Callable[[pd.DataFrame], str],
    draw: Callable[[pd.DataFrame], "Figure"],
    *,
    ended: str = DIVERGED,
    **said: Any,
) -> list[Drawing]:
    """Returns the drawing of a table of means, none where no run has a value or diverged.

    Args:
        name: of the figure.
        caption: what it shows; seeds, interval and what is left out are added.
        table: of `average`.
        alt: says the same to whom cannot see it.
        draw: draws it.
        ended: what became of the runs of a mean that `num_diverged` counts.
        said: arguments of `seeds_in_words`.
    """
    if not has_values(table):
        return []
    caption = f"{caption} {seeds_in_words(table, **said)}{left_out(means(table), ended=ended)}"
    return [Drawing(name, caption, alt(table), table, draw)]


def in_words(table: pd.DataFrame, what: str) -> str:
    """Returns what a chart of a table of means shows: values by statistic, panels, seeds."""
    mean = means(table)
    ranges = [
        f"{str(name).replace('_', ' ')} from {number(of['value'].min())} to "
        f"{number(of['value'].max())}"
        for name, of in mean.dropna(subset="value").groupby("statistic")
    ]
    panels = ", ".join(dict.fromkeys(map(str, mean["activation"])))
    return f"{what}: {'; '.join(ranges)}. Panels: {panels}. {seeds_in_words(table)}"


def has_values(table: pd.DataFrame) -> bool:
    """Tells whether a table of `average` has a mean to draw, or a run that diverged."""
    mean = means(table)
    return bool(mean["value"].notna().any() or mean["num_diverged"].any())


def seeds_in_words(table: pd.DataFrame, *, mean: str = "Mean", interval: bool = True) -> str:
    """Returns over how many seeds a drawn mean goes, and with what interval.

    Args:
        table: of `average`, or with its column `n`.
        mean: which mean: `Mean`, `Geometric mean`.
        interval: whether its interval is drawn.
    """
    n = means(table)["n"] if "seed" in table else table["n"]
    n = n[n > 0]
    said = f"{mean} over n = {_span(n)} {'seed' if (n == 1).all() else 'seeds'}"
    few = n < MIN_SEEDS
    if interval and few.all():
        said += ", without an interval: the single seeds are drawn"
    elif interval:
        said += ", with its 95 % t interval"
        said += "; where fewer than five count, the single seeds" if few.any() else ""
    return f"{said}."


def left_out(table: pd.DataFrame, *, ended: str = DIVERGED) -> str:
    """Returns what is in no mean of a table of means: zeros, overflow, diverged runs; or nothing.

    At step 0 no run can have diverged: what is no number there has overflowed on its way through
    the network.

    Args:
        table: of means of `average`.
        ended: what became of the runs that `num_diverged` counts after step 0.
    """
    parts = []
    if "num_zero" in table and (zero := int((table["num_zero"] > 0).sum())):
        parts.append(f"in {counted(zero, 'point')} a signal is exactly zero")
    missing = table["num_diverged"] > 0
    before = missing & (table["step"] == 0) if "step" in table else missing & False
    if at_once := int(before.sum()):
        parts.append(
            f"in {counted(at_once, 'point')} the forward pass of some seeds overflows before any "
            "training"
        )
    if later := int((missing & ~before).sum()):
        parts.append(f"in {counted(later, 'point')} {ended}")
    return f" {'; '.join(parts).capitalize()}." if parts else ""


def _span(n: "pd.Series[int]") -> str:
    """Returns the numbers of seeds from least to most."""
    if n.empty:
        return "0"
    low, high = int(n.min()), int(n.max())
    return str(low) if low == high else f"{low} to {high}"
