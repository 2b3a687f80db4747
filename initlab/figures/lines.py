"""Lines with their intervals: the marks that profiles and curves have in common."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from initlab.analysis.intervals import MIN_SEEDS
from initlab.figures.line_ends import LineEnd
from initlab.figures.style import Look

MARKS = 6  # markers along a line
STACK = 0.045  # of the axes' height, between marks at one place

type Numbers = npt.NDArray[np.float64]

# What a row of a table says, and not which trial it is of.
RESULTS = frozenset(
    {"value", "low", "high", "predicted", "n", "num_runs", "num_zero", "num_diverged"}
)


def plot_lines(
    table: pd.DataFrame, ax: Axes, *, x: str, by: str, looks: Mapping[str, Look]
) -> Axes:
    """Draws one line for each value of `by`, with its interval as a band, at a lone place as a bar.

    Where fewer than five seeds have a value the seeds are drawn, as thin lines; where that is
    because the others diverged they alone are, for a mean over whoever is left would jump as each
    leaves. An open triangle
    at the lower edge marks from where on a seed is exactly zero (only on a logarithmic axis),
    a cross at the upper edge from where on a run had diverged. `predicted`, if the table has
    it, is a dashed black line, `predicted_low` and `predicted_high` its grey band.

    Args:
        table: columns `by`, `x`, and those of `average`.
        ax: the axes, with its scales and limits set.
        x: column of the horizontal axis.
        by: column that tells lines apart.
        looks: value of `by` to look, in the order in which lines are drawn.

    Raises:
        ValueError: if a line has several rows at one place: the table then holds more trials than
            one line can show.
    """
    stacked: dict[tuple[float, bool], int] = {}
    for turn, (label, look) in enumerate(looks.items()):
        rows = table[table[by] == label]
        mean = travelled(rows[rows["seed"].isna()], ax, x)
        if mean.empty:
            continue
        if mean[x].duplicated().any():
            raise ValueError(
                f"{by} {label!r} has several rows at one {x}{_what_differs(mean, x)}; "
                "select one trial a line."
            )
        _seed_lines(rows[rows["seed"].notna()], mean, ax, x, look)
        across, centre = _numbers(mean, x), np.where(_few_are_left(mean), np.nan, mean["value"])
        low, high = _numbers(mean, "low"), _numbers(mean, "high")
        ax.fill_between(across, low, high, color=look.color, alpha=0.14, linewidth=0)
        alone = _lone(low)  # a band has no width there
        ax.vlines(across[alone], low[alone], high[alone], color=look.color, linewidth=0.9)
        ax.plot(
            across,
            centre,
            color=look.color,
            linestyle=look.dash,
            marker=look.marker,
            markevery=_marked(centre, turn),
            markeredgecolor="white",
        )
        _prediction(mean, ax, x)
        _edge_marks(mean, ax, x, look, stacked)
    return ax


def _what_differs(rows: pd.DataFrame, x: str) -> str:
    """Returns in words the fields, with their values, in which rows at one place differ."""
    first = rows.loc[rows[x].duplicated(), x].iloc[0]
    there = rows[rows[x] == first]
    fields = [name for name in there if name not in RESULTS and len(there[name].unique()) > 1]
    values = [f"{name} {', '.join(map(str, there[name].unique()))}" for name in fields]
    return f", which differ in {' and in '.join(values)}" if values else ""


def line_ends(
    table: pd.DataFrame, ax: Axes, *, x: str, by: str, looks: Mapping[str, Look]
) -> list[LineEnd]:
    """Returns where each line of `plot_lines` ends: at the lower edge if it comes to zero."""
    ends = []
    for label in looks:
        rows = table[(table[by] == label) & table["seed"].isna()]
        if not rows.empty:
            ends.append(LineEnd(label, _height(ax, travelled(rows, ax, x), x)))
    return ends


def travelled(rows: pd.DataFrame, ax: Axes, x: str) -> pd.DataFrame:
    """Returns the rows in the order in which the eye meets them, from left to right."""
    return rows.sort_values(x, ascending=not ax.xaxis_inverted())


def _few_are_left(mean: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tells the places where runs have diverged and fewer than five seeds go on."""
    return ((mean["num_diverged"] > 0) & (mean["n"] < MIN_SEEDS)).to_numpy(bool)


def _marked(centre: Numbers, turn: int) -> list[int]:
    """Returns which points carry a marker: a few, others for each line, and every lone one."""
    every = max(1, round(len(centre) / MARKS))
    spaced = np.arange(len(centre)) % every == turn % every
    return np.flatnonzero(spaced | _lone(centre)).tolist()


def _lone(values: Numbers) -> npt.NDArray[np.bool_]:
    """Tells which values have none beside them, so that no line shows them."""
    there = np.isfinite(values)
    padded = np.pad(there, 1)
    lone: npt.NDArray[np.bool_] = there & ~padded[:-2] & ~padded[2:]
    return lone


def _seed_lines(seeds: pd.DataFrame, mean: pd.DataFrame, ax: Axes, x: str, look: Look) -> None:
    """Draws the single seeds of a line where it has too few of them for an interval.

    They end where it has enough; what is left alone between such places is a dot.
    """
    for _, seed in seeds.groupby("seed"):
        values = seed.set_index(x)["value"].reindex(mean[x]).to_numpy(np.float64)
        ax.plot(
            _numbers(mean, x),
            values,
            color=look.color,
            linewidth=0.5,
            alpha=0.5,
            marker=".",
            markersize=2.5,
            markevery=np.flatnonzero(_lone(values)).tolist(),
        )


def _prediction(mean: pd.DataFrame, ax: Axes, x: str) -> None:
    """Draws what theory expects of a line."""
    if "predicted" in mean and mean["predicted"].notna().any():
        if "predicted_low" in mean:
            band = _numbers(mean, "predicted_low"), _numbers(mean, "predicted_high")
            ax.fill_between(_numbers(mean, x), *band, color="black", alpha=0.06, linewidth=0)
        ax.plot(mean[x], mean["predicted"], color="black", linestyle=(0, (3, 2)), linewidth=0.7)


def _edge_marks(
    mean: pd.DataFrame, ax: Axes, x: str, look: Look, stacked: dict[tuple[float, bool], int]
) -> None:
    """Marks from where on the signal is gone, at the lower and the upper edge."""
    kinds = [("num_diverged", "x", True)]
    if ax.get_yscale() == "log":
        kinds.append(("num_zero", "v", False))
    for column, marker, above in kinds:
        places = mean.loc[mean[column] > 0, x]
        if places.empty:
            continue
        place = float(places.iloc[0])
        rank = stacked.get((place, above), 0)
        stacked[place, above] = rank + 1
        height = 1 - STACK * (rank + 0.6) if above else STACK * (rank + 0.6)
        ax.plot(
            [place],
            [height],
            transform=ax.get_xaxis_transform(),
            linestyle="none",
            marker=marker,
            markersize=3.4,
            markeredgewidth=0.9,
            markerfacecolor="white",
            markeredgecolor=look.color,
            clip_on=False,
            zorder=4,
        )


def _height(ax: Axes, mean: pd.DataFrame, x: str) -> float:
    """Returns the height of a line's last point as a share of the axes', between 0 and 1."""
    across, centre = _numbers(mean, x), _numbers(mean, "value")
    there = np.flatnonzero(np.isfinite(centre))
    if not len(there) or (mean["num_zero"].to_numpy()[there[-1] + 1 :] > 0).any():
        return 0.0
    point = ax.transData.transform((across[there[-1]], centre[there[-1]]))
    return float(np.clip(ax.transAxes.inverted().transform(point)[1], 0.0, 1.0))


def _numbers(rows: pd.DataFrame, column: str) -> Numbers:
    return rows[column].to_numpy(np.float64)
