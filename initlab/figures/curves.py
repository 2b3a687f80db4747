"""Curves over steps in small multiples: what training curves and symmetry have in common."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.captions import left_out
from initlab.analysis.names import activation_order, short_names
from initlab.analysis.over_seeds import means
from initlab.figures.axes import (
    Margins,
    common_labels,
    key_above,
    key_height,
    label_lowest,
    ordered,
    panels,
    row_name,
    step_scale,
    title,
)
from initlab.figures.line_ends import name_line_ends, room, whole_columns
from initlab.figures.lines import line_ends, plot_lines
from initlab.figures.scales import SCALES, share_scale
from initlab.figures.style import Look, house_style, looks, page_width
from initlab.figures.words import (
    STATISTICS,
    groups,
    ranges,
    seeds,
    statistic_name,
    statistics_of,
)

MOST_COLUMNS = 6
WIDEST = 1.45  # inches that names beside the panels may take

type Rows = dict[str, tuple[str, pd.DataFrame]]
type Columns = dict[str, tuple[object, object]]


def plot_over_steps(
    table: pd.DataFrame,
    ax: Axes,
    *,
    look: Mapping[str, Look],
    by: str = "initializer",
    shown: pd.DataFrame | None = None,
) -> Axes:
    """Draws one line for each value of `by`: a statistic against step.

    Args:
        table: the columns of `average` and `step`, of one activation, depth and statistic.
        ax: where to draw.
        look: label to look.
        by: column that tells lines apart.
        shown: the rows that the vertical axis has to hold; by default those of `table`.
    """
    step_scale(ax, int(table["step"].max()))
    scale = SCALES.get(str(table["statistic"].iloc[0]), share_scale)
    scale(ax, table if shown is None else shown)
    return plot_lines(table, ax, x="step", by=by, looks=look)


def draw_over_steps(table: pd.DataFrame, *, by: str = "initializer", unit: str = "unit") -> Figure:
    """Returns a panel for each statistic (rows), and each activation and depth (columns).

    Args:
        table: the columns of `average`, `step`, `statistic`, `activation`, `depth`.
        by: column that tells lines apart.
        unit: what a layer's units are called.
    """
    names = short_names(table[by].unique())
    look = looks(names)
    rows, columns = _facets(table, unit)
    grid = [[_part(row, place) for place in columns.values()] for _, row in rows.values()]
    width = room(names.values())
    last = len(columns) - 1
    beside = last < 3 and width <= WIDEST and last in whole_columns(grid, by)
    key = 0.0 if beside else key_height(list(names.values()), page_width())
    margins = Margins(
        left=0.74,
        right=width if beside else 0.12,
        top=key + 0.26,
        across=0.18 if len(columns) <= 3 else 0.28,
    )
    with house_style():
        figure, axes = panels(len(rows), len(columns), height=1.3, margins=margins)
        for i, (name, (statistic, _)) in enumerate(rows.items()):
            whole = table[table["statistic"] == statistic]
            for j, (heading, part) in enumerate(zip(columns, grid[i], strict=True)):
                ax = axes[i, j]
                if part.empty:
                    ax.set_axis_off()
                    continue
                plot_over_steps(part, ax, look=look, by=by, shown=whole)
                ax.tick_params(labelleft=j == 0)
                if i == 0:
                    title(ax, heading)
                if beside and j == last:
                    ends = line_ends(part, ax, x="step", by=by, looks=look)
                    name_line_ends(ax, ends, names, look, between=margins.down)
            row_name(axes[i, 0], name)
        label_lowest(axes)
        if not beside:
            key_above(figure, {label: names[label] for label in look}, look)
        named = set(rows) & {statistic_name(name, unit) for name in STATISTICS}
        y = "" if named else _common_name(rows)
        common_labels(figure, x="step (spaced as the logarithm of 1 + step)", y=y, margins=margins)
    return figure


def alt_over_steps(table: pd.DataFrame, *, by: str = "initializer", unit: str = "unit") -> str:
    """Returns what every figure over steps says: chart, axes with ranges, groups and seeds."""
    mean = means(table)
    return (
        f"Line charts of {ranges(mean, unit)} against step (0 to {int(mean['step'].max())}, spaced "
        f"like a logarithm). Lines and panels: {groups(mean, by)}. {seeds(mean).capitalize()}."
        f"{left_out(mean)}"
    )


def _part(row: pd.DataFrame, place: tuple[object, object]) -> pd.DataFrame:
    """Returns the rows of one panel: of an activation, or of any (None), and a depth."""
    activation, depth = place
    row = row[row["depth"] == depth]
    return row if activation is None else row[row["activation"] == activation]


def _common_name(rows: Rows) -> str:
    """Returns the one statistic of all rows, where their own names leave it out."""
    statistics = {statistic for statistic, _ in rows.values()}
    return statistic_name(statistics.pop()) if len(statistics) == 1 else ""


def _facets(table: pd.DataFrame, unit: str) -> tuple[Rows, Columns]:
    """Returns the rows and columns of panels by name.

    A row is a statistic and a column an activation and depth, as long as six columns are enough;
    else a row is a statistic and activation, and a column a depth.
    """
    statistics = statistics_of(table)
    activations = ordered(table["activation"].unique().tolist(), activation_order)
    depths = sorted(table["depth"].unique().tolist())
    by_statistic = {name: table[table["statistic"] == name] for name in statistics}
    if len(activations) * len(depths) <= MOST_COLUMNS:
        pairs = [(activation, depth) for activation in activations for depth in depths]
        columns: Columns = {
            f"{activation}, depth {depth}" if len(depths) > 1 else str(activation): (
                activation,
                depth,
            )
            for activation, depth in pairs
        }
        named = {statistic_name(name, unit): (name, rows) for name, rows in by_statistic.items()}
        return named, columns
    rows: Rows = {}
    for activation in activations:
        for name, part in by_statistic.items():
            what = "" if len(statistics) == 1 else f", {statistic_name(name, unit)}"
            rows[f"{activation}{what}"] = (name, part[part["activation"] == activation])
    return rows, {f"depth {depth}": (None, depth) for depth in depths}
