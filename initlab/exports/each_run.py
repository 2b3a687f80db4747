"""Results run by run, as dashboards take them: a run's fields, and its numbers step by step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from initlab.analysis.selection import NOT_ASKED
from initlab.report.text import one_line
from initlab.store.query import Results

type Scalars = dict[str, float]


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        run_id: its id.
        trial_id: its trial's.
        status: how it ended.
        fields: what was asked of it, its seed too; what it lacks is left out. Texts are clean.
        scalars: by step the numbers by name, those that are not finite left out: the columns of
            `steps`, and `<statistic>/<site> <layer>` of each site.
    """

    run_id: str
    trial_id: str
    status: str
    fields: dict[str, Any]
    scalars: dict[int, Scalars]


def each_run(results: Results, statistics: Sequence[str]) -> Iterator[Run]:
    """Yields every run, reading one group at a time.

    Args:
        results: the runs.
        statistics: columns of `layers` to take.
    """
    rows = results.runs.set_index("run_id")
    for group_id in results.groups:
        owned = results.owned(group_id)
        if not owned:
            continue
        steps = dict(iter(results.read_steps(run_ids=owned).groupby("run_id", sort=False)))
        place = ["run_id", "step", "site", "layer_name"]
        layers = results.read_layers([*place, *statistics], run_ids=owned) if statistics else None
        sites = {} if layers is None else dict(iter(layers.groupby("run_id", sort=False)))
        for run_id in owned:
            row = rows.loc[run_id].dropna().to_dict()
            asked = {str(name): value for name, value in row.items() if name not in NOT_ASKED}
            scalars: dict[int, Scalars] = {}
            _add_steps(scalars, steps.get(run_id))
            _add_sites(scalars, sites.get(run_id), statistics)
            fields = {
                one_line(name): _plain(value)
                for name, value in (asked | {"seed": row["seed"]}).items()
            }
            yield Run(run_id, row["trial_id"], row["status"], fields, scalars)


def _add_steps(scalars: dict[int, Scalars], table: pd.DataFrame | None) -> None:
    for row in () if table is None else table.to_dict("records"):
        numbers = {str(name): row[name] for name in row if name not in ("run_id", "step")}
        _add(scalars, int(row["step"]), numbers)


def _add_sites(
    scalars: dict[int, Scalars], table: pd.DataFrame | None, statistics: Sequence[str]
) -> None:
    for row in () if table is None else table.to_dict("records"):
        place = f"{int(row['site']):03d} {one_line(row['layer_name'])}"
        _add(scalars, int(row["step"]), {f"{name}/{place}": row[name] for name in statistics})


def _add(scalars: dict[int, Scalars], step: int, numbers: Scalars) -> None:
    """Adds the numbers of a step that are any."""
    kept = {name: float(value) for name, value in numbers.items() if np.isfinite(value)}
    scalars.setdefault(step, {}).update(kept)


def _plain(value: Any) -> Any:
    """Returns a value as Python's own, which every format takes; a text clean."""
    value = value.item() if isinstance(value, np.generic) else value
    return one_line(value) if isinstance(value, str) else value
