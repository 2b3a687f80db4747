"""Training curves: loss and accuracy over steps, by initializer."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from initlab.analysis.names import short_names
from initlab.analysis.over_seeds import means
from initlab.figures.axes import log_scale
from initlab.figures.curves import draw_over_steps, plot_over_steps
from initlab.figures.style import Look
from initlab.figures.words import (
    extreme,
    groups,
    listed,
    losses,
    number,
    seeds,
    span,
    statistic_name,
)

HIGHEST_LOSS = 1e2
ROUND = (1, 2, 3, 5)


def plot_training_curve(
    table: pd.DataFrame, ax: Axes, *, look: Mapping[str, Look], by: str = "initializer"
) -> Axes:
    """Draws one line per initializer: a loss (logarithmic axis) or an accuracy against step.

    Args:
        table: one activation, depth and statistic of `analysis.training.training_curves`.
        ax: where to draw.
        look: label to look.
        by: column that tells lines apart.
    """
    loss = str(table["statistic"].iloc[0]).endswith(("_loss", "_norm"))
    scale = loss_scale if loss else accuracy_scale
    return plot_over_steps(table, ax, look=look, scale=scale, by=by)


def draw_training_curves(table: pd.DataFrame, *, by: str = "initializer") -> Figure:
    """Returns small multiples of training curves: a row a statistic, a column a trial's setting.

    Args:
        table: of `analysis.training.training_curves`.
        by: column that tells lines apart.
    """
    scales = {name: loss_scale for name in ("train_loss", "test_loss", "validation_loss")}
    scales["gradient_norm"] = norm_scale
    return draw_over_steps(table, scales=scales, otherwise=accuracy_scale, by=by)


def alt_training_curves(table: pd.DataFrame, *, by: str = "initializer") -> str:
    """Returns the figure in words: chart, axes with ranges, groups, and the best at the end."""
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
    end = mean[mean["statistic"].str.endswith("_accuracy")]
    end = end[(end["step"] == end["step"].max()) & (end["num_diverged"] == 0)].dropna(
        subset="value"
    )
    if end.empty:
        return text
    best = extreme(end, "value")
    return (
        f"{text} The highest {statistic_name(best['statistic'])} at the end is "
        f"{number(best['value'])}, of {short_names(mean[by].unique())[best[by]]} with "
        f"{best['activation']} at depth {best['depth']}."
    )


def loss_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes a logarithmic axis for losses, with round numbers; it ends at 100."""
    values = table.loc[table["value"] > 0, "value"]
    low = float(values.min()) if len(values) else 0.1
    high = min(float(values.max()) if len(values) else 1.0, HIGHEST_LOSS)
    if high / max(low, 1e-12) > 1e3:
        log_scale(ax, max(low, 1e-6), high)
        return
    decades = 10.0 ** np.arange(-13, 4)
    ticks = [digit * decade for decade in decades for digit in ROUND]
    ax.set_yscale("log")
    ax.set_ylim(low / 1.15, max(high, low * 1.01) * 1.15)
    inside = [tick for tick in ticks if low / 1.15 <= tick <= high * 1.15]
    ax.yaxis.set_major_locator(FixedLocator(inside[:: max(1, len(inside) // 5)]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))


def norm_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes a logarithmic axis for norms, between 1e-20 and 1e8 at most."""
    values = table.loc[table["value"] > 0, "value"]
    if len(values):
        log_scale(ax, max(float(values.min()), 1e-20), min(float(values.max()), 1e8))


def accuracy_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes an axis for shares, from 0 to 1."""
    del table
    ax.set_ylim(-0.03, 1.03)
    ax.yaxis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1.0]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
