"""Measures of several kinds of thing: a panel a measure, a row each label, a mark each kind."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from initlab.analysis.captions import left_out
from initlab.analysis.numbers import MINUS, number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import Margins, key_above, key_height, log_scale, panels
from initlab.figures.line_ends import LETTER
from initlab.figures.marks import draw_mark
from initlab.figures.style import INK, WIDE, Look, arm_looks, house_style, plain_text
from initlab.figures.words import extreme, listed, seeds, span, statistic_name

COLUMNS = 3
MARK = 0.085  # inches of a row that each of its marks takes
LEAST_ROW = 0.17
BESIDE = 0.72  # of a row, that its marks take
SIZE = 3.8
FAR = 50.0  # from least to greatest, from which on an axis is logarithmic
LETTERS = 40


def plot_measure_rows(
    table: pd.DataFrame, ax: Axes, *, labels: Sequence[str], look: Mapping[str, Look]
) -> Axes:
    """Draws a row for each label and a mark for each kind: mean and interval, or seeds.

    A short black bar stands where a row's number is known beforehand. The axis begins where the
    values do, and is logarithmic where they lie far apart.

    Args:
        table: one statistic: the columns of `average`, `label`, `kind` and `reference`, the number
            that is known, NaN where there is none.
        ax: where to draw.
        labels: of the rows, the first uppermost.
        look: kind to look, in the order in which they stand in a row.
    """
    kinds = list(look)
    for place, label in enumerate(labels):
        rows = table[table["label"] == label]
        for rank, kind in enumerate(kinds):
            shift = BESIDE * ((rank + 0.5) / len(kinds) - 0.5)
            for record in rows[rows["kind"] == kind].to_dict("records"):
                draw_mark(ax, place + shift, record, look[kind], size=SIZE, along="x")
        known = rows["reference"].dropna().unique()
        ax.plot(known, [place] * len(known), "|", color="black", markersize=10, zorder=1)
    for place in range(1, len(labels)):
        ax.axhline(place - 0.5, color="#dddddd", linewidth=0.5, zorder=0)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_yticks(range(len(labels)))
    ax.tick_params(axis="y", length=0, labelleft=False)
    return _scaled(table, ax)


def _scaled(table: pd.DataFrame, ax: Axes) -> Axes:
    """Makes the horizontal axis as wide as the values need."""
    held = pd.concat([table[name] for name in ("value", "low", "high", "reference")]).dropna()
    low, high = (held.min(), held.max()) if len(held) else (0.0, 1.0)
    if low > 0 and high / low > FAR:
        log_scale(ax, low, high, ticks=4, along="x")
        return ax
    reach = 0.06 * ((high - low) or 1.0)
    ax.set_xlim(low - reach, high + reach)
    ax.xaxis.set_major_locator(FixedLocator(_ticks(low, high, reach)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(_written))
    return ax


def _written(value: float, _: object) -> str:
    """Returns a tick's label, of three digits."""
    return f"{value:.3g}".replace("-", MINUS)


def _ticks(low: float, high: float, reach: float) -> list[float]:
    """Returns round numbers on the axis; the one number itself where all values are that."""
    if low == high:
        return [low]
    ticks = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(tick) for tick in ticks if low - reach <= tick <= high + reach]


def draw_measure_rows(table: pd.DataFrame) -> Figure:
    """Returns a panel for each statistic, three beside each other, with one key of kinds above.

    Args:
        table: as of `plot_measure_rows`, of any statistics, in the order to be drawn.
    """
    statistics, labels, kinds = (
        list(dict.fromkeys(table[name].astype(str))) for name in ("statistic", "label", "kind")
    )
    look = arm_looks(kinds)
    written = [plain_text(label, LETTERS) for label in labels]
    across = min(COLUMNS, len(statistics))
    down = -(-len(statistics) // across)
    left = 0.15 + LETTER * max(map(len, written))
    key = key_height(kinds, WIDE) if len(kinds) > 1 else 0.0
    with house_style():
        figure, axes = panels(
            down,
            across,
            height=max(LEAST_ROW, MARK * len(kinds)) * len(labels),
            margins=Margins(left=left, top=key + 0.1, bottom=0.42, across=0.16, down=0.5),
        )
        for ax in axes.flat[len(statistics) :]:
            ax.set_axis_off()
        for ax, statistic in zip(axes.flat, statistics, strict=False):
            plot_measure_rows(table[table["statistic"] == statistic], ax, labels=labels, look=look)
            ax.set_xlabel(plain_text(statistic_name(statistic), 44), color=INK)
        for ax in axes[:, 0]:
            ax.tick_params(labelleft=True)
            ax.set_yticklabels(written, parse_math=False)
        if len(kinds) > 1:
            key_above(figure, {kind: kind for kind in kinds}, look, lines=False)
    return figure


def alt_measure_rows(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, measures with ranges and ends, rows and kinds."""
    mean = means(table)
    parts = []
    for statistic, of in mean.dropna(subset="value").groupby("statistic", sort=False):
        ends = (extreme(of, "value", least=least) for least in (True, False))
        least, most = (f"{number(row['value'])} ({row['label']}, {row['kind']})" for row in ends)
        name = statistic_name(str(statistic))
        parts.append(f"{name} {span(of['value'])}: least {least}, most {most}")
    rows, kinds = (listed(list(dict.fromkeys(mean[name]))) for name in ("label", "kind"))
    return (
        f"Dot charts, a row each label: {rows}; a mark each kind: {kinds}. "
        f"{'; '.join(parts)}. {seeds(mean).capitalize()}.{left_out(mean)}"
    )
