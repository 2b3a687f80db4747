"""Predicted against measured: the factor per layer of every trial, and the ratio of the two."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from initlab.analysis.names import activation_order, initializer_order, short_name, short_names
from initlab.analysis.numbers import number
from initlab.figures.axes import (
    key_above,
    key_height,
    ordered,
    power_of_ten,
    title,
)
from initlab.figures.style import INK, SMALL, Look, house_style, looks, page_width, plain_text
from initlab.figures.words import extreme, groups, listed, span

DIRECTIONS = ("forward", "backward")
EXPECTED = "#d4d4d4"
RATIOS = (0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 4.0)
LEFT, RIGHT, SQUARE, ROW, GAP = 0.62, 0.12, 2.3, 1.5, 0.3  # inches
APART = 3  # places between the trials of two depths, and one between those of two activations


def plot_against_theory(table: pd.DataFrame, ax: Axes, *, look: Mapping[str, Look]) -> Axes:
    """Draws a mark a trial: the factor per layer as measured against as predicted.

    Both axes are logarithmic; the line is where they are equal. A grey bar is the expected range,
    a coloured one the interval over seeds.

    Args:
        table: one direction of `analysis.fates.with_expectations`, trials that are predicted.
        ax: where to draw.
        look: initializer to look, in the order in which marks are drawn.
    """
    every = table[["predicted", "measured"]].to_numpy(np.float64)
    low, high = 10 ** np.floor(np.log10(every.min())), 10 ** np.ceil(np.log10(every.max()))
    ax.plot([low, high], [low, high], color=INK, linewidth=0.6, zorder=1)
    _bars(table, ax, table["predicted"], over=1.0, width=2.4)
    _marks(table, ax, table["predicted"], over=1.0, look=look)
    ticks = 10.0 ** np.arange(np.log10(low), np.log10(high) + 0.5)
    ax.set(xscale="log", yscale="log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator(ticks.tolist()))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(power_of_ten))
    ax.set(xlim=(low, high), ylim=(low, high), xlabel="predicted factor per layer")
    return ax


def plot_off_theory(
    table: pd.DataFrame, ax: Axes, *, look: Mapping[str, Look], limits: tuple[float, float]
) -> Axes:
    """Draws a mark a trial: the measured factor over the predicted one, trials side by side.

    They stand by depth, then activation, then initializer. Grey bars are the expected ranges.

    Args:
        table: as for `plot_against_theory`.
        ax: where to draw.
        look: initializer to look.
        limits: of the vertical axis, which is logarithmic.
    """
    places, ticks = trial_places(table)
    ax.axhline(1.0, color=INK, linewidth=0.6, zorder=1)
    _bars(table, ax, places, over=table["predicted"], width=1.6)
    _marks(table, ax, places, over=table["predicted"], look=look)
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(FixedLocator([tick for tick in RATIOS if _inside(tick, limits)]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:g}")
    ax.set_ylim(*limits)
    ax.set_xlim(-2, float(places.max()) + 2)
    names = [plain_text(activation) for _, activation in ticks]
    ax.set_xticks(list(ticks.values()), names, rotation=90, parse_math=False)
    ax.grid(visible=False, axis="x")
    for depth in sorted(table["depth"].unique()):
        middle = np.mean([place for (of, _), place in ticks.items() if of == depth])
        ax.annotate(
            f"depth {depth}", (float(middle), 1.0), (0, 2), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="bottom", fontsize=SMALL,
        )  # fmt: skip
    return ax


def trial_places(table: pd.DataFrame) -> "tuple[pd.Series[float], dict[tuple[int, str], float]]":
    """Returns where each trial stands, and the middle of those of a depth and activation."""
    labels = ordered(table["initializer"].tolist(), initializer_order)
    activations = ordered(table["activation"].tolist(), activation_order)
    places, middles, at = pd.Series(np.nan, table.index), {}, 0.0
    for depth in sorted(table["depth"].unique()):
        for activation in activations:
            of_it = table[(table["depth"] == depth) & (table["activation"] == activation)]
            if of_it.empty:
                continue
            turns = of_it["initializer"].map(labels.index)
            places[of_it.index] = at + turns
            middles[int(depth), activation] = at + (len(labels) - 1) / 2
            at += len(labels) + 1
        at += APART
    return places, middles


def draw_as_theory(table: pd.DataFrame) -> Figure:
    """Returns predicted against measured, forward and backward, and below how far they are apart.

    Args:
        table: of `analysis.fates.with_expectations`, trials that are predicted.
    """
    names = short_names(sorted(table["initializer"].unique(), key=initializer_order))
    look = looks(names)
    directions = [name for name in DIRECTIONS if (table["direction"] == name).any()]
    limits = ratio_limits(table)
    key = key_height(list(names.values()), page_width())
    height = key + 0.3 + SQUARE + 0.5 + len(directions) * (ROW + GAP) + 0.5
    square = (page_width() - LEFT - RIGHT - 0.75) / 2
    with house_style():
        figure = Figure(figsize=(page_width(), height))
        top = height - key - 0.3
        for turn, direction in enumerate(directions):
            part = table[table["direction"] == direction]
            ax = _axes(figure, LEFT + turn * (square + 0.75), top - SQUARE, square, SQUARE)
            plot_against_theory(part, ax, look=look)
            ax.set_ylabel("measured factor per layer" if turn == 0 else "")
            title(ax, direction)
            bottom = top - SQUARE - 0.5 - (turn + 1) * (ROW + GAP) + 0.06
            below = _axes(figure, LEFT, bottom, page_width() - LEFT - RIGHT, ROW)
            plot_off_theory(part, below, look=look, limits=limits)
            below.tick_params(labelbottom=turn == len(directions) - 1)
            below.set_ylabel(f"measured over\npredicted, {direction}")
        key_above(figure, {label: names[label] for label in look}, look, lines=False)
    return figure


def alt_as_theory(table: pd.DataFrame) -> str:
    """Returns the figure in words: charts, axes with ranges, groups, and who is farthest off."""
    ratio = table["measured"] / table["predicted"]
    words = [
        f"{name} predicted {span(of['predicted'])}, measured {span(of['measured'])}"
        for name, of in table.groupby("direction", sort=False)
    ]
    most = extreme(table.assign(off=np.maximum(ratio, 1 / ratio)), "off")
    outside = table[table["as_theory"] == "no"]
    told = [_trial(row) for row in outside.to_dict("records")[:5]]
    return (
        "Charts of the measured factor per layer against the predicted one on logarithmic axes, a "
        f"mark a trial, with the line of equality: {listed(words)}. Below, the ratio of the two by "
        f"depth and activation, with a grey bar of what is expected. {groups(table)}. Ratios "
        f"go from {number(ratio.min())} to {number(ratio.max())}; farthest from 1 is "
        f"{_trial(most)}. Outside of what is expected: {listed(told) if told else 'none'}."
    )


def _trial(row: Mapping[Any, Any]) -> str:
    name = short_name(str(row["initializer"]))
    return f"{name} with {row['activation']} at depth {row['depth']}, {row['direction']}"


def ratio_limits(table: pd.DataFrame) -> tuple[float, float]:
    """Returns the ends of an axis for every ratio and expected range, as far as 1/4 and 4."""
    columns = table[["measured", "measured_low", "measured_high", "expected_low", "expected_high"]]
    ratios = columns.div(table["predicted"], axis=0).to_numpy(np.float64)
    low, high = float(np.nanmin(ratios)), float(np.nanmax(ratios))
    return max(min(low, 0.9), 0.25) / 1.04, min(max(high, 1.1), 4.0) * 1.04


def _bars(
    table: pd.DataFrame, ax: Axes, places: "pd.Series[float]", *, over: "pd.Series[float] | float",
    width: float,
) -> None:  # fmt: skip
    """Draws the expected ranges, as grey bars."""
    low, high = table["expected_low"] / over, table["expected_high"] / over
    ax.vlines(places, low, high, color=EXPECTED, linewidth=width, zorder=0)


def _marks(
    table: pd.DataFrame,
    ax: Axes,
    places: "pd.Series[float]",
    *,
    over: "pd.Series[float] | float",
    look: Mapping[str, Look],
) -> None:
    """Draws each initializer's marks, and their intervals over seeds."""
    ratios = table[["measured", "measured_low", "measured_high"]].div(over, axis=0)
    for label, how in look.items():
        at = table["initializer"] == label
        low, high = ratios["measured_low"][at], ratios["measured_high"][at]
        ax.vlines(places[at], low, high, color=how.color, linewidth=0.7)
        (marks,) = ax.plot(places[at], ratios["measured"][at], how.marker, color=how.color)
        marks.set(markersize=3.0, markeredgecolor="white", markeredgewidth=0.25)


def _axes(figure: Figure, left: float, bottom: float, wide: float, high: float) -> Axes:
    """Returns axes at a place in inches."""
    width, height = figure.get_size_inches()
    return figure.add_axes((left / width, bottom / height, wide / width, high / height))


def _inside(tick: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= tick <= limits[1]
