"""Names at the ends of lines, moved apart where they would overlap."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from initlab.figures.style import INK, SMALL, Look, plain_text

ROOM = 0.38  # inches from the axes to a name's last letter, and
LETTER = 0.053  # a letter's width
GAP = 1.1 * SMALL  # points between the names of two neighbouring lines


@dataclass(frozen=True)
class LineEnd:
    """Where a line ends, as a share of the axis' height from below, and whose it is."""

    label: str
    height: float


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Returns positions at least `gap` apart and as near to the wanted ones as that allows.

    The sum of squared displacements is least. The positions keep the order of the wanted ones and
    lie between `low` and `high`, where there is room for all.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    # Less their gaps, positions need only rise: pool neighbours that do not (isotonic regression).
    pools: list[list[float]] = []
    for rank, index in enumerate(order):
        pools.append([wanted[index] - rank * gap, 1.0])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (second, n), (first, m) = pools.pop(), pools.pop()
            pools.append([(first * m + second * n) / (m + n), m + n])
    ceiling = high - (len(wanted) - 1) * gap
    level = [min(max(value, low), max(ceiling, low)) for value, n in pools for _ in range(int(n))]
    placed = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        placed[index] = level[rank] + rank * gap
    return placed


def whole_columns(grid: Sequence[Sequence[pd.DataFrame]], by: str) -> list[int]:
    """Returns the columns of panels each of which holds, in every row, every line of that row.

    Only beside one of them do names at line ends say all; where there is none, the names stand
    in a key.

    Args:
        grid: the table of each panel, row by row.
        by: column that tells lines apart.
    """
    every = [{label for part in row for label in part[by].unique()} for row in grid]
    return [
        column
        for column in range(len(grid[0]))
        if all(set(row[column][by].unique()) == all_ for row, all_ in zip(grid, every, strict=True))
    ]


def room(names: Iterable[str]) -> float:
    """Returns the inches that names at line ends take at the right of the axes."""
    return ROOM + LETTER * max((len(plain_text(name)) for name in names), default=0)


def stack(names: Collection[str]) -> float:
    """Returns the inches that so many names take, one above the other."""
    return GAP * len(names) / 72


def name_line_ends(
    ax: Axes,
    ends: Sequence[LineEnd],
    names: Mapping[str, str],
    looks: Mapping[str, Look],
    *,
    between: float,
) -> None:
    """Writes each line's name right of the axes, beside its end, with a piece of the line.

    A thin stroke leads from the end to the name, which may have been moved. Names of many lines are
    as small as they must be to end before those of the next panel.

    Args:
        ax: the axes, whose place in the figure is settled.
        ends: the lines.
        names: label to what is written.
        looks: label to look.
        between: inches to the panel below.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure.")
    box = ax.get_position()
    size = figure.get_size_inches()
    points, across = box.height * size[1] * 72, box.width * size[0] * 72
    gap = min(GAP, (points + 72 * between) / max(len(ends), 1))
    over = max(0.0, (gap * (len(ends) - 1) - points) / 2)
    heights = spread([end.height * points for end in ends], gap, -over, points + over)
    place = blended_transform_factory(ax.transAxes, ax.transAxes)
    for end, height in zip(ends, heights, strict=True):
        look, y = looks[end.label], height / points
        left, right, text = (1 + shift / across for shift in (8.0, 20.0, 22.0))
        lead = Line2D([1.0, left], [end.height, y], transform=place, clip_on=False)
        lead.set(color=look.color, linewidth=0.4)
        ax.add_artist(lead)
        key = Line2D([left, (left + right) / 2, right], [y] * 3, transform=place, clip_on=False)
        key.set(color=look.color, linestyle=look.dash, marker=look.marker, markevery=[1])
        key.set(markeredgecolor="white", linewidth=1.1, markersize=3.8, markeredgewidth=0.4)
        ax.add_artist(key)
        name = plain_text(names[end.label])
        ax.text(text, y, name, transform=place, parse_math=False).set(
            va="center", fontsize=SMALL * gap / GAP, color=INK, clip_on=False
        )
