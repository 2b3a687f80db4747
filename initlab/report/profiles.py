"""Layer profiles for the page's script: means over seeds at every step, as compact JSON."""

import json
from collections.abc import Iterator, Sequence
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
from initlab.analysis.selection import grid_runs, one_setting
from initlab.figures.style import Look, looks
from initlab.report.packed import pack
from initlab.report.text import one_line
from initlab.store.query import Results

LARGEST = 2_000_000  # bytes
_DIRECTIONS = {FORWARD: "forward", BACKWARD: "backward"}
_TRIAL = ["activation", "depth", "initializer"]

type Lines = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Profiles:
    """What the page's script draws.

    Attributes:
        caption: what it is, with n, statistic and interval.
        content: JSON that ends no element of HTML: `steps`, `looks`, and `panels` with their
            `series`, in which each line of each step is a text of `packed.pack`.
    """

    caption: str
    content: Markup


def layer_profiles(results: Results) -> Profiles | None:
    """Returns the profiles of the grid's trials at every measured step; None where there are none.

    Beyond 2 MB every other step is left out, the first and the last never, until the rest fits.
    """
    if results.runs.empty:
        return None
    runs, held = one_setting(grid_runs(results.runs))
    columns = ["run_id", "step", "layer", "site", *_DIRECTIONS]
    layers = results.read_layers(columns, run_ids=list(runs["run_id"]))
    whole = runs.loc[runs["diverged_at_step"].isna(), "run_id"]
    steps = sorted(set(layers.loc[layers["run_id"].isin(whole), "step"]) or set(layers["step"]))
    if not steps:
        return None
    table = depth_profiles(runs, layers, statistics=list(_DIRECTIONS), steps=steps)
    if table["value"].isna().all():
        return None
    labels, panels = list(looks(table["initializer"])), _panels(table, runs, results, steps)
    kept = list(range(len(steps)))
    while len(text := _encode(labels, panels, steps, kept)) > LARGEST:
        if len(kept) <= 2:
            return None
        kept = sorted({*kept[::2], kept[-1]})
    said = f" Of the trials, those with {held}." if held else ""
    if len(kept) < len(steps):
        said += f" Of {len(steps)} measured steps, {len(kept)}."
    caption = (
        "Mean square of the preactivations, forward, and of their gradients, backward, against "
        f"layer, at each step that was measured. {seeds_in_words(table, mean='Geometric mean')} "
        "Dashed in black, at step 0: what theory predicts. A line has a gap where a signal is "
        f"exactly zero or no number.{said}"
    )
    return Profiles(caption, Markup(text.replace("<", "\\u003c")))  # noqa: S704


def _encode(
    labels: Sequence[str], panels: Sequence[dict[str, Any]], steps: Sequence[int], kept: list[int]
) -> str:
    """Returns the JSON of some steps."""
    names, styles = short_names(labels), looks(labels)
    content = {
        "steps": [int(steps[place]) for place in kept],
        "looks": [_look(names[label], styles[label]) for label in labels],
        "panels": [
            panel | {"series": [_of_steps(one, labels, kept) for one in panel["series"]]}
            for panel in panels
        ],
    }
    return json.dumps(content, separators=(",", ":"), allow_nan=False)


def _of_steps(series: dict[str, Any], labels: Sequence[str], kept: list[int]) -> dict[str, Any]:
    """Returns a series as JSON has it, of some steps."""
    found: dict[str, Any] = {"look": labels.index(series["initializer"])}
    for direction in _DIRECTIONS.values():
        lines, reaches, theory = series[direction]
        found[direction] = [[pack(one[step]) for step in kept] for one in lines]
        found[f"{direction} reach"] = [[pack(one[step]) for step in kept] for one in reaches]
        found[f"{direction} theory"] = pack(theory)
    return found


def _panels(
    table: pd.DataFrame, runs: pd.DataFrame, results: Results, steps: Sequence[int]
) -> list[dict[str, Any]]:
    """Returns a panel an activation and depth, with the lines of each initializer at all steps."""
    table = _with_theory(table, runs, results.predictions)
    logs = {name: np.log10(table[name].where(table[name] > 0)) for name in ("value", "predicted")}
    reach = np.log10(table["high"].where(table["high"] > 0)) - logs["value"]
    table = table.assign(**logs, reach=reach, at=np.searchsorted(steps, table["step"].to_numpy()))
    panels: dict[Any, dict[str, Any]] = {}
    for (activation, depth, label), rows in table.groupby(_TRIAL, sort=False):
        sites = rows[["site", "layer"]].drop_duplicates("site").sort_values("site")
        shape = (len(steps), int(sites["site"].max()) + 1)
        series = {"initializer": label} | {
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
