"""Numbers that are told beside those that are found: a row each, on a logarithmic axis."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from initlab.analysis.numbers import number
from initlab.analysis.size_facts import FOUND, STATED
from initlab.figures.axes import LINE, Margins, log_scale, panels
from initlab.figures.line_ends import LETTER
from initlab.figures.style import BLUE, INK, SMALL, VERMILLION, house_style, plain_text
from initlab.figures.words import listed

ROW = 0.16  # inches
MOST = 58  # letters of a row's name, which ticks write wider than names at lines' ends
WIDER = 1.13


def plot_facts(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draws a row a fact, the first uppermost: a ring where it is told, a dot where it is found.

    A line joins the two where they part.

    Args:
        table: of `analysis.size_facts.facts_table`.
        ax: where to draw.
    """
    labels = list(dict.fromkeys(table["label"]))
    for row, label in enumerate(labels):
        of_it = table[table["label"] == label].set_index("statistic")["value"]
        told, found = float(of_it[STATED]), float(of_it[FOUND])
        wrong = bool(table.loc[table["label"] == label, "mistaken"].any())
        color = VERMILLION if wrong else BLUE
        ax.plot([told, found], [row, row], color=color, linewidth=0.8)
        ax.plot(
            told, row, "o", markersize=6, markerfacecolor="none", markeredgecolor=color,
            markeredgewidth=0.8,
        )  # fmt: skip
        ax.plot(found, row, "o", markersize=2.8, color=color, markeredgewidth=0)
        ax.annotate(
            written(found), (max(told, found), row), (6, 0), textcoords="offset points",
            va="center", fontsize=SMALL, color=INK, parse_math=False,
        )  # fmt: skip
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_yticks(range(len(labels)), [plain_text(label, MOST) for label in labels])
    for text in ax.get_yticklabels():
        text.set_parse_math(False)
    ax.tick_params(axis="y", length=0)
    low, high = float(table["value"].min()), float(table["value"].max())
    log_scale(ax, low / 3, high * 20, ticks=6, along="x")
    return ax


def written(value: float) -> str:
    """Returns a number with all its digits where it is whole, else four.

    >>> written(50_176_000), written(7 / 3)
    ('50,176,000', '2.333')
    """
    return f"{value:,.0f}" if value == round(value) else f"{value:.4g}"


def draw_facts(table: pd.DataFrame) -> Figure:
    """Returns the figure of `plot_facts`, with its key.

    Args:
        table: of `analysis.size_facts.facts_table`.
    """
    labels = list(dict.fromkeys(table["label"]))
    left = 0.15 + WIDER * LETTER * max(len(plain_text(label, MOST)) for label in labels)
    with house_style():
        margins = Margins(left=left, top=LINE + 0.12, bottom=0.42)
        figure, axes = panels(1, 1, height=ROW * len(labels), margins=margins)
        ax = plot_facts(table, axes[0, 0])
        ax.set_xlabel("number, as told and as found")
        ring = {"linestyle": "none", "marker": "o", "markerfacecolor": "none", "markersize": 6}
        handles = [
            Line2D([], [], markeredgecolor=INK, **ring),  # type: ignore[arg-type]
            Line2D([], [], linestyle="none", marker="o", markersize=2.8, color=INK),
            Line2D([], [], color=VERMILLION, linewidth=1.2),
        ]
        shown = 3 if table["mistaken"].any() else 2
        names = ["as told", "as found", "known for a mistake"]
        figure.legend(
            handles[:shown], names[:shown], loc="upper right", ncols=shown, frameon=False,
            borderaxespad=0.2, handletextpad=0.4,
        )  # fmt: skip
    return figure


def alt_facts(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, range, and which numbers part."""
    values = table["value"]
    pairs = table.pivot_table(index="label", columns="statistic", values="value", sort=False)
    parted = [
        f"{label} ({written(told)} told, {written(found)} found)"
        for label, told, found in zip(pairs.index, pairs[STATED], pairs[FOUND], strict=True)
        if abs(told / found - 1) > 1e-2
    ]
    return (
        f"Dot chart of {len(pairs)} numbers, from {number(float(values.min()))} to "
        f"{number(float(values.max()))} on a logarithmic axis, a row each: a ring where it is "
        f"told, a dot where it is found. They part at {listed(parted or ['none'])}."
    )
