"""Trainability map: accuracy over weight variance and depth, with theory's depths drawn on it."""

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, NullLocator

from initlab.analysis.captions import left_out
from initlab.analysis.depth_scales import critical_point, signed_rate
from initlab.analysis.names import activation_order
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import Margins, common_labels, inches, ordered, panels, title
from initlab.figures.style import DASHED, DOTTED, SMALL, SOLID, VERMILLION, house_style
from initlab.figures.words import extreme, groups, seeds, span

COLOURS = "viridis"
HALO = [withStroke(linewidth=2.0, foreground="white")]
POINTS = 400  # of a line
# A multiple of the depth scale, how its line is drawn, and what the key calls it.
LINES = ((1, DASHED, "\N{GREEK SMALL LETTER XI}"), (6, SOLID, "6\N{GREEK SMALL LETTER XI}"))
TICKS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000)
FRONTIER = {"marker": "o", "color": VERMILLION, "markeredgecolor": "white", "markersize": 4.6}

type Numbers = npt.NDArray[np.float64]


def plot_trainability_map(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draws a cell for each weight variance (across) and depth (up), coloured by accuracy.

    Both axes are logarithmic. Cells that were not run are empty; hatched are those of which a run
    diverged. Black are theory's lines: the critical weight variance, one depth scale, and six;
    vermillion marks how deep each column trains, with its interval.

    Args:
        table: one activation of `analysis.trainability.trainability`.
        ax: where to draw.
    """
    mean = means(table)
    across = _edges(np.sort(mean["weight_variance"].unique()))
    up = _edges(np.sort(mean["depth"].unique()).astype(np.float64))
    for cell in mean.to_dict("records"):
        left, right = _around(across, cell["weight_variance"])
        low, high = _around(up, cell["depth"])
        colour = mpl.colormaps[COLOURS](cell["value"]) if cell["n"] else "#dcdcdc"
        patch = Rectangle((left, low), right - left, high - low, facecolor=colour, linewidth=0)
        if cell["num_diverged"]:
            patch.set(hatch="//////", hatchcolor="#bbbbbb")
        ax.add_patch(patch)
    ax.set(xscale="log", yscale="log", xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
    _theory(mean, ax)
    _frontier(mean, ax)
    for axis, ticks in ((ax.xaxis, (0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8)), (ax.yaxis, TICKS)):
        axis.set_major_locator(FixedLocator(list(ticks)))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter("{x:g}")
    ax.grid(visible=False)
    return ax


def draw_trainability_map(table: pd.DataFrame) -> Figure:
    """Returns trainability maps side by side, a panel an activation.

    Args:
        table: of `analysis.trainability.trainability`.
    """
    activations = ordered(table["activation"].unique().tolist(), activation_order)
    with house_style():
        margins = Margins(left=0.62, right=0.8, top=0.4, bottom=0.46, across=0.4)
        figure, axes = panels(1, len(activations), height=2.9, margins=margins)
        for ax, activation in zip(axes[0], activations, strict=True):
            plot_trainability_map(table[table["activation"] == activation], ax)
            title(ax, activation)
        _key(figure)
        x = "weight variance times fan-in (logarithmic); hatched: a run diverged"
        common_labels(figure, x=x, y="depth (weight layers)", margins=margins)
        _colour_bar(figure, margins)
    return figure


def alt_trainability_map(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axes with ranges, lines, and the deepest column."""
    mean = means(table)
    text = (
        f"Heat maps of training accuracy ({span(mean['value'])}) over weight variance "
        f"({span(mean['weight_variance'])}) and depth ({span(mean['depth'])} weight layers), both "
        f"logarithmic. {groups(mean)}. {seeds(mean).capitalize()}.{left_out(mean)} Lines: critical "
        "weight variance, one and six depth scales of theory; marks: how deep each column trains."
    )
    if mean["frontier"].notna().any():
        most = extreme(mean.dropna(subset="frontier"), "frontier")
        text += (
            f" The deepest trains to {number(most['frontier'])} layers: {most['activation']} at a "
            f"weight variance of {number(most['weight_variance'])}."
        )
    return text


def _theory(mean: pd.DataFrame, ax: Axes) -> None:
    """Draws the critical weight variance, and the multiples of the depth scale beside it."""
    scales = mean.drop_duplicates("weight_variance").sort_values("weight_variance")
    variance = scales["weight_variance"].to_numpy(np.float64)
    if (critical := critical_point(scales)) == critical:
        ax.axvline(critical, color="black", linestyle=DOTTED)
    fine = np.geomspace(variance[0], variance[-1], POINTS)
    rate = np.abs(np.interp(fine, variance, signed_rate(scales)))
    with np.errstate(divide="ignore"):
        for times, dash, _ in LINES:
            depth = np.minimum(times / rate, 1e9)
            look = {"color": "black", "linestyle": dash, "linewidth": 1.2}
            ax.plot(fine, depth, path_effects=HALO, **look)  # type: ignore[arg-type]


def _frontier(mean: pd.DataFrame, ax: Axes) -> None:
    """Draws how deep each column trains."""
    columns = mean.drop_duplicates("weight_variance").dropna(subset="frontier")
    for column in columns.to_dict("records"):
        place = [column["weight_variance"]] * 2
        if np.isfinite(column["frontier_low"]):
            ends = [column["frontier_low"], column["frontier_high"]]
            ax.plot(place, ends, color=VERMILLION, linewidth=1.2, path_effects=HALO)
        ax.plot(place[:1], [column["frontier"]], **FRONTIER)  # type: ignore[arg-type]


def _key(figure: Figure) -> None:
    """Writes above the panels what the lines and marks are."""
    _, height = inches(figure)
    dotted = Line2D([], [], color="black", linestyle=DOTTED)
    handles = [
        dotted,
        *(Line2D([], [], color="black", linestyle=dash) for _, dash, _ in LINES),
        Line2D([], [], linestyle="none", **FRONTIER),  # type: ignore[arg-type]
    ]
    names = ["critical point (theory)", *(f"{name} (theory)" for _, _, name in LINES)]
    figure.legend(
        handles,
        [*names, "depth up to which it trains, measured"],
        loc="upper center",
        bbox_to_anchor=(0.5, 1 - 0.02 / height),
        ncols=4,
        frameon=False,
        borderpad=0,
        borderaxespad=0.2,
        handlelength=2.4,
        columnspacing=1.2,
    )


def _colour_bar(figure: Figure, margins: Margins) -> None:
    """Writes right of the panels what the colours mean."""
    width, height = inches(figure)
    tall = height - margins.top - margins.bottom
    place = ((width - 0.68) / width, margins.bottom / height, 0.09 / width, tall / height)
    scale = ScalarMappable(Normalize(0, 1), mpl.colormaps[COLOURS])
    bar = figure.colorbar(scale, cax=figure.add_axes(place))
    bar.outline.set_visible(False)
    bar.set_label("training accuracy", fontsize=SMALL, labelpad=2)


def _edges(centres: Numbers) -> Numbers:
    """Returns the edges of cells around ascending centres, halfway in the logarithm."""
    if len(centres) == 1:
        return np.array([centres[0] / 1.2, centres[0] * 1.2])
    logs = np.log(centres)
    inner = (logs[1:] + logs[:-1]) / 2
    first, last = 2 * logs[0] - inner[0], 2 * logs[-1] - inner[-1]
    return np.asarray(np.exp([first, *inner, last]), np.float64)


def _around(edges: Numbers, centre: float) -> tuple[float, float]:
    """Returns the two edges that a centre lies between."""
    place = int(np.searchsorted(edges, centre))
    return float(edges[place - 1]), float(edges[place])
