"""Where an architecture's memory and parameters lie: shares up to each weight layer."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.numbers import number
from initlab.analysis.paper_plans import MEMORY, PARAMETERS
from initlab.figures.axes import (
    Margins,
    common_labels,
    key_above,
    key_height,
    layer_ticks,
    panels,
    title,
)
from initlab.figures.scales import share_scale
from initlab.figures.style import (
    BLUE,
    DASHED,
    SOLID,
    VERMILLION,
    Look,
    house_style,
    page_width,
    plain_text,
)
from initlab.figures.words import listed

LOOKS = {
    MEMORY: Look(BLUE, SOLID, "o"),
    PARAMETERS: Look(VERMILLION, DASHED, "s"),
}
COLUMNS = 4
LONGEST = 24  # letters above a panel


def plot_size_shares(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draws two lines: the share of all activations, and of all parameters, up to each layer.

    Args:
        table: one model of `analysis.paper_plans.shares_by_layer`.
        ax: where to draw.
    """
    share_scale(ax, table)
    depth = int(table["layer"].max())
    ax.set_xlim(0.6, depth + 0.4)
    layer_ticks(ax, depth)
    for statistic, look in LOOKS.items():
        rows = table[table["statistic"] == statistic].sort_values("layer")
        ax.plot(
            rows["layer"], rows["value"], color=look.color, linestyle=look.dash,
            marker=look.marker, markersize=2.6, markeredgecolor="white",
        )  # fmt: skip
    return ax


def draw_size_shares(table: pd.DataFrame) -> Figure:
    """Returns a panel a model.

    Args:
        table: of `analysis.paper_plans.shares_by_layer`.
    """
    models = list(dict.fromkeys(table["model"]))
    across = min(COLUMNS, len(models))
    names = {MEMORY: "activations", PARAMETERS: "parameters"}
    with house_style():
        key = key_height(list(names.values()), page_width())
        margins = Margins(left=0.56, top=key + 0.3, across=0.3, down=0.5)
        figure, axes = panels(-(-len(models) // across), across, height=1.15, margins=margins)
        for ax in axes.flat:
            ax.set_axis_off()
        for place, model in enumerate(models):
            ax = axes[place // across, place % across]
            ax.set_axis_on()
            plot_size_shares(table[table["model"] == model], ax)
            ax.tick_params(labelleft=place % across == 0)
            title(ax, plain_text(model, LONGEST))
        key_above(figure, names, LOOKS)
        common_labels(figure, x="weight layer", y="share up to the layer", margins=margins)
    return figure


def alt_size_shares(table: pd.DataFrame) -> str:
    """Returns the figure in words: chart, axes with ranges, panels, totals."""
    totals = table.drop_duplicates(["model", "statistic"])
    said = [
        f"{model} {number(float(of['total'].iloc[0]))} {statistic}"
        for (model, statistic), of in totals.groupby(["model", "statistic"], sort=False)
    ]
    return (
        "Line charts of the share of all activations and of all parameters (from "
        f"{number(float(table['value'].min()))} to 1) up to each weight layer (1 to "
        f"{int(table['layer'].max())}), a panel a model. In all: {listed(said)}."
    )
