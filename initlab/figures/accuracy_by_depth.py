"""Accuracy by depth: what training comes to in nets of growing depth, by initializer."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.captions import left_out
from initlab.analysis.names import activation_order, short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.accuracy_rows import draw_accuracy_rows
from initlab.figures.axes import (
    Margins,
    blocks,
    common_labels,
    key_above,
    key_height,
    ordered,
    panel_width,
    panels,
    row_name,
    title,
)
from initlab.figures.marks import draw_mark
from initlab.figures.scales import share_scale
from initlab.figures.style import Look, house_style, looks, page_width
from initlab.figures.words import (
    extreme,
    groups,
    seeds,
    span,
    statistic_name,
    statistics_of,
)

SHARE = 0.76  # of the room between two depths, taken by all initializers together
COLUMNS = 3  # panels side by side, or two where more than 36 markers stand in each
CROWDED = 36


def plot_accuracy_by_depth(
    table: pd.DataFrame, ax: Axes, *, look: Mapping[str, Look], by: str = "initializer"
) -> Axes:
    """Draws one marker per initializer and depth, side by side: mean and interval, or seeds.

    Depths are evenly spaced; `draw_mark` says what each mark stands for.

    Args:
        table: one activation and statistic of `analysis.training.final_values`.
        ax: where to draw.
        look: label to look.
        by: column that tells markers apart.
    """
    depths = sorted(table["depth"].unique().tolist())
    share_scale(ax, table)
    size = _marker_size(ax, len(depths) * len(look) / SHARE)
    for rank, (label, how) in enumerate(look.items()):
        shift = SHARE * ((rank + 0.5) / len(look) - 0.5)
        rows = table[table[by] == label]
        for record in rows.to_dict("records"):
            draw_mark(ax, depths.index(record["depth"]) + shift, record, how, size=size)
    for boundary in range(1, len(depths)):
        ax.axvline(boundary - 0.5, color="#d0d0d0", linewidth=0.5)
    ax.set_xlim(-0.5, len(depths) - 0.5)
    ax.set_xticks(range(len(depths)), [str(depth) for depth in depths])
    ax.tick_params(axis="x", length=0)
    ax.grid(visible=False, axis="x")
    return ax


def draw_accuracy_by_depth(
    table: pd.DataFrame, *, by: str = "initializer", unit: str = "unit"
) -> Figure:
    """Returns small multiples: a panel an activation, and a block of rows a statistic.

    Of a single depth each panel holds a row an initializer instead.

    Args:
        table: of `analysis.training.final_values`.
        by: column that tells markers apart.
        unit: what a layer's units are called.
    """
    if len(table["depth"].unique()) == 1:
        return draw_accuracy_rows(table, by=by, unit=unit)
    names = short_names(table[by].unique())
    look = looks(names)
    activations = ordered(table["activation"].unique().tolist(), activation_order)
    statistics = statistics_of(table)
    crowded = len(look) * len(table["depth"].unique()) > CROWDED
    across = min(COLUMNS - crowded, len(activations))
    down = -(-len(activations) // across)
    key = key_height(list(names.values()), page_width())
    margins = Margins(left=0.7, top=key + 0.26, down=0.36)
    with house_style():
        figure, axes = panels(down * len(statistics), across, height=1.3, margins=margins)
        for ax, statistic, activation in blocks(axes, statistics, activations):
            rows = table[table["activation"] == activation]
            plot_accuracy_by_depth(rows[rows["statistic"] == statistic], ax, look=look, by=by)
            first = ax in axes[:, 0]
            ax.tick_params(labelleft=first)
            title(ax, activation)
            if first:
                row_name(ax, statistic_name(statistic, unit))
        key_above(figure, {label: names[label] for label in look}, look, lines=False)
        common_labels(figure, x="depth (weight layers)", y="", margins=margins)
    return figure


def alt_accuracy_by_depth(table: pd.DataFrame, *, by: str = "initializer") -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and the best."""
    mean = means(table)
    whole = mean[(mean["num_diverged"] == 0) & mean["value"].notna()]
    low, high = min(mean["depth"]), max(mean["depth"])
    against = f"against depth ({low} to {high} weight layers)" if low < high else f"by {by}"
    text = (
        f"Dot charts of final accuracy (axis 0 to 1, values {span(mean['value'])}) {against}. "
        f"{groups(mean, by)}. {seeds(mean).capitalize()}.{left_out(mean)}"
    )
    if whole.empty:
        return text
    best = extreme(whole, "value")
    name = short_names(mean[by].unique())[best[by]]
    return (
        f"{text} The highest is a {statistic_name(best['statistic'])} of {number(best['value'])}: "
        f"{name}, {best['activation']}, depth {best['depth']}."
    )


def _marker_size(ax: Axes, places: float) -> float:
    """Returns the points that a marker may take where so many stand side by side."""
    return float(np.clip(72 * panel_width(ax) / places, 2.4, 3.8))
