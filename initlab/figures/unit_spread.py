"""Unit spread: which units are favoured to activate, layer by layer, by arm."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from initlab.analysis.captions import left_out
from initlab.analysis.names import short_name
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import (
    Margins,
    common_labels,
    key_above,
    key_height,
    layer_ticks,
    panels,
    title,
)
from initlab.figures.lines import plot_lines
from initlab.figures.style import Look, arm_looks, house_style, looks, page_width
from initlab.figures.words import (
    extreme,
    listed,
    ranges,
    seeds,
    statistic_name,
    statistics_of,
)

SPREAD = "positive_fraction_spread"


def plot_unit_spread(
    table: pd.DataFrame, ax: Axes, *, look: Mapping[str, Look], by: str = "arm"
) -> Axes:
    """Draws one line per arm: a statistic of the units against layer.

    Args:
        table: one statistic and step of `analysis.units.unit_spreads`.
        ax: where to draw.
        look: arm to look.
        by: column that tells lines apart.
    """
    depth = int(table["layer"].max())
    ax.set_xlim(0.6, depth + 0.4)
    layer_ticks(ax, depth)
    high = float(pd.concat([table["value"], table["high"]]).max())
    lowest = float(table["value"].min())
    share = str(table["statistic"].iloc[0]) == "positive_fraction"
    ax.set_ylim((0.0, 1.0) if share else (min(0.0, lowest), high * 1.05 if high > 0 else 1.0))
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    return plot_lines(table, ax, x="layer", by=by, looks=look)


def draw_unit_spread(table: pd.DataFrame, *, by: str = "arm") -> Figure:
    """Returns a panel a statistic, with a line for each arm.

    Args:
        table: one step, activation and depth of `analysis.units.unit_spreads`.
        by: column that tells lines apart.
    """
    look = _looks(table, by)
    names = {label: label for label in look}
    statistics = statistics_of(table)
    # The spread of the share stands beside the share.
    statistics.sort(key=lambda name: ("positive_fraction" not in name, name == SPREAD))
    key = key_height(list(names), page_width())
    margins = Margins(left=0.4, top=key + 0.28, across=0.42)
    with house_style():
        figure, axes = panels(1, len(statistics), height=1.7, margins=margins)
        for ax, statistic in zip(axes[0], statistics, strict=True):
            plot_unit_spread(table[table["statistic"] == statistic], ax, look=look, by=by)
            title(ax, statistic_name(statistic))
        key_above(figure, names, look)
        common_labels(figure, x="layer", y="", margins=margins)
    return figure


def _looks(table: pd.DataFrame, by: str) -> dict[str, Look]:
    """Returns the look of each arm; one that is an initializer and nothing else has that one's."""
    arms = [str(name) for name in table[by].unique()]
    labels = {short_name(label): label for label in table["initializer"].unique()}
    own = looks(labels[arm] for arm in arms if arm in labels)
    return arm_looks(arms, {short_name(label): look for label, look in own.items()})


def alt_unit_spread(table: pd.DataFrame, *, by: str = "arm") -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and the greatest spread."""
    mean = means(table)
    text = (
        f"Line charts of {ranges(mean)} against layer (1 to {int(mean['layer'].max())}). Lines: "
        f"{listed(list(dict.fromkeys(mean[by])))}. {seeds(mean).capitalize()}.{left_out(mean)}"
    )
    spread = mean[(mean["statistic"] == SPREAD) & mean["value"].notna()]
    if spread.empty:
        return text
    most = extreme(spread, "value")
    return (
        f"{text} The share of positive preactivations differs most between units in {most[by]}, "
        f"layer {most['layer']}: its standard deviation is {number(most['value'])}."
    )
