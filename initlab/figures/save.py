"""Writing a figure: PDF, SVG and PNG with the same bytes in every process, and its numbers."""

import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from initlab.analysis.clean_text import clean
from initlab.figures.style import house_style

# What would differ from time to time, or between versions of the library, is left out.
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": "initlab"},
    "svg": {"Date": None, "Creator": "initlab"},
    "png": {"Software": None},
}

# Where each format keeps what a picture is of.
_STAMPS = {"pdf": "Subject", "svg": "Identifier", "png": "Description"}

_COORDINATES = re.compile(rb'(?<= d=")[^"]*|(?<= [xy]=")[^"]*')
_DECIMALS = re.compile(rb"(\.[0-9]{2})[0-9]+")


def save(
    figure: Figure, folder: Path, name: str, table: pd.DataFrame, *, stamp: str | None = None
) -> list[Path]:
    """Writes a figure and the numbers drawn in it, and closes it.

    Args:
        figure: the figure, as a `draw_*` function returns it.
        folder: where to; it is made if it is absent.
        name: the files' name without ending.
        table: exactly the numbers that are drawn.
        stamp: what the metadata of the pictures say, the name of a report; nothing by default.

    Returns:
        The paths of `name.pdf` (TrueType fonts), `name.svg` (text as text), `name.png` (200 dots
        an inch) and `name.csv` (17 digits, so that numbers read back are equal).

    Raises:
        ValueError: if `name` is not a plain file name.
    """
    if not name or Path(name).name != name or name.startswith("."):
        raise ValueError(f"`name` must be a plain file name without ending, got {name!r}.")
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with house_style():
        FigureCanvasAgg(figure)
        _clean_texts(figure)
        for ending, metadata in METADATA.items():
            content = io.BytesIO()
            figure.savefig(content, format=ending, metadata={**metadata, _STAMPS[ending]: stamp})
            whole = content.getvalue()
            path = folder / f"{name}.{ending}"
            path.write_bytes(_shorten(whole) if ending == "svg" else whole)
            paths.append(path)
    numbers = folder / f"{name}.csv"
    numbers.write_text(encode_numbers(table), encoding="utf-8", newline="\n")
    _close(figure)
    return [*paths, numbers]


def encode_numbers(table: pd.DataFrame) -> str:
    """Returns the CSV of a figure's numbers, with all their digits."""
    return table.to_csv(index=False, float_format="%.17g", lineterminator="\n")


def _clean_texts(figure: Figure) -> None:
    """Leaves no text in a figure that XML cannot hold, or that is there and not seen."""
    for text in figure.findobj(Text):
        if text.get_text() != (cleaned := clean(text.get_text())):
            text.set_text(cleaned)
    for axis in figure.findobj(Axis):
        for ticks, locations in (
            (axis.major, axis.get_majorticklocs()),
            (axis.minor, axis.get_minorticklocs()),
        ):
            formatter: Any = ticks.formatter
            labels = formatter.format_ticks(locations)
            if any(label != clean(label) for label in labels):
                cleaned_ticks = _Cleaned(formatter)
                cleaned_ticks.set_axis(axis)
                ticks.formatter = cleaned_ticks


class _Cleaned(Formatter):
    """Tick labels of another formatter, clean."""

    def __init__(self, inner: Formatter) -> None:
        self.inner = inner

    def __call__(self, x: float, pos: int | None = None) -> str:
        return clean(self.inner(x, pos))

    def format_ticks(self, values: Any) -> list[str]:
        return [clean(label) for label in self.inner.format_ticks(values)]


def _shorten(svg: bytes) -> bytes:
    """Returns an SVG whose coordinates have two decimals: a hundredth of a point is not seen."""
    return _COORDINATES.sub(lambda found: _DECIMALS.sub(rb"\1", found[0]), svg)


def _close(figure: Figure) -> None:
    """Lets go of the figure, also where pyplot holds it."""
    from matplotlib import _pylab_helpers

    for number, manager in list(_pylab_helpers.Gcf.figs.items()):
        if manager.canvas.figure is figure:
            _pylab_helpers.Gcf.destroy(number)
