"""Exciting patches: the nine pieces of images that units of each layer answer to most."""

import pandas as pd
from matplotlib.figure import Figure

from initlab.figures.axes import Margins
from initlab.figures.strips import plot_strip, side_name, strip_height, strip_rows
from initlab.figures.style import WIDE, house_style
from initlab.figures.words import listed, span

MARGINS = Margins(left=1.3, right=0.1, top=0.1, bottom=0.1, down=0.14)


def draw_exciting_patches(table: pd.DataFrame) -> Figure:
    """Returns a strip for each layer: two units a line, nine patches each, the greatest first.

    Args:
        table: of `analysis.exciting_patches.exciting_patches`, with `layer_name`; pixels from 0 to
            255, in colour or of one channel.
    """
    layers = list(table.groupby("layer_name", sort=False))
    width = WIDE - MARGINS.left - MARGINS.right
    across = {name: 2 * int(part["rank"].max()) for name, part in layers}
    heights = [
        strip_height(part, number="patch", across=across[name], width=width)
        for name, part in layers
    ]
    with house_style():
        figure, axes = strip_rows(heights, MARGINS)
        for ax, (name, part) in zip(axes, layers, strict=True):
            plot_strip(
                part,
                ax,
                number="patch",
                value="value",
                limits=(0.0, 255.0),
                colours="gray",
                across=across[name],
            )
            middle = across[name] / 2 * (part["row"].nunique() + 1) - 1
            ax.axvline(middle, color="white", lw=4, zorder=0.5)  # below the frames
            side_name(ax, f"{name}, {part['row'].nunique()} by {part['column'].nunique()}")
    return figure


def alt_exciting_patches(table: pd.DataFrame) -> str:
    """Returns the figure in words: the layers, how many units, and the size of the patches."""
    parts = [
        f"{name} ({part['unit'].nunique()} units, patches of {part['row'].nunique()} by "
        f"{part['column'].nunique()} pixels)"
        for name, part in table.groupby("layer_name", sort=False)
    ]
    return (
        f"Maps of the {table['rank'].max()} patches of images that excite units most: "
        f"{listed(parts)}. Pixels {span(table['value'])}."
    )
