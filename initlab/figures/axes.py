"""Axes: panels laid out in inches, ticks that need no formula, keys above and beside."""

import math
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from initlab.analysis import numbers
from initlab.figures.style import INK, SMALL, Look, page_width, plain_text

NARROW = 0.7  # inches of a panel in which labels of five steps touch one another
LINE = 0.125  # inches that a line of a legend takes
HIGHEST = 7.2  # inches: a page's text is 9 high, and a caption stands below the figure
LOWEST = 0.6  # of its height, to which a panel is pressed at most


@dataclass(frozen=True)
class Margins:
    """Inches kept free at the four sides of a figure and between its panels."""

    left: float = 0.62
    right: float = 0.12
    top: float = 0.3
    bottom: float = 0.42
    across: float = 0.18
    down: float = 0.2


def panels(
    rows: int,
    columns: int,
    *,
    height: float,
    margins: Margins,
    width: float | None = None,
    aside: tuple[int, float] = (0, 0.0),
) -> tuple[Figure, npt.NDArray[np.object_]]:
    """Returns a figure of `rows` by `columns` panels, each `height` inches high, and their axes.

    The figure is as wide as the page, or `width` inches. One that would be higher than 7.2 inches
    has lower panels, down to six tenths of their height. `aside` is a column that another follows,
    and the further inches kept free between the two.
    """
    if width is None:
        width = page_width()
    after, free = aside
    gaps = (columns - 1) * margins.across + free
    inner = (width - margins.left - margins.right - gaps) / columns
    beside = margins.top + margins.bottom + (rows - 1) * margins.down
    height = min(height, max((HIGHEST - beside) / rows, LOWEST * height))
    total = beside + rows * height
    figure = Figure(figsize=(width, total))
    axes = np.empty((rows, columns), dtype=object)
    for i, j in np.ndindex(rows, columns):
        left = margins.left + j * (inner + margins.across) + (free if j > after else 0.0)
        bottom = total - margins.top - (i + 1) * height - i * margins.down
        place = (left / width, bottom / total, inner / width, height / total)
        axes[i, j] = figure.add_axes(place)
    return figure, axes


def blocks(
    axes: npt.NDArray[np.object_], statistics: Sequence[str], activations: Sequence[str]
) -> Iterator[tuple[Axes, str, str]]:
    """Gives a panel for each statistic and activation, a block of rows a statistic.

    Panels that are left over show nothing.
    """
    across, down = axes.shape[1], axes.shape[0] // len(statistics)
    for ax in axes.flat:
        ax.set_axis_off()
    for block, statistic in enumerate(statistics):
        for place, activation in enumerate(activations):
            ax = axes[block * down + place // across, place % across]
            ax.set_axis_on()
            yield ax, statistic, activation


def inches(figure: Figure) -> tuple[float, float]:
    """Returns the width and the height of a figure."""
    width, height = figure.get_size_inches()
    return float(width), float(height)


def panel_width(ax: Axes) -> float:
    """Returns the inches that a panel is wide."""
    figure = ax.get_figure(root=True)
    return float(ax.get_position().width * (inches(figure)[0] if figure else page_width()))


def power_of_ten(value: float, position: object = None) -> str:
    """Returns a power of ten as text: 0.001 is written `10⁻³`, and 1 plainly."""
    if not value > 0:
        return "0"
    power = math.log10(value)
    if abs(power - round(power)) > 1e-9:
        return ""
    return numbers.power_of_ten(round(power)) if round(power) else "1"


def short_number(value: float) -> str:
    """Returns a number to two digits: plain, or with a power of ten where that is long."""
    digits, _, power = f"{value:.2g}".partition("e")
    times = f"{numbers.TIMES}{numbers.power_of_ten(int(power))}" if power else ""
    return f"{digits}{times}".replace("-", numbers.MINUS)


def log_scale(ax: Axes, low: float, high: float, *, ticks: int = 5, along: str = "y") -> None:
    """Makes an axis logarithmic between two powers of ten, with few and round ticks.

    It is the vertical one, or `x`.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    last = max(last, first + 1)
    stride = _stride(last - first, ticks)
    powers = [power for power in range(first, last + 1) if power % stride == 0]
    ax.set(**{f"{along}scale": "log", f"{along}lim": (10.0**first, 10.0**last)})
    axis = ax.yaxis if along == "y" else ax.xaxis
    axis.set_major_locator(FixedLocator([10.0**power for power in powers]))
    axis.set_minor_locator(NullLocator())
    plain = -3 <= powers[0] and powers[-1] <= 3
    axis.set_major_formatter("{x:g}" if plain else FuncFormatter(power_of_ten))


def step_scale(ax: Axes, last: int) -> None:
    """Makes the horizontal axis one of steps, 0 included, spaced like log(1 + step)."""
    ax.set_xscale("function", functions=(np.log1p, np.expm1))
    ax.xaxis.set_major_locator(FixedLocator(step_ticks(last, narrow=panel_width(ax) < NARROW)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter("{x:.0f}")
    ax.set_xlim(0, max(last, 1) * 1.02)


def step_ticks(last: int, *, narrow: bool = False) -> list[int]:
    """Returns 0, and the powers of ten up to the last step, with their triples if there is room."""
    powers = [10**power for power in range(len(str(max(last, 1))))]
    inner = [step for power in powers for step in (power, 3 * power) if step <= last]
    few = len(inner) <= 6 and not narrow
    return [0, *(inner if few else [step for step in inner if str(step)[0] == "1"])]


def layer_ticks(ax: Axes, depth: int, *, along: str = "x") -> None:
    """Puts a few whole numbers on the axis of layers, the first and last among them.

    They are evenly spaced where that takes steps of at most four layers, else round.
    """
    axis = ax.xaxis if along == "x" else ax.yaxis
    even = [stride for stride in range(1, 5) if depth - 1 in range(stride, 5 * stride + 1, stride)]
    stride = _stride(max(depth - 1, 1), 5)
    inner = range(stride, depth, stride)
    ticks = sorted({1, depth, *(n for n in inner if min(n - 1, depth - n) >= 0.75 * stride)})
    if even:
        ticks = list(range(1, depth + 1, even[0]))
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter("{x:.0f}")


def label_lowest(axes: npt.NDArray[np.object_]) -> None:
    """Leaves numbers of the horizontal axis only below the lowest panel of each column."""
    for column in axes.T:
        for ax in [ax for ax in column if ax.axison][:-1]:
            ax.tick_params(labelbottom=False)


def title(ax: Axes, text: object, **how: Any) -> None:
    """Writes a panel's title: any text, no formula."""
    ax.set_title(plain_text(text), parse_math=False, pad=how.pop("pad", 4), **how)


def common_labels(figure: Figure, *, x: str, y: str, margins: Margins) -> None:
    """Writes one label below all panels and one left of them."""
    width, height = inches(figure)
    middle = (margins.left + width - margins.right) / 2 / width
    centre = (margins.bottom + height - margins.top) / 2 / height
    figure.text(middle, 0.06 / height, plain_text(x, 120), ha="center", va="bottom")
    figure.text(0.05 / width, centre, plain_text(y, 120), ha="left", va="center", rotation=90)


def key_above(
    figure: Figure, names: Mapping[str, str], looks: Mapping[str, Look], *, lines: bool = True
) -> None:
    """Writes the legend above the panels, in rows as wide as the figure: lines or markers alone."""
    width, height = inches(figure)
    columns = key_columns(names.values(), width)
    handles = [handle(looks[label], line=lines) for label in names]
    # A label that starts with an underscore would be left out.
    texts = [f" {plain_text(name)}" for name in names.values()]
    legend = figure.legend(
        handles,
        texts,
        loc="upper center",
        bbox_to_anchor=(0.5, 1 - 0.02 / height),
        ncols=columns,
        frameon=False,
        borderpad=0,
        borderaxespad=0.2,
        handlelength=2.6 if lines else 1.0,
        handletextpad=0.2,
        columnspacing=1.2,
        labelspacing=0.35,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def key_columns(names: Sequence[str] | Any, width: float) -> int:
    """Returns how many columns of a legend fit the width, the longest name ruling."""
    longest = max((len(plain_text(name)) for name in names), default=1)
    return max(1, min(len(list(names)) or 1, int(width / (0.42 + 0.062 * longest))))


def key_height(names: Sequence[str], width: float) -> float:
    """Returns the inches that `key_above` takes."""
    return 0.06 + LINE * math.ceil(len(names) / key_columns(names, width))


def handle(look: Look, *, line: bool = True) -> Line2D:
    """Returns a marker, on a piece of line, as a legend shows it."""
    dash = look.dash if line else "none"
    return Line2D(
        [], [], color=look.color, linestyle=dash, marker=look.marker, markeredgecolor="white"
    )


def row_name(ax: Axes, text: object) -> None:
    """Writes the name of a row of panels beside its first one."""
    lines = "\n".join(textwrap.wrap(plain_text(text), 20))
    ax.set_ylabel(lines, parse_math=False, color=INK, fontsize=SMALL + 0.5)


def ordered(values: Sequence[Any], key: Callable[[Any], Any] | None = None) -> list[Any]:
    """Returns the different values, as they first come or sorted by `key`."""
    different = list(dict.fromkeys(values))
    return different if key is None else sorted(different, key=key)


def _stride(length: int, ticks: int) -> int:
    """Returns the round step that puts at most `ticks` ticks on `length` units."""
    scale = 1
    while True:
        for step in (1, 2, 5):
            if length / (step * scale) <= ticks:
                return step * scale
        scale *= 10
