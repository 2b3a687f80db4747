"""Vertical axes of statistics: what each is measured on, and where its ticks stand."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from initlab.figures.axes import log_scale

HIGHEST_LOSS = 1e2
ROUND = (1, 2, 3, 5)
RANKS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)

type Scale = Callable[[Axes, pd.DataFrame], None]


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
    ax.yaxis.set_major_formatter("{x:.3g}")


def norm_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes a logarithmic axis for norms, between 1e-20 and 1e8 at most."""
    values = table.loc[table["value"] > 0, "value"]
    if len(values):
        log_scale(ax, max(float(values.min()), 1e-20), min(float(values.max()), 1e8))


def share_scale(ax: Axes, table: pd.DataFrame, *, along: str = "y") -> None:
    """Makes an axis for accuracies and other shares, from 0 to 1, the vertical one or `x`."""
    del table
    ax.set(**{f"{along}lim": (-0.03, 1.03)})
    axis = ax.yaxis if along == "y" else ax.xaxis
    axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1.0]))
    axis.set_major_formatter("{x:g}")


def near_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes a vertical axis for shares that begins and ends where the values do."""
    ends = pd.concat([table["value"], table["low"], table["high"]]).dropna()
    low, high = (float(ends.min()), float(ends.max())) if len(ends) else (0.0, 1.0)
    edge = 0.05 * max(high - low, 0.02)
    ax.set_ylim(max(low - edge, -0.03), min(high + edge, 1.03))
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))


def count_scale(ax: Axes, table: pd.DataFrame, *, along: str = "y") -> None:
    """Makes a logarithmic axis for counts such as steps, with round numbers as ticks."""
    ends = pd.concat([table["value"], table["low"], table["high"]]).dropna()
    low, high = (float(ends.min()), float(ends.max())) if len(ends) else (1.0, 10.0)
    low, high = max(low, 1.0) / 1.3, max(high, 1.0) * 1.3
    axis = ax.yaxis if along == "y" else ax.xaxis
    ax.set(**{f"{along}scale": "log", f"{along}lim": (low, high)})
    inside = [tick for tick in RANKS if low <= tick <= high]
    few = MaxNLocator(4, integer=True).tick_values(low, high)
    ticks = inside if len(inside) > 1 else [tick for tick in few if low <= tick <= high]
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter("{x:g}")


def cosine_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes an axis for cosines, as far below zero as they go."""
    low = float(np.nanmin([0.0, table["value"].min()]))
    ax.set_ylim(low - 0.04, 1.04)
    ax.yaxis.set_major_locator(FixedLocator([-1, -0.5, 0, 0.5, 1.0]))
    ax.yaxis.set_major_formatter("{x:g}")


def rank_scale(ax: Axes, table: pd.DataFrame) -> None:
    """Makes an axis for ranks, spaced like log(1 + rank), with a place for 0."""
    high = float(np.nanmax([1.0, table["value"].max()]))
    ax.set_yscale("function", functions=(np.log1p, np.expm1))
    ax.set_ylim(-0.08, high * 1.2)
    ticks = [tick for tick in RANKS if tick <= high * 1.2]
    ax.yaxis.set_major_locator(FixedLocator([0, *ticks]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter("{x:g}")


# Every other statistic that is drawn over steps is a share.
SCALES: dict[str, Scale] = {
    "train_loss": loss_scale,
    "test_loss": loss_scale,
    "validation_loss": loss_scale,
    "gradient_norm": norm_scale,
    "unit_cosine": cosine_scale,
    "kernel_evenness": cosine_scale,
    "effective_rank": rank_scale,
    "kernel_gradient_rank": rank_scale,
}
