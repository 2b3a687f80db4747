"""Receptive fields: what a unit of each convolution sees, drawn on the image."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from initlab.figures.axes import LINE, Margins, panels
from initlab.figures.style import SINGLE, SMALL, arm_looks, house_style, plain_text
from initlab.figures.words import listed

SIDE = 2.6  # inches of the image
MARGINS = Margins(left=0.15, right=SINGLE - SIDE - 0.15, top=0.12, bottom=0.12)


def draw_receptive_fields(table: pd.DataFrame, *, image: npt.NDArray[np.number]) -> Figure:
    """Returns the image with a frame for each convolution, about its middle, and their names.

    A field that reaches beyond the image is drawn where it is, on white.

    Args:
        table: of `analysis.receptive_fields.receptive_fields`.
        image: `(height, width, channel)`, of one channel or three.
    """
    height, width = image.shape[:2]
    reach = max(0.0, -float(table["top"].min()), -float(table["left"].min())) + 0.5
    looks = arm_looks(table["layer_name"])
    with house_style():
        figure, axes = panels(1, 1, height=SIDE, margins=MARGINS, width=SINGLE)
        ax = axes[0, 0]
        shown = image.mean(axis=-1) if image.shape[-1] != 3 else _within(image)
        ax.imshow(shown, cmap="gray", interpolation="nearest", extent=(0, width, height, 0))
        ax.set(xlim=(-reach, width + reach), ylim=(height + reach, -reach), xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        for place, field in enumerate(table.to_dict("records")):
            look = looks[field["layer_name"]]
            corner = (field["left"], field["top"])
            ax.add_patch(
                Rectangle(
                    corner,
                    field["columns"],
                    field["rows"],
                    fill=False,
                    edgecolor=look.color,
                    linestyle=look.dash,
                    linewidth=1.4,
                )
            )
            name = plain_text(f"{field['layer_name']}: {field['rows']} by {field['columns']}")
            ax.text(
                1.04,
                1 - (place + 0.5) * LINE / SIDE,
                name,
                transform=ax.transAxes,
                color=look.color,
                fontsize=SMALL,
                va="center",
            )
    return figure


def alt_receptive_fields(table: pd.DataFrame, *, image: npt.NDArray[np.number]) -> str:
    """Returns the figure in words: the image's size, and each field's."""
    fields = listed(
        [f"{row.layer_name} {row.rows} by {row.columns}" for row in table.itertuples(index=False)]
    )
    height, width = image.shape[:2]
    return (
        "Map of what one unit of each convolution sees, frames about the middle of an image of "
        f"{height} by {width} pixels: {fields}."
    )


def _within(image: npt.NDArray[np.number]) -> npt.NDArray[np.float64]:
    """Returns an image in colour with values from 0 to 1."""
    low, high = float(image.min()), float(image.max())
    return (np.asarray(image, np.float64) - low) / ((high - low) or 1.0)
