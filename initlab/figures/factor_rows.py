"""Factors of the mean square, a row each: measured, and what theory expects."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from initlab.analysis.captions import left_out
from initlab.analysis.names import short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import Margins, panels
from initlab.figures.line_ends import LETTER
from initlab.figures.marks import draw_mark
from initlab.figures.style import BLUE, INK, SOLID, Look, house_style, plain_text
from initlab.figures.words import listed, seeds, span

ROW = 0.2  # inches
SIZE = 4.2
LOOK = Look(BLUE, SOLID, "o")
WIDE_RANGE = 1.5  # from least to greatest, from which on the axis is logarithmic
TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 20.0, 50.0, 100.0)


def plot_factor_rows(table: pd.DataFrame, ax: Axes, *, labels: Sequence[str]) -> Axes:
    """Draws a row for each factor: mean and interval, or seeds, and a bar where theory has it.

    Args:
        table: of `analysis.choice_factors.factor_table`.
        ax: where to draw.
        labels: of the rows, the first uppermost.
    """
    for place, label in enumerate(labels):
        rows = table[table["label"] == label]
        for record in rows.to_dict("records"):
            draw_mark(ax, place, record, LOOK, size=SIZE, along="x")
        expected = rows["predicted"].iloc[:1].dropna()
        ax.plot(expected, [place] * len(expected), "|", color="black", markersize=10, zorder=1)
    ax.axvline(1.0, color="#8a8a8a", linewidth=0.7, zorder=0)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_yticks(range(len(labels)))
    ax.tick_params(axis="y", length=0)
    return _scaled(table, ax)


def _scaled(table: pd.DataFrame, ax: Axes) -> Axes:
    """Makes the horizontal axis as wide as the factors need, logarithmic where they are far."""
    held = pd.concat([table[name] for name in ("value", "low", "high", "predicted")]).dropna()
    low, high = min(1.0, *held), max(1.0, *held)
    if high / low < WIDE_RANGE:
        ax.margins(x=0.05)
        ax.xaxis.set_major_locator(MaxNLocator(6))
        return ax
    ax.set_xscale("log")
    ax.set_xlim(low / 1.15, high * 1.15)
    inside = [tick for tick in TICKS if low / 1.15 <= tick <= high * 1.15]
    ax.xaxis.set_major_locator(FixedLocator(inside))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter("{x:g}")
    return ax


def draw_factor_rows(table: pd.DataFrame) -> Figure:
    """Returns one panel with a row for each factor, in the order of the table.

    Args:
        table: of `analysis.choice_factors.factor_table`.
    """
    labels = list(dict.fromkeys(table["label"]))
    written = [plain_text(name, 36) for name in short_names(labels).values()]
    left = 0.15 + LETTER * max(map(len, written))
    with house_style():
        figure, axes = panels(
            1, 1, height=ROW * len(labels), margins=Margins(left=left, top=0.1, bottom=0.42)
        )
        (ax,) = axes.flat
        plot_factor_rows(table, ax, labels=labels)
        ax.set_yticklabels(written, parse_math=False)
        ax.set_xlabel("factor of the mean square", color=INK)
    return figure


def alt_factor_rows(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axis with range, rows, and theory's numbers."""
    mean = means(table)
    names = short_names(mean["label"])
    told = [
        f"{names[row['label']]} {number(row['value'])}"
        + ("" if pd.isna(row["predicted"]) else f" ({number(row['predicted'])} expected)")
        for _, row in mean.iterrows()
    ]
    return (
        f"Dot chart of factors of the mean square ({span(mean['value'])}), a row each: "
        f"{listed(told)}. Geometric {seeds(mean)}.{left_out(mean)}"
    )
