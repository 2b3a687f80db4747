"""Depth profiles: a moment of the signal or of its gradient against layer, by initializer."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from initlab.analysis.captions import left_out
from initlab.analysis.names import activation_order, short_names
from initlab.analysis.numbers import number
from initlab.analysis.over_seeds import means
from initlab.figures.axes import (
    Margins,
    common_labels,
    key_above,
    key_height,
    label_lowest,
    layer_ticks,
    log_scale,
    ordered,
    panels,
    row_name,
    title,
)
from initlab.figures.line_ends import name_line_ends, room, stack, whole_columns
from initlab.figures.lines import line_ends, plot_lines
from initlab.figures.style import Look, house_style, looks, page_width
from initlab.figures.words import (
    extreme,
    groups,
    listed,
    seeds,
    span,
    statistic_name,
    statistics_of,
)

LOWEST, HIGHEST = 1e-20, 1e10
FEWEST_DECADES = 6


def plot_depth_profile(
    table: pd.DataFrame,
    ax: Axes,
    *,
    look: Mapping[str, Look],
    by: str = "initializer",
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Draws one line per initializer: a moment against layer, on a logarithmic axis.

    Layers run in the direction of travel: those of gradients from the readout back to 1.

    Args:
        table: one activation, depth, step and statistic of `analysis.profiles.depth_profiles`.
        ax: where to draw.
        look: label to look.
        by: column that tells lines apart.
        limits: of the vertical axis; by default those of the table.
    """
    log_scale(ax, *(limits or profile_limits(table)), ticks=6)
    depth = int(table["depth"].max())
    ends = (0.6, depth + 0.4)
    ax.set_xlim(*(ends[::-1] if is_backward(table) else ends))
    layer_ticks(ax, depth)
    return plot_lines(table, ax, x="layer", by=by, looks=look)


def is_backward(table: pd.DataFrame) -> bool:
    """Tells whether the table's statistic travels from the readout to the inputs."""
    return "gradient" in str(table["statistic"].iloc[0])


def profile_limits(table: pd.DataFrame, *, whole: bool = False) -> tuple[float, float]:
    """Returns the range of the shallowest networks' values, within 1e-20 and 1e10.

    Lines of deeper ones leave the axis, so that what holds can be read, unless the `whole` is asked
    for. It reaches as far as they do where that takes no more than six decades.
    """
    shallow = _range(table[table["depth"] == table["depth"].min()])
    full = _range(table)
    if full is None or whole:
        return full or (0.1, 10.0)
    low, high = shallow or full
    low = max(full[0], min(low, high / 10**FEWEST_DECADES))
    return low, min(full[1], max(high, low * 10**FEWEST_DECADES))


def _range(table: pd.DataFrame) -> tuple[float, float] | None:
    """Returns the least and the greatest positive value, cut at the ends that axes may have."""
    ends = pd.concat([table["value"], table["low"], table["high"]])
    values = ends[ends > 0]
    if values.empty:
        return None
    return max(float(values.min()), LOWEST), max(min(float(values.max()), HIGHEST), 10 * LOWEST)


def draw_depth_profile(
    table: pd.DataFrame, *, by: str = "initializer", whole: bool = False
) -> Figure:
    """Returns small multiples of depth profiles: a column a depth, a row an activation.

    If the table holds several statistics, each activation has a row for each; with one depth
    they are the columns. Panels of one statistic have one vertical axis.

    Args:
        table: one step of `analysis.profiles.depth_profiles`.
        by: column that tells lines apart.
        whole: whether the lines of deeper networks stay on the axis too.
    """
    names = short_names(table[by].unique())
    look = looks(names)
    rows, columns = _facets(table)
    across = "statistic" in columns.values()
    mixed = len({is_backward(row) for row in rows.values()}) > 1  # their layers run two ways
    grid = [
        [row[row[column] == value] for value, column in columns.items()] for row in rows.values()
    ]
    limits = {name: profile_limits(rows, whole=whole) for name, rows in table.groupby("statistic")}
    named = _named_column(grid, by, limits)
    wide = 0.0 if named is None else room(names.values())
    last = named == len(columns) - 1
    key = key_height(list(names.values()), page_width()) if named is None else 0.0
    margins = Margins(
        left=0.74,
        right=wide if last else 0.12,
        top=key + 0.26,
        across=0.42 if across else 0.18,
        down=0.2 if mixed else 0.14,
    )
    with house_style():
        height = max(1.55 if len(rows) <= 3 else 1.24, stack(names) if wide else 0.0)
        figure, axes = panels(
            len(rows),
            len(columns),
            height=height,
            margins=margins,
            aside=(0, 0.0) if last or named is None else (named, wide - margins.across),
        )
        for i, row in enumerate(rows):
            for j, (value, part) in enumerate(zip(columns, grid[i], strict=True)):
                if part.empty:
                    axes[i, j].set_axis_off()
                    continue
                held = limits[part["statistic"].iloc[0]]
                ax = plot_depth_profile(part, axes[i, j], look=look, by=by, limits=held)
                ax.tick_params(labelleft=across or j == 0)
                if j == named:
                    ends = line_ends(part, ax, x="layer", by=by, looks=look)
                    name_line_ends(ax, ends, names, look, between=margins.down)
                if i == 0:
                    title(ax, statistic_name(str(value)) if across else f"depth {value}")
            row_name(axes[i, 0], row)
        if not mixed:
            label_lowest(axes)
        if named is None:
            key_above(figure, {label: names[label] for label in look}, look)
        label = "layer, in the direction of travel" if _turns(table) else "layer"
        common_labels(figure, x=label, y="" if across else _y_label(table), margins=margins)
    return figure


def alt_depth_profile(table: pd.DataFrame, *, by: str = "initializer") -> str:
    """Returns the figure in words: chart, axes with ranges, groups and how far the signals end."""
    mean = means(table)
    last = mean[mean["layer"] == mean["depth"] - 1].dropna(subset="value")
    text = (
        f"Line charts of {_y_label(table)} on a logarithmic axis ({span(mean['value'])}) against "
        f"layer (1 to {int(mean['layer'].max())}). Lines and panels: {groups(mean, by)}. "
        f"Geometric {seeds(mean)}.{left_out(mean)}"
    )
    if last.empty:
        return text
    low, high = extreme(last, "value", least=True), extreme(last, "value")
    names = short_names(mean[by].unique())
    return (
        f"{text} At the last hidden layer the values reach from {number(low['value'])} "
        f"({names[low[by]]}, {low['activation']}, depth {low['depth']}) to {number(high['value'])} "
        f"({names[high[by]]}, {high['activation']}, depth {high['depth']})."
    )


def _named_column(
    grid: Sequence[Sequence[pd.DataFrame]], by: str, limits: Mapping[Any, tuple[float, float]]
) -> int | None:
    """Returns beside which column of panels the names stand: where most lines end in view.

    None where no column holds every line of its rows, or where those that do are followed by one
    that does not, from which names between them would keep the eye; of equal ones it is the last.
    """
    whole = whole_columns(grid, by)
    if whole and whole[-1] < len(grid[0]) - 1:
        return None

    def seen(column: int) -> int:
        parts = [row[column] for row in grid if len(row[column])]
        return sum(_ends_in_view(part, by, limits[part["statistic"].iloc[0]]) for part in parts)

    return max(reversed(whole), key=seen, default=None)


def _ends_in_view(part: pd.DataFrame, by: str, limits: tuple[float, float]) -> int:
    """Returns how many lines of a panel end between the limits."""
    mean = means(part).sort_values("layer", ascending=not is_backward(part))
    last = mean.groupby(by)["value"].last()
    return int(last.between(*limits).sum())


def _facets(table: pd.DataFrame) -> tuple[dict[str, pd.DataFrame], dict[object, str]]:
    """Returns name to table for the rows of panels, and value to column for their columns."""
    statistics = statistics_of(table)
    depths = sorted(table["depth"].unique().tolist())
    across = len(depths) == 1 and len(statistics) > 1
    columns: dict[object, str] = (
        dict.fromkeys(statistics, "statistic") if across else dict.fromkeys(depths, "depth")
    )
    rows = {}
    for activation in ordered(table["activation"].unique().tolist(), activation_order):
        part = table[table["activation"] == activation]
        if across or len(statistics) == 1:
            rows[str(activation)] = part
            continue
        for statistic in statistics:
            of = part[part["statistic"] == statistic]
            rows[f"{activation}, {'backward' if is_backward(of) else 'forward'}"] = of
    return rows, columns


def _turns(table: pd.DataFrame) -> bool:
    """Tells whether some panel shows gradients."""
    return any("gradient" in name for name in statistics_of(table))


def _y_label(table: pd.DataFrame) -> str:
    """Returns what the vertical axis shows."""
    return listed([statistic_name(name) for name in statistics_of(table)])
