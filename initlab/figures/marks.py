"""Marks: a mean over seeds with its interval, the single seeds, or a cross for what diverged."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from initlab.figures.style import Look

SEED_DOT = 1.6


def draw_mark(
    ax: Axes,
    place: float,
    record: Mapping[Hashable, Any],
    how: Look,
    *,
    size: float,
    along: str = "y",
) -> None:
    """Draws one row of a table of `average` at a place: its value lies along the other axis.

    A dot is a single seed, a cross at 0 a trial of which every run diverged, an open marker one
    of which some did.

    Args:
        ax: where to draw.
        place: on the axis of names or depths.
        record: `seed`, `value`, `low`, `high`, `n` and `num_diverged`.
        how: colour and marker.
        size: of the marker, in points.
        along: the axis of values, `x` or `y`.
    """

    def plot(values: list[float], *marks: str, **look: Any) -> None:
        places = [place] * len(values)
        ax.plot(*((places, values) if along == "y" else (values, places)), *marks, **look)

    if pd.notna(record["seed"]):
        plot([record["value"]], ".", color=how.color, markersize=SEED_DOT)
        return
    if not record["n"]:
        plot([0.0], "x", color=how.color, markersize=3, markeredgewidth=0.9)
        return
    if np.isfinite(record["low"]):
        plot([record["low"], record["high"]], color=how.color, linewidth=0.9)
    face, edge = ("white", how.color) if record["num_diverged"] else (how.color, "white")
    plot(
        [record["value"]],
        marker=how.marker,
        color=how.color,
        markerfacecolor=face,
        markeredgecolor=edge,
        markersize=size,
    )
