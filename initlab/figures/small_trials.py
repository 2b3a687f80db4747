"""Small trials: accuracy at the end against accuracy early on, or in a shallower network."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.names import activation_order
from initlab.analysis.numbers import number
from initlab.figures.axes import (
    Margins,
    common_labels,
    key_above,
    key_height,
    ordered,
    panels,
    title,
)
from initlab.figures.scales import share_scale
from initlab.figures.style import Look, arm_looks, house_style, page_width
from initlab.figures.words import groups, span


def plot_small_trials(table: pd.DataFrame, ax: Axes, *, looks: dict[str, Look]) -> Axes:
    """Draws a mark for each initializer and setting: what the small trial said, and what came.

    Args:
        table: one activation and kind of trial, with `depth`, `small` and `value`, accuracies.
        ax: where to draw.
        looks: depth, as text, to look.
    """
    share_scale(ax, table)
    share_scale(ax, table, along="x")
    ax.plot([0, 1], [0, 1], color="#b0b0b0", linewidth=0.6)
    for label, look in looks.items():
        rows = table[table["depth"].astype(str) == label]
        ax.plot(
            rows["small"],
            rows["value"],
            linestyle="none",
            marker=look.marker,
            color=look.color,
            markeredgecolor="white",
        )
    return ax


def draw_small_trials(table: pd.DataFrame) -> Figure:
    """Returns a panel for each activation (down) and kind of small trial (across).

    Args:
        table: of `analysis.small_trials.over_seeds`.
    """
    activations = ordered(table["activation"].tolist(), activation_order)
    kinds = ordered(table["kind"].tolist())
    labels = [str(depth) for depth in sorted(table["depth"].unique().tolist())]
    looks = arm_looks(labels)
    names = {label: f"depth {label}" for label in labels}
    with house_style():
        key = key_height(list(names.values()), page_width())
        margins = Margins(left=0.62, top=key + 0.26, across=0.3, down=0.36)
        figure, axes = panels(len(activations), len(kinds), height=1.9, margins=margins)
        for i, activation in enumerate(activations):
            for j, kind in enumerate(kinds):
                part = table[(table["activation"] == activation) & (table["kind"] == kind)]
                if part.empty:
                    axes[i, j].set_axis_off()
                    continue
                plot_small_trials(part, axes[i, j], looks=looks)
                title(axes[i, j], f"{activation}, {kind}")
        key_above(figure, names, looks, lines=False)
        common_labels(
            figure,
            x="validation accuracy of the small trial",
            y="validation accuracy of the full run",
            margins=margins,
        )
    return figure


def alt_small_trials(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and how alike both rank."""
    text = (
        f"Dot charts of validation accuracy of the full run ({span(table['value'])}) against that "
        f"of a small trial ({span(table['small'])}), both axes 0 to 1, a mark an initializer, "
        f"depth and optimizer, mean over seeds. {groups(table)}."
    )
    if any(table[name].max() == table[name].min() for name in ("small", "value")):
        return text
    ranks = table["small"].corr(table["value"], method="spearman")
    return f"{text} Over all marks the rank correlation is {number(float(ranks))}."
