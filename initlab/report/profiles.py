"""Layer profiles for the page's script: means over seeds at every step, as compact JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from markupsafe import Markup

from initlab.analysis.captions import seeds_in_words
from initlab.analysis.intervals import MIN_SEEDS
from initlab.analysis.names import short_names
from initlab.analysis.over_seeds import means
from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.training import scheduled_steps
from initlab.figures.style import Look, arm_looks, looks
from initlab.report.comparisons import Comparison, comparisons, value_text
from initlab.report.packed import pack
from initlab.report.text import one_line
from initlab.store.query import Results

LARGEST = 2_000_000  # bytes
_DIRECTIONS = {FORWARD: "forward", BACKWARD: "backward"}
_LINE = ["activation", "depth", "label"]

type Lines = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Profiles:
    """What the page's script draws.

    Attributes:
        caption: what it is, with n, statistic and interval.
        content: JSON that ends no element of HTML: `steps`, what is `compared`, the `looks` of its
            lines, and `panels` with their `series`, in which each line of each step is a text of
            `packed.pack`.
    """

    caption: str
    content: Markup


@dataclass(frozen=True)
class Board:
    """The panels of one comparison.

    Attributes:
        field: what is compared.
        held: where the other fields are held.
        table: of `depth_profiles`, with what theory predicts and the text of the field in `label`.
        looks: label to name and look.
        panels: of `_panels`.
    """

    field: str
    held: str
    table: pd.DataFrame
    looks: dict[str, tuple[str, Look]]
    panels: list[dict[str, Any]]


def layer_profiles(results: Results) -> Profiles | None:
    """Returns the profiles at every measured step, by what `comparisons` finds; None without any.

    Beyond 2 MB every other step is left out, the first and the last never, until the rest fits.
    """
    if results.runs.empty:
        return None
    compared = comparisons(results.runs)
    runs = pd.concat([one.runs for one in compared]).drop_duplicates("run_id")
    columns = ["run_id", "step", "layer", "site", *_DIRECTIONS]
    layers = results.read_layers(columns, run_ids=list(runs["run_id"]))
    steps = sorted(scheduled_steps(runs, layers))
    boards = [_board(one, layers, results.predictions, steps) for one in compared if steps]
    boards = [one for one in boards if one.table["value"].notna().any()]
    if not boards:
        return None
    kept = list(range(len(steps)))
    while len(text := _encode(boards, steps, kept)) > LARGEST:
        if len(kept) <= 2:
            return None
        kept = sorted({*kept[::2], kept[-1]})
    said = _seeds_and_settings(boards)
    if len(kept) < len(steps):
        said += f" Of {len(steps)} measured steps, {len(kept)}."
    caption = (
        "Mean square of the preactivations, forward, and of their gradients, backward, against "
        f"layer, at each step that was measured. {said}"
    )
    return Profiles(caption, Markup(text.replace("<", "\\u003c")))  # noqa: S704


def _seeds_and_settings(boards: Sequence[Board]) -> str:
    """Returns what the caption says of seeds, theory and what is held."""
    tables = pd.concat([board.table for board in boards])
    said = (
        f"{seeds_in_words(tables, mean='Geometric mean')} Dashed in black, at step 0: what theory "
        "predicts. A line has a gap where a signal is exactly zero or no number."
    )
    if len(boards) > 1:
        return f"{said} One field is compared at a time, the others held as is said below."
    held = boards[0].held
    return f"{said} Of the trials, those with {held}." if held else said


def _board(
    compared: Comparison, layers: pd.DataFrame, predictions: pd.DataFrame, steps: Sequence[int]
) -> Board:
    """Returns the panels of a comparison."""
    runs = compared.runs
    table = depth_profiles(runs, layers, statistics=list(_DIRECTIONS), steps=steps)
    table = _with_theory(table, runs, predictions)
    table = table.assign(label=table[compared.field].map(value_text))
    labels = dict.fromkeys(table.sort_values(compared.field, kind="stable")["label"])
    named = _looks(compared.field, labels)
    return Board(compared.field, compared.held, table, named, _panels(table, steps))


def _looks(field: str, labels: Iterable[str]) -> dict[str, tuple[str, Look]]:
    """Returns the name and the look of each label, in the order in which they are listed."""
    if field != "initializer":
        return {label: (label, look) for label, look in arm_looks(labels).items()}
    names, styles = short_names(labels), looks(labels)
    return {label: (names[label], look) for label, look in styles.items()}


def _encode(boards: Sequence[Board], steps: Sequence[int], kept: Sequence[int]) -> str:
    """Returns the JSON of some steps."""
    content: dict[str, Any] = {"steps": [int(steps[place]) for place in kept]}
    content |= {"compared": [], "looks": [], "panels": []}
    several = len(boards) > 1
    for place, board in enumerate(boards):
        held = f"Held: {board.held}." if several and board.held else ""
        field = one_line(board.field.replace("_", " "))
        content["compared"].append({"name": field, "held": one_line(held)})
        numbers = {label: len(content["looks"]) + one for one, label in enumerate(board.looks)}
        content["looks"] += [
            _look(name, look) | {"compared": place} for name, look in board.looks.values()
        ]
        for panel in board.panels:
            series = [_of_steps(one, numbers, kept) for one in panel["series"]]
            content["panels"].append(panel | {"compared": place, "series": series})
    return json.dumps(content, separators=(",", ":"), allow_nan=False)


def _of_steps(
    series: dict[str, Any], numbers: Mapping[str, int], kept: Sequence[int]
) -> dict[str, Any]:
    """Returns a series as JSON has it, of some steps; `numbers` are those of the looks."""
    found: dict[str, Any] = {"look": numbers[series["label"]]}
    for direction in _DIRECTIONS.values():
        lines, reaches, theory = series[direction]
        found[direction] = [[pack(one[step]) for step in kept] for one in lines]
        found[f"{direction} reach"] = [[pack(one[step]) for step in kept] for one in reaches]
        found[f"{direction} theory"] = pack(theory)
    return found


def _panels(table: pd.DataFrame, steps: Sequence[int]) -> list[dict[str, Any]]:
    """Returns a panel an activation and depth, with the lines of each label at all steps."""
    logs = {name: np.log10(table[name].where(table[name] > 0)) for name in ("value", "predicted")}
    reach = np.log10(table["high"].where(table["high"] > 0)) - logs["value"]
    table = table.assign(**logs, reach=reach, at=np.searchsorted(steps, table["step"].to_numpy()))
    panels: dict[Any, dict[str, Any]] = {}
    for (activation, depth, label), rows in table.groupby(_LINE, sort=False):
        sites = rows[["site", "layer"]].drop_duplicates("site").sort_values("site")
        shape = (len(steps), int(sites["site"].max()) + 1)
        series = {"label": label} | {
            direction: _lines(rows[rows["statistic"] == statistic], shape, sites["site"])
            for statistic, direction in _DIRECTIONS.items()
        }
        name = {"activation": one_line(str(activation)), "depth": int(str(depth))}
        panel = panels.setdefault((activation, depth), name | {"x": [], "series": []})
        panel["x"] = max(panel["x"], [int(layer) for layer in sites["layer"]], key=len)
        panel["series"].append(series)
    return list(panels.values())


def _with_theory(
    table: pd.DataFrame, runs: pd.DataFrame, predictions: pd.DataFrame
) -> pd.DataFrame:
    """Returns the table with what theory expects of the means at step 0, in `predicted`."""
    first = table["step"] == 0
    parts = [
        with_predictions(table[first & (table["statistic"] == statistic)], runs, predictions)
        for statistic in _DIRECTIONS
    ]
    return pd.concat([table[~first], *parts]).reindex(columns=[*table.columns, "predicted"])


def _lines(
    rows: pd.DataFrame, shape: tuple[int, int], sites: "pd.Series[int]"
) -> tuple[list[Lines], list[Lines], Lines]:
    """Returns lines and the reach of their intervals, by step and site, and theory's at step 0.

    The first line is the mean over five seeds and more, the others are single seeds where there
    are fewer; one that has no value is left out if another has. The reach is alike on either side.
    """
    whole, places = means(rows), sites.to_numpy()
    theory = _by_step(whole, "predicted", shape)[0, places]
    parts = list(_parts(rows, whole))
    drawn = [own for own in parts if own["value"].notna().any()] or parts[:1]
    lines = [_by_step(own, "value", shape)[:, places] for own in drawn]
    reaches = [_by_step(own, "reach", shape)[:, places] for own in drawn]
    return lines, reaches, theory


def _parts(rows: pd.DataFrame, whole: pd.DataFrame) -> Iterator[pd.DataFrame]:
    yield whole[whole["n"] >= MIN_SEEDS]
    for _, own in rows[rows["seed"].notna()].groupby("seed"):
        yield own


def _by_step(rows: pd.DataFrame, name: str, shape: tuple[int, int]) -> Lines:
    """Returns a column by step and site, NaN where there is no row."""
    array = np.full(shape, np.nan)
    array[rows["at"].to_numpy(), rows["site"].to_numpy()] = rows[name].to_numpy(np.float64)
    return array


def _look(name: str, look: Look) -> dict[str, Any]:
    dash = [] if look.dash == "solid" else list(look.dash[1])
    return {"name": one_line(name), "color": look.color, "dash": dash, "marker": look.marker}
