"""Histograms of activations: a ridge for each layer, a panel for each trial."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator

from initlab.analysis.names import activation_order, initializer_order, short_names
from initlab.analysis.numbers import number
from initlab.figures.axes import (
    Margins,
    common_labels,
    label_lowest,
    ordered,
    panel_width,
    panels,
    row_name,
    short_number,
    title,
)
from initlab.figures.style import BLUE, SMALL, VERMILLION, house_style
from initlab.figures.words import groups, span

RIDGES = 8
TALL = 0.92  # how far a ridge may rise above its line, in distances between lines
FULL = 0.08  # the share of entries in a bin that fills it
NAMED = 0.25  # the share above which it is written
WRITTEN = 0.22  # inches that the number takes
CLOSE = 0.8  # inches of a panel in which five ticks run into each other
RIGHTMOST = 2.0  # beyond it there is no room at a peak's right


def plot_histograms(table: pd.DataFrame, ax: Axes, *, layers: list[int]) -> Axes:
    """Draws a ridge for each layer: the share of activations in each of 80 bins.

    The unit of the horizontal axis is the layer's own root mean square, which stands at its right.
    A ridge is full at a share of 0.08; a bin that holds more is cut there, and its share
    written where it is above a quarter.

    Args:
        table: one run and time of `analysis.arrays.activation_histograms`.
        ax: where to draw.
        layers: which, from below.
    """
    for rank, layer in enumerate(layers):
        rows = table[table["layer"] == layer].sort_values("bin_low")
        if rows.empty:
            continue
        edges = np.append(rows["bin_low"].to_numpy(np.float64), rows["bin_high"].iloc[-1])
        share = rows["share"].to_numpy(np.float64)
        rms = float(rows["rms"].iloc[0])
        order = len(layers) - rank
        ax.axhline(rank, color="#cccccc", linewidth=0.5, zorder=order)
        if rms > 0:
            ax.stairs(
                rank + TALL * np.minimum(share / FULL, 1.0),
                edges,
                baseline=rank,
                fill=True,
                facecolor=BLUE if layer < layers[-1] or len(layers) == 1 else VERMILLION,
                linewidth=0,  # a white edge would hide a bin that stands alone
                alpha=0.85,
                zorder=order,
            )
            _name_peaks(ax, rank, edges, share)
        text = short_number(rms) if rms > 0 else "all zero"
        ax.text(4.15, rank, text, fontsize=SMALL, va="bottom", ha="left", clip_on=False)
    ax.set(xlim=(-4, 4), ylim=(-0.15, len(layers) - 1 + TALL + 0.1))
    ax.set_yticks(range(len(layers)), [str(layer) for layer in layers])
    ax.tick_params(axis="y", length=0)
    ticks = [-4, 0, 4] if panel_width(ax) < CLOSE else [-4, -2, 0, 2, 4]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    return ax


def draw_histograms(table: pd.DataFrame) -> Figure:
    """Returns small multiples of histograms: a row an activation and depth, a column a trial.

    At most eight layers are drawn, evenly spaced, the first and the readout among them.

    Args:
        table: of `analysis.arrays.activation_histograms`, one seed of up to five initializers.
    """
    labels = sorted(table["initializer"].unique(), key=initializer_order)
    names = short_names(labels)
    several = len(table["depth"].unique()) > 1
    rows = {
        f"{activation}, depth {depth}" if several else str(activation): part
        for activation in ordered(table["activation"].unique().tolist(), activation_order)
        for depth, part in table[table["activation"] == activation].groupby("depth")
    }
    most = max(len(shown_layers(part)) for part in rows.values())
    margins = Margins(left=0.62, right=0.54, top=0.26, across=0.56, down=0.3, bottom=0.44)
    with house_style():
        figure, axes = panels(
            len(rows), len(labels), height=0.16 * (most + 1) + 0.25, margins=margins
        )
        for i, (row, part) in enumerate(rows.items()):
            for j, label in enumerate(labels):
                ax = axes[i, j]
                trial = part[part["initializer"] == label]
                if trial.empty:
                    ax.set_axis_off()
                    continue
                one = trial[trial["seed"] == trial["seed"].min()]
                plot_histograms(one, ax, layers=shown_layers(part))
                ax.tick_params(labelleft=j == 0)
                if i == 0:
                    title(ax, names[label])
            row_name(axes[i, 0], f"{row}: layer")
        label_lowest(axes)
        x = "activation, in units of its layer's root mean square (the numbers at the right)"
        common_labels(figure, x=x, y="", margins=margins)
    return figure


def alt_histograms(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and the range of the scales."""
    step = sorted(table["step"].unique().tolist())
    return (
        "Histograms of activations as ridges, one a layer "
        f"({int(table['layer'].min())} to {int(table['layer'].max())}); horizontal axis from -4 to "
        "4 root mean squares of the layer, height the share of entries in a bin, cut at "
        f"{FULL}. {groups(table)}. One seed, step {', '.join(str(value) for value in step)}. The "
        f"layers' root mean squares reach {span(table['rms'])}; the fullest bin holds "
        f"{number(float(table['share'].max()))} of its layer's entries."
    )


def shown_layers(table: pd.DataFrame) -> list[int]:
    """Returns at most eight of the table's layers, evenly spaced, first and last among them."""
    layers = sorted(int(layer) for layer in table["layer"].unique())
    if len(layers) <= RIDGES:
        return layers
    places = np.linspace(0, len(layers) - 1, RIDGES).round().astype(int)
    return [layers[place] for place in places]


def _name_peaks(ax: Axes, rank: int, edges: np.ndarray, share: np.ndarray) -> None:
    """Writes the share of bins that are far above what is drawn, neighbours together, beside them.

    A single peak is named on the side where the ridge is lower. Of two peaks the left one is
    named at its left, so that the numbers do not meet. Their rim is white, above the bars.
    """
    high = np.flatnonzero(share > NAMED)
    peaks = np.split(high, np.flatnonzero(np.diff(high) > 1) + 1) if len(high) else []
    taken = WRITTEN * 8 / panel_width(ax)  # root mean squares, of which a panel shows eight
    for index, peak in enumerate(peaks):
        first, last = edges[peak[0]], edges[peak[-1] + 1]
        before = share[(edges[:-1] >= first - taken) & (edges[:-1] < first)]
        after = share[(edges[:-1] >= last) & (edges[:-1] < last + taken)]
        lower = before.max(initial=0.0) < after.max(initial=0.0)
        at_left = last > RIGHTMOST or (index == 0 if len(peaks) > 1 else lower)
        ax.text(
            first - 0.2 if at_left else last + 0.2,
            rank + 0.62,
            f"{share[peak].sum():.2f}",
            fontsize=SMALL - 0.5,
            va="center",
            ha="right" if at_left else "left",
            zorder=50,
            path_effects=[withStroke(linewidth=1.6, foreground="white")],
        )
