"""Symmetry over steps: duplicates, cosine and ranks, by initializer."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from initlab.analysis.names import short_names
from initlab.analysis.over_seeds import means
from initlab.figures.curves import draw_over_steps, plot_over_steps
from initlab.figures.style import Look
from initlab.figures.training_curves import accuracy_scale
from initlab.figures.words import groups, listed, losses, seeds, span, statistic_name

RANKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def plot_symmetry(
    table: pd.DataFrame, ax: Axes, *, look: Mapping[str, Look], by: str = "initializer"
) -> Axes:
    """Draws one line per initializer: how alike a network's units are, against step.

    Args:
        table: one activation, depth and statistic of `analysis.symmetry.symmetry_over_steps`.
        ax: where to draw.
        look: label to look.
        by: column that tells lines apart.
    """
    scale = SCALES.get(str(table["statistic"].iloc[0]), accuracy_scale)
    return plot_over_steps(table, ax, look=look, scale=scale, by=by)


def draw_symmetry(table: pd.DataFrame, *, by: str = "initializer") -> Figure:
    """Returns small multiples: a row a statistic of symmetry, a column an activation.

    Args:
        table: of `analysis.symmetry.symmetry_over_steps`.
        by: column that tells lines apart.
    """
    return draw_over_steps(table, scales=SCALES, otherwise=accuracy_scale, by=by)


def alt_symmetry(table: pd.DataFrame, *, by: str = "initializer") -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and who keeps duplicates."""
    mean = means(table)
    ranges = [
        f"{statistic_name(str(name))} ({span(rows['value'])})"
        for name, rows in mean.groupby("statistic")
    ]
    text = (
        f"Line charts of {listed(ranges)} against step (0 to {int(mean['step'].max())}, spaced "
        f"like a logarithm). Lines and panels: {groups(mean, by)}. {seeds(mean).capitalize()}."
        f"{losses(mean)}"
    )
    alike = mean[(mean["statistic"] == "duplicate_unit_fraction") & mean["value"].notna()]
    if alike.empty:
        return text
    end = alike[alike["step"] == alike["step"].max()]
    names = short_names(mean[by].unique())
    keep = [names[label] for label in dict.fromkeys(end.loc[end["value"] > 0.5, by])]
    last = f"{listed(keep)} with some activation" if keep else "none"
    return f"{text} More than half of the units are duplicates at the last step in: {last}."


def cosine_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes an axis for cosines, as far below zero as they go."""
    low = float(np.nanmin([0.0, table["value"].min()]))
    ax.set_ylim(low - 0.04, 1.04)
    ax.yaxis.set_major_locator(FixedLocator([-1, -0.5, 0, 0.5, 1.0]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def rank_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes an axis for ranks, spaced like log(1 + rank), with a place for 0."""
    high = float(np.nanmax([1.0, table["value"].max()]))
    ax.set_yscale("function", functions=(np.log1p, np.expm1))
    ax.set_ylim(-0.08, high * 1.2)
    ticks = [tick for tick in RANKS if tick <= high * 1.2]
    ax.yaxis.set_major_locator(FixedLocator([0, *ticks]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


SCALES = {
    "unit_cosine": cosine_scale,
    "effective_rank": rank_scale,
    "kernel_gradient_rank": rank_scale,
}
