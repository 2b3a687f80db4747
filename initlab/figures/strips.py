"""Strips: small images side by side, of one scale of colours, a strip for each name."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from initlab.analysis.numbers import MINUS
from initlab.figures.axes import Margins, inches
from initlab.figures.style import SMALL, page_width, plain_text

SIGNED = "RdBu_r"
FRAME: dict[str, Any] = {"fill": False, "edgecolor": "#b0b0b0", "linewidth": 0.3, "clip_on": False}


def plot_strip(
    table: pd.DataFrame,
    ax: Axes,
    *,
    number: str,
    value: str,
    limits: tuple[float, float],
    colours: str = SIGNED,
    across: int | None = None,
) -> Axes:
    """Draws the images of a table side by side, line by line, with a gap of one pixel.

    Images of three channels are drawn in their own colours, the lower limit black and the upper one
    white, with a thin frame, without which white ones could not be told from the page; those of
    another number as the mean of their channels.

    Args:
        table: `row`, `column`, and `channel` where there are several.
        ax: where to draw.
        number: the column that tells images apart.
        value: the column that is drawn.
        limits: the values at the ends of the colours.
        colours: a colour map of Matplotlib.
        across: images on a line; None for all.
    """
    images = stacked_images(table, number=number, value=value)
    count, height, width, channels = images.shape
    across = across or count
    lines = math.ceil(count / across)
    strip = np.full((lines * (height + 1) - 1, across * (width + 1) - 1, channels), np.nan)
    for place, image in enumerate(images):
        top, left = (place // across) * (height + 1), (place % across) * (width + 1)
        strip[top : top + height, left : left + width] = image
        if channels == 3:
            ax.add_patch(Rectangle((left - 0.5, top - 0.5), width, height, **FRAME))
    low, high = limits
    how: dict[str, Any] = {"interpolation": "nearest", "aspect": "auto"}
    if channels == 3:
        ax.imshow(np.nan_to_num((strip - low) / (high - low), nan=1.0).clip(0, 1), **how)
    else:
        shown = np.ma.masked_invalid(strip.mean(axis=-1))
        ax.imshow(shown, cmap=colours, vmin=low, vmax=high, **how)
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return ax


def stacked_images(table: pd.DataFrame, *, number: str, value: str) -> npt.NDArray[np.float64]:
    """Returns the images of a table as an array `(image, row, column, channel)`."""
    keys = [number, "row", "column", *(["channel"] if "channel" in table else [])]
    ordered = table.sort_values(keys, kind="stable")
    sizes = [ordered[key].nunique() for key in keys]
    shape = (*sizes, 1) if len(keys) == 3 else tuple(sizes)
    images: npt.NDArray[np.float64] = ordered[value].to_numpy(np.float64).reshape(shape)
    return images


def strip_height(table: pd.DataFrame, *, number: str, across: int, width: float) -> float:
    """Returns how many inches high a strip is whose lines of images are `width` inches wide."""
    lines = math.ceil(table[number].nunique() / across)
    height, side = table["row"].nunique(), table["column"].nunique()
    return width * (lines * (height + 1) - 1) / (across * (side + 1) - 1)


def strip_rows(heights: Sequence[float], margins: Margins) -> tuple[Figure, list[Axes]]:
    """Returns a figure as wide as a page with one axes below the other, of these heights."""
    total = sum(heights) + margins.down * (len(heights) - 1) + margins.top + margins.bottom
    figure = Figure(figsize=(page_width(), total))
    width = page_width() - margins.left - margins.right
    axes, bottom = [], total - margins.top
    for height in heights:
        bottom -= height
        place = (margins.left / page_width(), bottom / total, width / page_width(), height / total)
        axes.append(figure.add_axes(place))
        bottom -= margins.down
    return figure, axes


def side_name(ax: Axes, name: object, *, limit: int = 50) -> None:
    """Writes the name of a strip on its left."""
    ax.text(
        -0.02,
        0.5,
        "\n".join(textwrap.wrap(plain_text(name, limit), 26)),
        transform=ax.transAxes,
        ha="right",
        va="center",
        fontsize=SMALL,
        parse_math=False,
    )


def colour_bar(figure: Figure, limit: float, left: float, *, word: str = "weight") -> None:
    """Writes below the images what the colours mean."""
    width, height = inches(figure)
    ax = figure.add_axes((left / width, 0.34 / height, 2.2 / width, 0.08 / height))
    bar = figure.colorbar(
        ScalarMappable(Normalize(-limit, limit), SIGNED), cax=ax, orientation="horizontal"
    )
    bar.outline.set_visible(False)
    ends = [f"{value:.2g}".replace("-", MINUS) for value in (-limit, 0.0, limit)]
    bar.set_ticks([-limit, 0.0, limit], labels=ends)
    ax.text(1.06, 0.5, word, transform=ax.transAxes, va="center", fontsize=SMALL)
