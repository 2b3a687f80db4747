"""Factor map: by what each initializer multiplies the signal per layer, as coloured numbers."""

import math

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from initlab.analysis.names import activation_order, initializer_order, short_names
from initlab.analysis.numbers import MINUS, number
from initlab.figures.axes import Margins, inches, label_lowest, panel_width, panels, title
from initlab.figures.style import SMALL, house_style, plain_text
from initlab.figures.words import groups

REACH = 2.0  # the colours go from a factor of 1/4 to 4, in powers of two
COLOURS = "RdBu_r"
CELL = 0.15  # inches
LETTER = 0.06  # inches that a letter in a cell takes, its share of what parts two cells with it
PLAIN = 7  # letters of a cell that holds a factor below a hundredth in full
NOTE = 2.35  # inches that what is written beside the bar takes
DARK = 0.18  # luminance below which white is read better than black
GONE = "#d0d0d0"
DIRECTIONS = ("forward", "backward")


def plot_factor_map(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draws a cell for each initializer (rows) and activation (columns), its factor in it.

    White is a factor of 1 per layer, blue less, red more, both on a logarithmic scale from 1/4 to
    4. Grey are trials whose signal is gone, or of which no layer holds a number; hatched are
    those of which a run diverged.

    Args:
        table: one depth and direction of `analysis.factors.layer_factors`.
        ax: where to draw.
    """
    rows = sorted(table["initializer"].unique(), key=initializer_order)
    columns = sorted(table["activation"].unique(), key=activation_order)
    names = short_names(rows)
    letters = int(panel_width(ax) / len(columns) / LETTER)
    for record in table.to_dict("records"):
        x, y = columns.index(record["activation"]), rows.index(record["initializer"])
        factor = float(record["factor"])
        colour = factor_colour(factor)
        hatch = "//////" if record["num_diverged"] else None
        ink = "white" if _luminance(colour) < DARK else "black"
        ax.add_patch(
            Rectangle(
                (x - 0.5, y - 0.5),
                1,
                1,
                facecolor=colour,
                edgecolor="white",
                hatch=hatch,
                hatchcolor=ink,
                linewidth=0.8,
            )
        )
        written = cell_text(factor, gone=record["fate"] == "vanishes", letters=letters)
        text = ax.text(x, y, written, ha="center", va="center", fontsize=SMALL)
        text.set_color(ink)
        if hatch:
            text.set_bbox({"facecolor": colour, "edgecolor": "none", "pad": 0.6})
    ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    ax.set_xticks(range(len(columns)), [plain_text(name) for name in columns], parse_math=False)
    if max(map(len, columns)) * len(columns) > 48:  # letters that stand side by side
        ax.tick_params(axis="x", labelrotation=30)
    ax.set_yticks(range(len(rows)), [plain_text(names[row]) for row in rows], parse_math=False)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return ax


def draw_factor_map(table: pd.DataFrame) -> Figure:
    """Returns factor maps: a row of panels a depth, forward on the left and backward on the right.

    Args:
        table: of `analysis.factors.layer_factors`.
    """
    depths = sorted(table["depth"].unique().tolist())
    directions = [name for name in DIRECTIONS if name in set(table["direction"].unique())]
    num_rows = int(table.groupby("depth")["initializer"].nunique().max())
    alike = len({frozenset(part["activation"]) for _, part in table.groupby("depth")}) == 1
    down = 0.24 if alike else 0.42  # else each panel names its own columns
    with house_style():
        margins = Margins(left=1.32, right=0.1, top=0.26, bottom=0.78, across=0.15, down=down)
        figure, axes = panels(len(depths), len(directions), height=CELL * num_rows, margins=margins)
        for i, depth in enumerate(depths):
            for j, direction in enumerate(directions):
                ax = axes[i, j]
                part = table[(table["depth"] == depth) & (table["direction"] == direction)]
                plot_factor_map(part, ax)
                ax.tick_params(labelleft=j == 0)
                title(ax, f"{direction}, depth {depth}")
        if alike:
            label_lowest(axes)
        _colour_bar(figure)
    return figure


def alt_factor_map(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axes, groups, range, and the factor nearest to 1."""
    there = table.dropna(subset="factor")
    text = (
        "Heat maps with a number in each cell: the factor per layer by which the mean square of a "
        f"signal is multiplied; rows are initializers, columns activations. {groups(table)}. "
        f"Hatched where a run diverged ({int((table['num_diverged'] > 0).sum())} of {len(table)} "
        f"cells), grey where the signal is gone or is no number ({len(table) - len(there)})."
    )
    if there.empty:
        return text
    nearest = there.loc[np.log(there["factor"]).abs().idxmin()]
    return (
        f"{text} Factors reach from {number(there['factor'].min())} to "
        f"{number(there['factor'].max())}; nearest to 1 is {number(nearest['factor'])}, "
        f"{short_names(table['initializer'].unique())[nearest['initializer']]} with "
        f"{nearest['activation']} at depth {nearest['depth']}, {nearest['direction']}."
    )


def cell_text(factor: float, *, gone: bool = True, letters: int = PLAIN) -> str:
    """Returns a factor as a cell writes it: three digits at most.

    Below a hundredth, a cell of fewer than seven `letters` has one digit and a power of ten, and
    so has any cell below a ten-thousandth.
    Without a factor the signal is `gone`, or else there is `none`: the forward pass overflowed.
    """
    if not math.isfinite(factor):
        return "gone" if gone else "none"
    if 0.01 <= factor < 9.995:
        return f"{factor:.2f}" if factor >= 0.0995 else f"{factor:.3f}"
    if factor >= 0.01:
        return f"{factor:.0f}" if factor < 1e4 else f"{factor:.0e}"
    if factor >= 1e-4 and letters >= PLAIN:
        return f"{factor:.2g}"
    digit, power = f"{factor:.0e}".split("e")
    return f"{digit}e{int(power)}".replace("-", MINUS)


def factor_colour(factor: float) -> tuple[float, float, float]:
    """Returns the colour of a factor, white at 1; grey for none."""
    if not math.isfinite(factor) or factor <= 0:
        return tuple(int(GONE[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]
    place = (np.clip(math.log2(factor), -REACH, REACH) + REACH) / (2 * REACH)
    red, green, blue, _ = mpl.colormaps[COLOURS](float(place))
    return red, green, blue


def _luminance(colour: tuple[float, float, float]) -> float:
    """Returns the relative luminance of an sRGB colour, 0 black to 1 white (WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _colour_bar(figure: Figure) -> None:
    """Writes below the panels what the colours mean."""
    width, height = inches(figure)
    long = min((width - 1.42) / 2, width - 1.32 - 0.35 - NOTE)
    ax = figure.add_axes((1.32 / width, 0.36 / height, long / width, 0.09 / height))
    scale = ScalarMappable(Normalize(-REACH, REACH), COLOURS)
    bar = figure.colorbar(scale, cax=ax, orientation="horizontal", extend="both")
    bar.outline.set_visible(False)
    ax.set_xticks([-2, -1, 0, 1, 2], ["0.25", "0.5", "1", "2", "4"])
    ax.set_xlabel("factor per layer of the mean square", labelpad=2)
    place = (1.32 + long + 0.35) / width
    note = "hatched: a run diverged; gone: no signal is left;\nnone: the forward pass overflows"
    figure.text(place, 0.37 / height, note, fontsize=SMALL, va="bottom")
