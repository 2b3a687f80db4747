"""Small results folders, made by hand, whose verdicts are known."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from initlab.analysis.claims.trials import each_trial
from initlab.analysis.first_error import STATISTIC
from initlab.analysis.profiles import BACKWARD, FORWARD
from initlab.analysis.taps import EVENNESS
from initlab.report.check import check_findings
from initlab.report.load_analysis import load_analysis
from initlab.store.folder import open_results
from initlab.store.publish import publish_group
from initlab.store.query import RUN_TABLES, load_results
from initlab.store.schema import LAYERS, PREDICTIONS, STEPS, build_table, runs_table

ROOT = Path(__file__).parents[2]
COLUMNS = {*STEPS.names, *LAYERS.names, STATISTIC, EVENNESS} - {"step", "layer", "site", "run_id"}
STEPS_MEASURED = (0, 1, 10)
CODE = "`[a-z_-]+`"
USUAL = {
    "model": "mlp", "activation": "relu", "depth": 5, "width": 128, "initializer": "he_normal",
    "bias_initializer": "zeros", "inputs": "standardized", "batch_size": 128, "steps": 10,
    "dataset": "digits",
    "loss": "cross_entropy", "learning_rate": 0.1, "status": "completed",
    "diverged_at_step": None,
}  # fmt: skip

type Number = float | Callable[[int, int, int], float]


def trial(
    *,
    seeds: int = 5,
    layers: Mapping[str, Number] | None = None,
    records: Mapping[str, Number] | None = None,
    predictions: Mapping[str, Sequence[float]] | None = None,
    arrays: Mapping[str, Callable[[int], np.ndarray]] | None = None,
    name: Callable[[int], str] = lambda layer: "dense",
    **fields: object,
) -> dict[str, object]:
    """One trial: fields, as functions of seed, and numbers, as functions of (seed, step, layer).

    `predictions` are of theory, one a layer; `arrays`, by seed, are kept beside the tables; `name`
    gives a layer's name.
    """
    return {
        "seeds": seeds, "layers": layers or {}, "records": records or {}, "fields": fields,
        "name": name, "arrays": arrays or {},
        "predictions": pd.DataFrame({} if predictions is None else predictions),
    }  # fmt: skip


def growing(factor: float, scatter: float = 0.0) -> Callable[[int, int, int], float]:
    """A mean square that grows by `factor` a layer, in seed s by exp((s - 2) * scatter) more."""
    return lambda seed, step, layer: (factor * np.exp((seed - 2) * scatter)) ** layer


def shrinking(factor: float, depth: int) -> Callable[[int, int, int], float]:
    """A gradient whose mean square is multiplied by `factor` a layer on its way back."""
    return lambda seed, step, layer: factor ** (depth - layer)


def publish(path: Path, *trials: Mapping[str, object]) -> Path:
    """Publishes all trials as one group; without trials the folder is empty."""
    open_results(path, experiment="made", create=True)
    runs, steps, layers, predicted, kept = [], [], [], [], {}
    for number, one in enumerate(trials):
        expected = one["predictions"]
        places = {"site": range(len(expected)), "layer": range(1, len(expected) + 1)}
        places["layer_name"] = [one["name"](layer) for layer in places["layer"]]
        predicted.append(expected.assign(trial_id=f"trial-{number}", **places))
        for seed in range(one["seeds"]):
            fields = {
                name: value(seed) if callable(value) else value
                for name, value in one["fields"].items()
            }
            run = USUAL | fields | {"seed": seed}
            run.setdefault("readout_initializer", run["initializer"])
            run |= {"run_id": f"run-{number}-{seed}", "trial_id": f"trial-{number}"}
            run["group_id"] = "made"
            runs.append(run)
            for array, made in one["arrays"].items():
                kept[f"{array}/{run['run_id']}"] = made(seed)
            ended = run["diverged_at_step"]
            for step in STEPS_MEASURED:
                if ended is not None and step > ended:
                    continue
                place = {"run_id": run["run_id"], "step": step}
                steps.append(place | _numbers(one["records"], STEPS, seed, step, 0))
                for layer in range(1, run["depth"] + 1):
                    here = place | {"layer": layer, "site": layer - 1}
                    here["layer_name"] = one["name"](layer)
                    layers.append(here | _numbers(one["layers"], LAYERS, seed, step, layer))
    if runs:
        tables = {
            "runs": runs_table(runs),
            "steps": build_table(STEPS, _columns(steps)),
            "layers": build_table(LAYERS, _columns(layers)),
        }
        rows = pd.concat(predicted)
        if len(rows):
            tables["predictions"] = build_table(PREDICTIONS, rows.to_dict("list"))
        publish_group(path, "made", tables=tables, arrays=kept, provenance={}, timings={})
    return path


def findings(name: str, path: Path):
    """What the experiment's analysis says of a results folder, as a report would take it."""
    found = check_findings(load_analysis(ROOT / "experiments" / name)(load_results(path)))
    assert not named_in_vain(found)
    return found


def named_in_vain(found) -> list[str]:
    """The tables that words of the findings send a reader to, and that a report has not."""
    there = {listing.name for listing in found.listings} | {*RUN_TABLES, "predictions", "diverged"}
    captions = [one.caption for one in (*found.drawings, *found.listings)]
    claims = [word for one in found.claims for word in (one.statement, one.predicted, one.query)]
    words = " ".join([*found.answer, *captions, *claims])
    named = re.findall(f"tables? ({CODE}(?:(?:, | and ){CODE})*)", words)
    return sorted({name.strip("`") for one in named for name in re.findall(CODE, one)} - there)


def trials(name: str, path: Path):
    """Its claims, trial by trial where several were tested."""
    return each_trial(findings(name, path).claims)


def verdicts(name: str, path: Path) -> dict[str, str]:
    """The verdict on each claim, by id: trial by trial where several were tested."""
    return {claim.id: claim.verdict for claim in trials(name, path)}


def draws(found) -> bool:
    """Whether findings have an answer, and every figure of theirs is drawn with its words."""
    whole = all(
        drawing.draw(drawing.table).axes and drawing.alt.endswith(".") for drawing in found.drawings
    )
    return whole and all(found.answer)


def not_drawn(found) -> list[str]:
    """The claims whose number cannot be read off their figure: neither the column nor the depth."""
    shown = {drawing.name: _drawn(drawing.table) for drawing in found.drawings}
    return [
        claim.id for claim in each_trial(found.claims) if not _needed(claim) <= shown[claim.figure]
    ]


def _needed(claim) -> set[str]:
    """The first column that a query names, and the depth that its statement does."""
    columns = [word for word in re.findall(r"\w+", claim.query) if word in COLUMNS]
    return set(columns[:1]) | set(re.findall(r"depth \d+", claim.statement))


def _drawn(table) -> set[str]:
    """The statistics and depths that a figure's table has numbers of."""
    table = table[table["value" if "value" in table else "factor"].notna()]
    statistics = table["statistic"] if "statistic" in table else [FORWARD, BACKWARD]
    return set(statistics) | {f"depth {depth}" for depth in table.get("depth", ())}


def _numbers(given, schema, seed, step, layer):
    values = {name: np.nan for name in schema.names if "_" in name and name not in _LEADING}
    return values | {
        name: float(value(seed, step, layer) if callable(value) else value)
        for name, value in given.items()
    }


def _columns(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


_LEADING = ("run_id", "layer_name")
