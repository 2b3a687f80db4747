"""Rate map: the largest learning rate that trains stably, as coloured numbers."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from initlab.analysis.names import activation_order, initializer_order, short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import Margins, common_labels, ordered, panels, title
from initlab.figures.style import SMALL, house_style, plain_text
from initlab.figures.words import extreme, groups, seeds, span

COLOURS = "viridis"
NONE = "#dcdcdc"
CELL = 0.15  # inches


def plot_rate_map(table: pd.DataFrame, ax: Axes, *, limits: tuple[float, float]) -> Axes:
    """Draws a cell for each initializer (rows) and depth (columns), its rate in it.

    Hatched are cells in which even the least rate of a seed was not stable; grey those of which
    none was.

    Args:
        table: means of `analysis.rates.rate_table`, of one activation and optimizer.
        ax: where to draw.
        limits: lowest and highest rate of the colours.
    """
    rows = sorted(table["initializer"].unique(), key=initializer_order)
    columns = sorted(table["depth"].unique().tolist())
    names = short_names(rows)
    low, high = np.log(limits)
    for cell in table.to_dict("records"):
        x, y = columns.index(cell["depth"]), rows.index(cell["initializer"])
        share = (np.log(cell["value"]) - low) / max(high - low, 1e-9) if cell["n"] else 0.0
        colour = mpl.colormaps[COLOURS](float(share)) if cell["n"] else NONE
        ink = "black" if share > 0.55 or not cell["n"] else "white"
        patch = Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white")
        if cell["num_diverged"]:
            patch.set(hatch="//////", hatchcolor=ink)
        ax.add_patch(patch)
        written = f"{cell['value']:.2g}" if cell["n"] else "none"
        text = ax.text(x, y, written, ha="center", va="center", fontsize=SMALL, color=ink)
        if cell["num_diverged"]:
            text.set_bbox({"facecolor": colour, "edgecolor": "none", "pad": 0.6})
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set_xticks(range(len(columns)), [str(column) for column in columns])
    ax.set_yticks(range(len(rows)), [plain_text(names[row]) for row in rows], parse_math=False)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return ax


def draw_rate_map(table: pd.DataFrame) -> Figure:
    """Returns rate maps in small multiples: a row an activation, a column an optimizer.

    Each optimizer has a scale of colours of its own.

    Args:
        table: of `analysis.rates.rate_table`.
    """
    mean = means(table)
    activations = ordered(mean["activation"].tolist(), activation_order)
    optimizers = ordered(mean["optimizer"].tolist())
    tall = int(mean.groupby("activation")["initializer"].nunique().max())
    with house_style():
        margins = Margins(left=1.32, right=0.1, top=0.26, bottom=0.46, across=0.15, down=0.36)
        figure, axes = panels(
            len(activations), len(optimizers), height=CELL * tall, margins=margins
        )
        for j, optimizer in enumerate(optimizers):
            column = mean[mean["optimizer"] == optimizer]
            known = column["value"].dropna()
            limits = (known.min(), known.max()) if len(known) else (1.0, 1.0)
            for i, activation in enumerate(activations):
                part = column[column["activation"] == activation]
                if part.empty:
                    axes[i, j].set_axis_off()
                    continue
                plot_rate_map(part, axes[i, j], limits=limits)
                axes[i, j].tick_params(labelleft=j == 0)
                title(axes[i, j], f"{activation}, {optimizer}")
        x = "depth (weight layers); hatched: no rate was stable in some seed"
        common_labels(figure, x=x, y="", margins=margins)
    return figure


def alt_rate_map(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axes, groups, range, and the largest rate."""
    mean = means(table)
    text = (
        f"Heat maps with a number in each cell: the largest stable learning rate "
        f"({span(mean['value'])}); rows are initializers, columns depths, panels optimizers. "
        f"{groups(mean)}. {seeds(mean).capitalize()}. Hatched where no rate was stable in some "
        f"seed ({int((mean['num_diverged'] > 0).sum())} of {len(mean)} cells)."
    )
    known = mean.dropna(subset="value")
    if known.empty:
        return text
    most = extreme(known, "value")
    name = short_names(mean["initializer"].unique())[most["initializer"]]
    return (
        f"{text} The largest is {number(most['value'])}: {name}, {most['activation']}, depth "
        f"{most['depth']}, {most['optimizer']}."
    )
