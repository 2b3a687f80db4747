"""Over-fitting: accuracy in training beside accuracy on the test part, a row an arm."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from initlab.analysis.captions import left_out
from initlab.analysis.names import activation_order, short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import Margins, key_above, ordered, panels
from initlab.figures.line_ends import LETTER
from initlab.figures.marks import draw_mark
from initlab.figures.style import BLUE, INK, SOLID, VERMILLION, Look, house_style, plain_text
from initlab.figures.words import groups, seeds, span, statistic_name, statistics_of

MARK = 0.12  # inches of a row that each of its marks takes
APART = 0.17  # of a row, from its middle to either mark
WITHIN = 0.36  # of a row, that all marks of it take on either side, about
SIZE = 4.2

type Row = tuple[str, str]
LOOKS = (Look(BLUE, SOLID, "o"), Look(VERMILLION, SOLID, "s"), Look(INK, SOLID, "^"))


def plot_over_fitting(table: pd.DataFrame, ax: Axes, *, rows: Sequence[Row], by: str) -> Axes:
    """Draws a row for each pair of `by` and initializer, and in it one mark a statistic.

    The axis begins where the values do: what counts is the distance between the marks.

    Args:
        table: accuracies at one depth, of `analysis.training.final_values`.
        ax: where to draw.
        rows: the label and the initializer of each row, the first uppermost.
        by: column of the labels.
    """
    statistics = statistics_of(table)
    for place, (label, initializer) in enumerate(rows):
        own = table[(table[by].astype(str) == label) & (table["initializer"] == initializer)]
        for rank, (statistic, look) in enumerate(zip(statistics, LOOKS, strict=False)):
            shift = min(APART, WITHIN / len(statistics)) * (2 * rank - len(statistics) + 1)
            for record in own[own["statistic"] == statistic].to_dict("records"):
                draw_mark(ax, place + shift, record, look, size=SIZE, along="x")
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)))
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.04)
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    return ax


def draw_over_fitting(table: pd.DataFrame, *, by: str = "activation") -> Figure:
    """Returns one panel with a row for each label, each of one initializer.

    An initializer stands in none of them where their labels alone tell them apart.

    Args:
        table: accuracies at one depth, of `analysis.training.final_values`.
        by: column of the labels; of another one than activations they come in the table's order.
    """
    names = short_names(table["initializer"].unique())
    rows = _rows(table, by)
    shared = by != "activation" and len({label for label, _ in rows}) == len(rows)
    written = [
        plain_text(a, 38) if shared else f"{plain_text(a, 20)}, {plain_text(names[i])}"
        for a, i in rows
    ]
    looks = dict(zip(statistics_of(table), LOOKS, strict=False))
    left = 0.15 + LETTER * max(map(len, written))
    with house_style():
        figure, axes = panels(
            1,
            1,
            height=MARK * max(2, len(looks)) * len(rows),
            margins=Margins(left=left, top=0.3, bottom=0.4),
        )
        (ax,) = axes.flat
        plot_over_fitting(table, ax, rows=rows, by=by)
        ax.set_yticklabels(written, parse_math=False)
        ax.set_xlabel("accuracy", color=INK)
        key_above(figure, {name: statistic_name(name) for name in looks}, looks, lines=False)
    return figure


def alt_over_fitting(table: pd.DataFrame, *, by: str = "activation") -> str:
    """Returns the figure in words: chart, axis with range, groups, and the widest gap."""
    mean = means(table)
    told = groups(mean) if by == "activation" else groups(mean, by)
    text = (
        f"Dot chart of accuracy (values {span(mean['value'])}), a row each {by}. "
        f"{told}. {seeds(mean).capitalize()}.{left_out(mean)}"
    )
    wide = mean.pivot_table(index=by, columns="statistic", values="value")
    if not {"train_accuracy", "test_accuracy"} <= set(wide):
        return text
    gap = wide["train_accuracy"] - wide["test_accuracy"]
    return (
        f"{text} In training it is higher by {number(float(gap.min()))} to "
        f"{number(float(gap.max()))}, most with {gap.idxmax()}."
    )


def _rows(table: pd.DataFrame, by: str) -> list[Row]:
    """Returns the label and the initializer of each row, in reading order."""
    pairs = list(dict.fromkeys(zip(table[by].astype(str), table["initializer"], strict=True)))
    if by != "activation":
        return pairs
    order = ordered(sorted({activation for activation, _ in pairs}), activation_order)
    return sorted(pairs, key=lambda pair: (order.index(pair[0]), pair[1]))
