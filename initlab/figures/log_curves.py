"""Curves against a number that grows by factors, a scale or a learning rate, in small multiples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from initlab.analysis.captions import left_out
from initlab.analysis.names import OPTIMIZERS, activation_order, optimizer_order
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import (
    Margins,
    common_labels,
    key_above,
    key_height,
    label_lowest,
    log_scale,
    ordered,
    panels,
    power_of_ten,
    row_name,
    title,
)
from initlab.figures.lines import plot_lines
from initlab.figures.scales import near_scale, norm_scale, share_scale
from initlab.figures.style import DOTTED, arm_looks, house_style, page_width
from initlab.figures.words import extreme, groups, listed, seeds, span, statistic_name


@dataclass(frozen=True)
class Against:
    """What a figure of curves shows: the column across, those of lines and panels, and their names.

    Attributes:
        x: column of the horizontal axis, all above 0.
        across: what it is called.
        by: column that tells lines apart.
        rows: column that tells rows of panels apart; their columns are activations.
        up: what the vertical axis is called.
        near: whether it begins where the values do, of a share, and not at 0.
    """

    x: str
    across: str
    by: str
    rows: str
    up: str
    near: bool = False


def decades_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes a vertical axis of powers of ten, with a line at none."""
    reach = np.append(table[["value", "low", "high"]].to_numpy(np.float64), 0.0)
    low, high = float(np.nanmin(reach)), float(np.nanmax(reach))
    ax.set_ylim(low - 0.15, high + 0.15)
    ax.axhline(0.0, color="#8a8a8a", linewidth=0.7)


def steps_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes a logarithmic vertical axis of steps."""
    log_scale(ax, 1.0, max(10.0, float(table["value"].max())))


SCALES: dict[str, Callable[[Axes, pd.DataFrame], None]] = {
    "steps_to_accuracy": steps_scale,
    "early_rise": decades_scale,
    "kernel_gradient_variance": norm_scale,
    "relative_movement": norm_scale,
}


def draw_log_curves(table: pd.DataFrame, *, how: Against) -> Figure:
    """Returns a panel for each activation (across) and value of `how.rows` (down), a line each.

    Args:
        table: the columns of `average`, of one statistic, those that `how` names and `activation`;
            `critical`, if it is there, is drawn as a dotted line, the prediction of theory.
        how: what is drawn against what.
    """
    rows = ordered(table[how.rows].tolist(), _rank)
    activations = ordered(table["activation"].tolist(), activation_order)
    shown = table.assign(**{how.by: table[how.by].astype(str)})
    labels = sorted(shown[how.by].unique(), key=_place)
    looks = arm_looks(labels)
    names = {label: f"{how.by} {label}" if label.isdigit() else label for label in labels}
    key = key_height(list(names.values()), page_width())
    with house_style():
        margins = Margins(left=0.86, top=key + 0.26)
        figure, axes = panels(len(rows), len(activations), height=1.35, margins=margins)
        for i, row in enumerate(rows):
            for j, activation in enumerate(activations):
                ax = axes[i, j]
                part = shown[(shown[how.rows] == row) & (shown["activation"] == activation)]
                if part.empty:
                    ax.set_axis_off()
                    continue
                share = near_scale if how.near else share_scale
                SCALES.get(str(part["statistic"].iloc[0]), share)(ax, shown)
                factor_axis(ax, shown[how.x])
                if "critical" in part and np.isfinite(place := float(part["critical"].iloc[0])):
                    ax.axvline(place, color="black", linestyle=DOTTED, linewidth=0.9)
                plot_lines(part, ax, x=how.x, by=how.by, looks=looks)
                ax.tick_params(labelleft=j == 0)
                if i == 0:
                    title(ax, activation)
                if j == 0:
                    row_name(ax, f"depth {row}" if how.rows == "depth" else row)
        label_lowest(axes)
        key_above(figure, names, looks)
        common_labels(figure, x=how.across, y=how.up, margins=margins)
    return figure


def alt_log_curves(table: pd.DataFrame, *, how: Against) -> str:
    """Returns the figure in words: chart, axes with ranges, lines and panels, seeds, the best."""
    mean = means(table)
    text = (
        f"Line charts of {statistic_name(str(mean['statistic'].iloc[0]))} ({span(mean['value'])}) "
        f"against {how.across} ({span(mean[how.x])}, logarithmic), a line each {how.by}, a row of "
        f"panels each {how.rows} ({listed(ordered(mean[how.rows].tolist()))}). {groups(mean)}. "
        f"{seeds(mean).capitalize()}.{left_out(mean)}"
    )
    known = mean.dropna(subset="value")
    if known.empty:
        return text
    top = extreme(known, "value")
    return (
        f"{text} The highest is {number(top['value'])}, at {number(top[how.x])}: "
        f"{top['activation']}, {how.by} {top[how.by]}, {how.rows} {top[how.rows]}."
    )


def _rank(row: object) -> tuple[int, object]:
    """Returns the key by which rows are sorted: optimizers in their order, depths by number."""
    place = optimizer_order(str(row))
    return place, 0 if place < len(OPTIMIZERS) else row


def _place(label: str) -> tuple[int, int, str]:
    """Returns the key by which lines are sorted: the same of what is text by now."""
    return optimizer_order(label), len(label), label


def factor_axis(ax: Axes, values: "pd.Series[float]") -> None:
    """Makes the horizontal axis logarithmic, with powers of ten as ticks, or the values if few."""
    low, high = float(values.min()), float(values.max())
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    powers = [10.0**power for power in range(first, last + 1)]
    ticks = powers if sum(low <= power <= high for power in powers) > 1 else sorted(set(values))
    ax.set_xscale("log")
    ax.set_xlim(low / 1.3, high * 1.3)
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    plain = -3 <= first and last <= 3
    ax.xaxis.set_major_formatter("{x:g}" if plain else FuncFormatter(power_of_ten))
