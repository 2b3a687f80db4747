"""First kernels: the incoming weights of units as images, before and after training."""

from collections.abc import Hashable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.names import initializer_order, short_names
from initlab.figures.axes import Margins, panels, row_name, title
from initlab.figures.strips import colour_bar, plot_strip, side_name
from initlab.figures.style import SMALL, house_style, page_width
from initlab.figures.words import groups, span

WHEN = ("before", "after")


def plot_first_kernels(table: pd.DataFrame, ax: Axes, *, limit: float) -> Axes:
    """Draws the incoming weights of a run's units side by side, white at zero.

    Args:
        table: one run and time of `analysis.arrays.first_kernels`.
        ax: where to draw.
        limit: the weight at the ends of the colours, positive.
    """
    return plot_strip(table, ax, number="unit", value="weight", limits=(-limit, limit))


def draw_first_kernels(table: pd.DataFrame) -> Figure:
    """Returns strips of images: a row a trial, its units before training left and after it right.

    One scale of colours holds for all, its ends the greatest magnitude in the table.

    Args:
        table: of `analysis.arrays.first_kernels`, one seed a trial.
    """
    rows = _rows(table)
    units = int(table["unit"].nunique())
    limit = float(table["weight"].abs().max()) or 1.0
    left, across = 1.5, 0.12
    strip = (page_width() - left - 0.1 - across) / 2
    side = int(table["row"].max()) + 1
    height = strip * side / (units * (side + 1) - 1)
    margins = Margins(left=left, right=0.1, top=0.26, bottom=0.5, across=across, down=0.07)
    with house_style():
        figure, axes = panels(len(rows), 2, height=height, margins=margins)
        for i, (name, part) in enumerate(rows.items()):
            for j, when in enumerate(WHEN):
                ax, shown = axes[i, j], part[part["when"] == when]
                if shown.empty:
                    ax.set_axis_off()
                    ax.text(0.5, 0.5, "diverged", ha="center", va="center", fontsize=SMALL)
                else:
                    plot_first_kernels(shown, ax, limit=limit)
                if i == 0:
                    title(ax, f"{when} training")
            row_name(axes[i, 0], "")
            side_name(axes[i, 0], name)
        colour_bar(figure, limit, left)
    return figure


def alt_first_kernels(table: pd.DataFrame, unit: str = "unit") -> str:
    """Returns the figure in words: what is shown, groups, range of the weights, and the change."""
    parts = {when: table.loc[table["when"] == when, "weight"] for when in WHEN}
    ranges = "; ".join(
        f"{when} training {span(weights)}" for when, weights in parts.items() if len(weights)
    )
    side = int(table["row"].max()) + 1
    return (
        f"Images of {side} by {side} weights, the incoming weights of "
        f"{table['unit'].nunique()} {unit}s of the first layer, before and after training, in "
        f"colours from blue (below zero) over white to red. {groups(table)}. Weights: {ranges}."
    )


def _rows(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Returns name to rows for each trial: the initializer, and the activation where it varies."""
    several = len(table["activation"].unique()) > 1
    names = short_names(sorted(table["initializer"].unique(), key=initializer_order))
    rows: dict[str, pd.DataFrame] = {}
    for key, part in table.groupby(["activation", "initializer", "seed"], sort=False):
        activation, label, _ = _three(key)
        name = names[str(label)]
        rows.setdefault(f"{name}, {activation}" if several else name, part)
    return rows


def _three(key: Hashable) -> tuple[object, object, object]:
    """Returns the parts of a group's key."""
    activation, label, seed = key if isinstance(key, tuple) else (key, key, key)
    return activation, label, seed
