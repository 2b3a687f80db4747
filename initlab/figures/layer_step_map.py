"""Heat map of layers and steps: how a moment of the signal changes while a network learns."""

import math

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from initlab.analysis.captions import left_out
from initlab.analysis.names import activation_order, initializer_order, short_name, short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import (
    Margins,
    common_labels,
    inches,
    label_lowest,
    layer_ticks,
    ordered,
    panels,
    power_of_ten,
    step_ticks,
    title,
)
from initlab.figures.depth_profile import HIGHEST, LOWEST
from initlab.figures.line_ends import LETTER
from initlab.figures.style import SMALL, house_style, plain_text
from initlab.figures.words import extreme, groups, seeds, span, statistic_name

COLOURS = "viridis"
ZERO, DIVERGED = "#ffffff", "#dcdcdc"


def plot_layer_step_map(
    table: pd.DataFrame, ax: Axes, *, limits: tuple[float, float], narrow: bool = False
) -> Axes:
    """Draws a cell for each measured step (across) and layer (up): the decimal logarithm's colour.

    White with a dot is a signal that is exactly zero in every run, hatched grey where every run
    had diverged.

    Args:
        table: means of one trial and statistic of `analysis.profiles.depth_profiles`.
        ax: where to draw.
        limits: lowest and highest power of ten of the colours.
        narrow: whether only 0 and the powers of ten have a tick.
    """
    steps = sorted(table["step"].unique().tolist())
    edges = _edges(np.log1p(np.array(steps, np.float64)))
    depth = int(table["layer"].max())
    values = table.pivot_table(index="layer", columns="step", values="value", dropna=False)
    values = values.reindex(index=range(1, depth + 1), columns=steps)
    logs = np.log10(np.ma.masked_invalid(values.to_numpy(np.float64)))
    mesh = ax.pcolormesh(
        edges, np.arange(depth + 1) + 0.5, logs, cmap=COLOURS, vmin=limits[0], vmax=limits[1]
    )
    mesh.set_rasterized(True)  # hundreds of cells; all else stays vectors
    ended = _matrix(table, table["num_diverged"] > 0, steps, depth)
    zero = _matrix(table, table["num_zero"] > 0, steps, depth) & ~ended
    for where, colour, hatch in ((ended, DIVERGED, "//////"), (zero, ZERO, "....")):
        for low, high, first, last in _blocks(where):
            left, right = edges[first], edges[last]
            patch = Rectangle((left, low + 0.5), right - left, high - low, facecolor=colour)
            patch.set(hatch=hatch, hatchcolor="#777777", linewidth=0)
            ax.add_patch(patch)
    ax.set(xlim=(edges[0], edges[-1]), ylim=(0.5, depth + 0.5))
    ticks = step_ticks(max(steps), narrow=narrow)
    ax.set_xticks(np.log1p(ticks), [str(tick) for tick in ticks])
    layer_ticks(ax, depth, along="y")
    ax.grid(visible=False)
    return ax


def draw_layer_step_map(table: pd.DataFrame) -> Figure:
    """Returns heat maps in small multiples: a row an initializer and depth, a column an activation.

    Args:
        table: of `analysis.profiles.depth_profiles` with all steps and one statistic.
    """
    mean = means(table)
    activations = ordered(mean["activation"].tolist(), activation_order)
    rows = _rows(mean)
    limits = colour_limits(mean)
    left = 0.42 + LETTER * max(len(plain_text(name)) for name in rows)
    with house_style():
        margins = Margins(left=left, right=0.78, top=0.26, across=0.2, down=0.1)
        height = 1.25 if len(rows) <= 3 else 0.62
        figure, axes = panels(len(rows), len(activations), height=height, margins=margins)
        for i, (row, part) in enumerate(rows.items()):
            for j, activation in enumerate(activations):
                trial = part[part["activation"] == activation]
                ax = axes[i, j]
                if trial.empty:
                    ax.set_axis_off()
                    continue
                plot_layer_step_map(trial, ax, limits=limits, narrow=len(activations) > 3)
                ax.tick_params(labelleft=j == 0)
                if i == 0:
                    title(ax, activation)
            _name_beside(axes[i, 0], row)
        label_lowest(axes)
        x = "step (spaced as the logarithm of 1 + step); hatched: diverged; dotted: zero"
        common_labels(figure, x=x, y="layer", margins=margins)
        _colour_bar(figure, limits, margins, statistic_name(str(mean["statistic"].iloc[0])))
    return figure


def _rows(mean: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Returns name to table, an initializer and depth each."""
    labels = sorted(mean["initializer"].unique(), key=initializer_order)
    names, several = short_names(labels), len(mean["depth"].unique()) > 1
    return {
        f"{names[label]}, depth {depth}" if several else names[label]: part
        for label in labels
        for depth, part in mean[mean["initializer"] == label].groupby("depth")
    }


def _name_beside(ax: Axes, text: str) -> None:
    """Writes a row's name left of its first panel, from left to right."""
    ax.annotate(
        plain_text(text), (0.0, 0.5), (-16, 0), xycoords="axes fraction", parse_math=False,
        textcoords="offset points", ha="right", va="center", fontsize=SMALL, annotation_clip=False,
    )  # fmt: skip


def alt_layer_step_map(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and the largest change."""
    mean = means(table)
    name = statistic_name(str(mean["statistic"].iloc[0]))
    text = (
        f"Heat maps of {name} ({span(mean['value'])}, colours on a logarithmic scale) over step (0 "
        f"to {int(mean['step'].max())}) and layer (1 to {int(mean['layer'].max())}). Panels: "
        f"{groups(mean)}. Geometric {seeds(mean)}.{left_out(mean)}"
    )
    ends = mean[mean["value"] > 0].sort_values("step")
    trial = ["initializer", "activation", "depth", "layer"]
    change = ends.groupby(trial)["value"].agg(["first", "last"]).reset_index()
    if change.empty:
        return text
    change["size"] = (np.log(change["last"]) - np.log(change["first"])).abs()
    most = extreme(change, "size")
    return (
        f"{text} The largest change from the first to the last step is by a factor of "
        f"{number(most['last'] / most['first'])}: {short_name(most['initializer'])}, "
        f"{most['activation']}, depth {most['depth']}, layer {most['layer']}."
    )


def colour_limits(table: pd.DataFrame) -> tuple[float, float]:
    """Returns the powers of ten at the ends of the colours, between -20 and 8 at most."""
    values = table.loc[table["value"] > 0, "value"]
    if values.empty:
        return -1.0, 1.0
    low = math.floor(math.log10(max(float(values.min()), LOWEST)))
    high = math.ceil(math.log10(min(max(float(values.max()), 10 * LOWEST), HIGHEST)))
    return float(low), float(max(high, low + 1))


def _matrix(
    table: pd.DataFrame, holds: "pd.Series[bool]", steps: list[int], depth: int
) -> npt.NDArray[np.bool_]:
    """Returns, layer by step, where nothing is left to average and the condition holds."""
    chosen = table[(table["n"] == 0) & holds]
    where = np.zeros((depth, len(steps)), np.bool_)
    where[chosen["layer"].to_numpy(int) - 1, np.searchsorted(steps, chosen["step"].to_numpy())] = (
        True
    )
    return where


def _blocks(where: npt.NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Returns rectangles that cover the true cells: rows from and to, columns from and to."""
    open_blocks: dict[tuple[int, int], int] = {}
    blocks = []
    for row in range(len(where) + 1):
        line = where[row] if row < len(where) else np.zeros_like(where[0])
        turns = np.flatnonzero(np.diff(np.pad(line, 1).astype(np.int8)))
        spans = {(int(a), int(b)) for a, b in zip(turns[::2], turns[1::2], strict=True)}
        for span_ in sorted(set(open_blocks) - spans):
            blocks.append((open_blocks.pop(span_), row, *span_))
        for span_ in sorted(spans - set(open_blocks)):
            open_blocks[span_] = row
    return blocks


def _edges(centres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Returns the edges of cells around ascending centres, halfway between them."""
    if len(centres) == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    inner = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[centres[0]], inner, [centres[-1]]])


def _colour_bar(figure: Figure, limits: tuple[float, float], margins: Margins, label: str) -> None:
    """Writes right of the panels what the colours mean."""
    width, height = inches(figure)
    tall = min(height - margins.top - margins.bottom, 2.6)
    bottom = (height - margins.top - tall) / height
    ax = figure.add_axes(((width - 0.68) / width, bottom, 0.09 / width, tall / height))
    scale = ScalarMappable(Normalize(*limits), mpl.colormaps[COLOURS])
    bar = figure.colorbar(scale, cax=ax, extend="both")
    bar.outline.set_visible(False)
    stride = max(1, round((limits[1] - limits[0]) / 5))
    ticks = [power for power in range(int(limits[0]), int(limits[1]) + 1) if power % stride == 0]
    bar.set_ticks(ticks, labels=[power_of_ten(10.0**power) for power in ticks])
    bar.set_label(label, fontsize=SMALL, labelpad=2)
