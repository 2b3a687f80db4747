"""Test accuracy against a change: how far images are moved, how many units are removed."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.captions import left_out
from initlab.analysis.names import short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import Margins, common_labels, panels, row_name
from initlab.figures.line_ends import name_line_ends, room
from initlab.figures.lines import line_ends, plot_lines
from initlab.figures.scales import near_scale, share_scale
from initlab.figures.style import Look, arm_looks, house_style, plain_text
from initlab.figures.words import listed, seeds, span, statistic_name

CHANGE = "change"  # column of the horizontal axis
ACROSS = {
    "shifted_accuracy": "pixels that images are moved by",
    "removed_accuracy": "share of the hidden units that is removed",
}


def plot_probe_curves(
    table: pd.DataFrame,
    ax: Axes,
    *,
    look: dict[str, Look],
    by: str = "choice",
    near: bool = False,
) -> Axes:
    """Draws one line for each value of `by`: accuracy against the change.

    Args:
        table: the columns of `average`, `change` and `by`, of one probe.
        ax: where to draw.
        look: label to look.
        by: column that tells lines apart.
        near: whether the vertical axis begins where the values do, and not at 0.
    """
    (near_scale if near else share_scale)(ax, table)
    changes = sorted(table[CHANGE].unique())
    reach = 0.02 * (changes[-1] - changes[0] or 1.0)
    ax.set_xlim(changes[0] - reach, changes[-1] + reach)
    whole = all(float(change).is_integer() for change in changes)
    ticks = changes if whole else [0.0, 0.25, 0.5, 0.75, 1.0]
    ax.set_xticks([tick for tick in ticks if tick <= changes[-1]])
    return plot_lines(table, ax, x=CHANGE, by=by, looks=look)


def draw_probe_curves(
    table: pd.DataFrame, *, by: str = "choice", across: str = "", near: bool = False
) -> Figure:
    """Returns one panel, with the name of each line at its end.

    Args:
        table: of `analysis.probes.probe_table`, of one probe, or another with these columns.
        by: column that tells lines apart.
        across: what the change is called, where it is none of a probe.
        near: whether the vertical axis begins where the values do, and not at 0.
    """
    shown = table.assign(**{by: table[by].astype(str)})
    labels = list(dict.fromkeys(shown[by]))
    look = arm_looks(labels)
    names = {label: plain_text(name, 28) for label, name in short_names(labels).items()}
    statistic = str(table["statistic"].iloc[0])
    margins = Margins(left=0.74, right=room(names.values()), top=0.14)
    with house_style():
        figure, axes = panels(1, 1, height=2.2, margins=margins)
        (ax,) = axes.flat
        plot_probe_curves(shown, ax, look=look, by=by, near=near)
        ends = line_ends(shown, ax, x=CHANGE, by=by, looks=look)
        name_line_ends(ax, ends, names, look, between=margins.bottom)
        row_name(ax, statistic_name(statistic))
        common_labels(figure, x=across or ACROSS.get(statistic, CHANGE), y="", margins=margins)
    return figure


def alt_probe_curves(table: pd.DataFrame, *, by: str = "choice", across: str = "") -> str:
    """Returns the figure in words: chart, axes with ranges, lines, and what the ends are."""
    mean = means(table)
    statistic = str(mean["statistic"].iloc[0])
    last = mean[mean[CHANGE] == mean[CHANGE].max()].dropna(subset="value")
    names = short_names(mean[by].astype(str))
    ends = "; ".join(f"{names[str(row[by])]} {number(row['value'])}" for _, row in last.iterrows())
    lines = listed(list(names.values()))
    text = (
        f"Line chart of {statistic_name(statistic)} ({span(mean['value'])}) against "
        f"{across or ACROSS.get(statistic, CHANGE)} ({span(mean[CHANGE])}). Lines: {lines}. "
        f"{seeds(mean).capitalize()}.{left_out(mean)}"
    )
    return f"{text} At the largest change: {ends}." if ends else text
