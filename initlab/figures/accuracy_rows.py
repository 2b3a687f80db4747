"""Accuracy at one depth: a row an initializer, whose name stands beside its marks."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.names import activation_order, short_names
from initlab.figures.axes import Margins, blocks, ordered, panels, title
from initlab.figures.line_ends import LETTER
from initlab.figures.marks import draw_mark
from initlab.figures.scales import share_scale
from initlab.figures.style import INK, Look, house_style, looks, plain_text
from initlab.figures.words import statistic_name, statistics_of

ROW = 0.135  # inches
COLUMNS = 3
SIZE = 3.8


def plot_accuracy_rows(
    table: pd.DataFrame, ax: Axes, *, look: Mapping[str, Look], by: str = "initializer"
) -> Axes:
    """Draws one row per initializer, the first uppermost: mean and interval, or seeds.

    Args:
        table: one activation, depth and statistic of `analysis.training.final_values`.
        ax: where to draw.
        look: label to look.
        by: column that tells rows apart.
    """
    share_scale(ax, table, along="x")
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
        table: one depth of `analysis.training.final_values`.
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
            rows = table[table["activation"] == activation]
            plot_accuracy_rows(rows[rows["statistic"] == statistic], ax, look=look, by=by)
            title(ax, activation)
            ax.set_xlabel(statistic_name(statistic, unit), color=INK)
        for ax in axes[:, 0]:
            ax.tick_params(labelleft=True)
            ax.set_yticklabels(written, parse_math=False)
    return figure
