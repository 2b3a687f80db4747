"""Filter grids: the filters of several banks as images, of one scale for all."""

import pandas as pd
from matplotlib.figure import Figure

from initlab.analysis.numbers import MINUS
from initlab.figures.axes import Margins, inches
from initlab.figures.strips import colour_bar, plot_strip, side_name, strip_height, strip_rows
from initlab.figures.style import SMALL, house_style, page_width
from initlab.figures.words import listed, span

ACROSS = 16
MARGINS = Margins(left=1.5, right=0.1, top=0.1, bottom=0.5, down=0.12)


def draw_filter_grid(table: pd.DataFrame) -> Figure:
    """Returns a strip of filters for each bank, sixteen on a line.

    One scale holds for all: its ends are the greatest magnitude in the table. Filters of one
    channel are blue below zero and red above; those of three have their channels for red, green
    and blue, and grey is zero.

    Args:
        table: of `analysis.filter_images.filter_images`.
    """
    limit = float(table["weight"].abs().max()) or 1.0
    banks = list(table.groupby("bank", sort=False))
    width = page_width() - MARGINS.left - MARGINS.right
    heights = [strip_height(part, number="filter", across=ACROSS, width=width) for _, part in banks]
    with house_style():
        figure, axes = strip_rows(heights, MARGINS)
        for ax, (name, part) in zip(axes, banks, strict=True):
            plot_strip(
                part, ax, number="filter", value="weight", limits=(-limit, limit), across=ACROSS
            )
            side_name(ax, name)
        if table["channel"].nunique() == 3:
            ends = f"{MINUS}{limit:.2g} is black, 0 grey and {limit:.2g} white, in each colour"
            figure.text(MARGINS.left / page_width(), 0.15 / inches(figure)[1], ends, fontsize=SMALL)
        else:
            colour_bar(figure, limit, MARGINS.left)
    return figure


def alt_filter_grid(table: pd.DataFrame) -> str:
    """Returns the figure in words: the banks, their filters, and the range of their weights."""
    parts = [
        f"{name} ({part['filter'].nunique()} of {part['row'].nunique()} by "
        f"{part['column'].nunique()}, {span(part['weight'])})"
        for name, part in table.groupby("bank", sort=False)
    ]
    coloured = table["channel"].nunique() == 3
    how = (
        "with their channels for red, green and blue, grey for zero"
        if coloured
        else "in colours from blue (below zero) over white to red"
    )
    return f"Maps of the weights of filters, {how}, of one scale for all: {listed(parts)}."
