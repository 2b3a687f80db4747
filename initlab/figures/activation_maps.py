"""Activation maps: an image, and what the filters of each layer make of it."""

import pandas as pd
from matplotlib.figure import Figure

from initlab.analysis.numbers import number
from initlab.figures.axes import Margins
from initlab.figures.strips import plot_strip, side_name, strip_height, strip_rows
from initlab.figures.style import SMALL, house_style, page_width
from initlab.figures.words import listed, span

ACROSS = 8
COLOURS = {"image": "gray"}
OF_MAPS = "viridis"
MARGINS = Margins(left=1.3, right=1.0, top=0.1, bottom=0.1, down=0.12)


def draw_activation_maps(table: pd.DataFrame) -> Figure:
    """Returns the image, and below it a strip of maps for each layer, eight on a line.

    Each layer has a scale of its own, from its least to its greatest activation, written on its
    right: dark is the least.

    Args:
        table: of `analysis.filter_images.activation_maps`.
    """
    layers = list(table.groupby("layer_name", sort=False))
    width = page_width() - MARGINS.left - MARGINS.right
    heights = [strip_height(part, number="map", across=ACROSS, width=width) for _, part in layers]
    with house_style():
        figure, axes = strip_rows(heights, MARGINS)
        for ax, (name, part) in zip(axes, layers, strict=True):
            low, high = float(part["activation"].min()), float(part["activation"].max())
            plot_strip(
                part,
                ax,
                number="map",
                value="activation",
                limits=(low, high if high > low else low + 1.0),
                colours=COLOURS.get(str(name), OF_MAPS),
                across=ACROSS,
            )
            side_name(ax, name)
            ax.text(
                1.02,
                0.5,
                f"{number(low)} to\n{number(high)}",
                transform=ax.transAxes,
                va="center",
                fontsize=SMALL,
            )
    return figure


def alt_activation_maps(table: pd.DataFrame) -> str:
    """Returns the figure in words: the layers, their maps, and the range of their activations."""
    parts = [
        f"{name} ({part['map'].nunique()} of {part['row'].nunique()} by "
        f"{part['column'].nunique()}, {span(part['activation'])})"
        for name, part in table.groupby("layer_name", sort=False)
    ]
    return (
        "Maps of an image and of the activations that it has in each layer, a scale for each: "
        f"{listed(parts)}."
    )
