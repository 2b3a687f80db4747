"""Accuracy, or the steps to one, at one depth: a row an initializer, its name beside its marks."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.captions import left_out
from initlab.analysis.names import activation_order, short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.analysis.reaching import REACHED
from initlab.figures.axes import Margins, blocks, ordered, panels, title
from initlab.figures.line_ends import LETTER
from initlab.figures.marks import draw_mark
from initlab.figures.scales import count_scale, share_scale
from initlab.figures.style import INK, Look, house_style, looks, plain_text
from initlab.figures.words import extreme, listed, seeds, span, statistic_name, statistics_of

ROW = 0.135  # inches
COLUMNS = 3
SIZE = 3.8


def plot_accuracy_rows(
    table: pd.DataFrame,
    ax: Axes,
    *,
    look: Mapping[str, Look],
    by: str = "initializer",
    shown: pd.DataFrame | None = None,
) -> Axes:
    """Draws one row per initializer, the first uppermost: mean and interval, or seeds.

    Args:
        table: one activation, depth and statistic of `analysis.training.final_values`, or of
            `analysis.reaching.reaching_table`.
        ax: where to draw.
        look: label to look.
        by: column that tells rows apart.
        shown: the rows that an axis of steps has to hold; by default those of `table`.
    """
    counts = (table["statistic"] == REACHED).any()
    scale = count_scale if counts else share_scale
    scale(ax, table if shown is None else shown, along="x")
    for row, (label, how) in enumerate(look.items()):
        for record in table[table[by] == label].to_dict("records"):
            draw_mark(ax, row, record, how, size=SIZE, along="x")
    ax.set_ylim(len(look) - 0.5, -0.5)
    ax.set_yticks(range(len(look)))
    ax.tick_params(axis="y", length=0, labelleft=False)
    return ax


def draw_accuracy_rows(
    table: pd.DataFrame, *, by: str = "initializer", unit: str = "unit"
) -> Figure:
    """Returns small multiples: a panel an activation, and a block of rows a statistic.

    Args:
        table: one depth of `analysis.training.final_values`, or of
            `analysis.reaching.reaching_table`.
        by: column that tells rows apart.
        unit: what a layer's units are called.
    """
    names = short_names(table[by].unique())
    look = looks(names)
    written = [plain_text(names[label]) for label in look]
    activations = ordered(table["activation"].unique().tolist(), activation_order)
    statistics = statistics_of(table)
    across = min(COLUMNS, len(activations))
    down = -(-len(activations) // across) * len(statistics)
    left = 0.15 + LETTER * max(map(len, written))
    with house_style():
        figure, axes = panels(
            down, across, height=ROW * len(look), margins=Margins(left=left, down=0.62)
        )
        for ax, statistic, activation in blocks(axes, statistics, activations):
            whole = table[table["statistic"] == statistic]
            rows = whole[whole["activation"] == activation]
            plot_accuracy_rows(rows, ax, look=look, by=by, shown=whole)
            title(ax, activation)
            ax.set_xlabel(statistic_name(statistic, unit), color=INK)
        for ax in axes[:, 0]:
            ax.tick_params(labelleft=True)
            ax.set_yticklabels(written, parse_math=False)
    return figure


def alt_accuracy_rows(table: pd.DataFrame, *, by: str = "initializer") -> str:
    """Returns the figure in words: chart, axis with its range, rows, and both ends."""
    mean = means(table)
    name = statistic_name(str(mean["statistic"].iloc[0]))
    names = short_names(mean[by].unique())
    text = (
        f"Dot charts of {name} ({span(mean['value'])}), a row each {by}: "
        f"{listed(list(names.values()))}. Panels: {listed(sorted(set(mean['activation'])))}. "
        f"{seeds(mean).capitalize()}.{left_out(mean)}"
    )
    known = mean.dropna(subset="value")
    if known.empty:
        return text
    ends = (extreme(known, "value", least=least) for least in (True, False))
    least, most = (
        f"{number(row['value'])} ({names[row[by]]}, {row['activation']})" for row in ends
    )
    return f"{text} The least is {least}, the most {most}."
