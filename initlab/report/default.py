"""The default analysis: what any sweep's runs came to, where the experiment has no analysis."""

from typing import Any

import pandas as pd

from initlab.analysis.captions import drawing
from initlab.analysis.findings import Drawing, Findings, Listing
from initlab.analysis.guessing import with_guesses
from initlab.analysis.intervals import MIN_SEEDS
from initlab.analysis.names import initializer_order, short_names
from initlab.analysis.numbers import counted
from initlab.analysis.over_cells import compare_arms
from initlab.analysis.over_seeds import share_interval
from initlab.analysis.predicted import with_predictions
from initlab.analysis.profiles import BACKWARD, FORWARD, depth_profiles
from initlab.analysis.selection import LEADING, grid_runs, in_order, trial_fields
from initlab.figures.depth_profile import alt_depth_profile, draw_depth_profile
from initlab.store.query import Results

_ACCURACIES = ("train_accuracy", "test_accuracy")
_OVER_CELLS = (
    "Each initializer over all cells that every initializer has: the interquartile mean of test "
    "accuracy after the last step, the middle half of the runs, one that diverged counting as a "
    "guess. Low and high are the ends of its 95 % bootstrap interval, each cell's seeds resampled "
    "by themselves, empty below five seeds. It takes cells to be independent, and at five seeds "
    "holds the true value in about 92 % of cases."
)
_PLACE = ["run_id", "step", "layer", "site"]


def analyse(results: Results) -> Findings:
    """Returns how the runs ended, each trial's accuracy, and the profile before training."""
    runs = results.runs
    trials = summarize_trials(runs, results.steps)
    return Findings(
        answer=tuple(_sentences(runs, trials)),
        claims=(),
        drawings=tuple(_drawings(results)),
        listings=(_listing(runs, trials), *_compared(runs, results.steps)),
    )


def summarize_trials(runs: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """Returns one row a trial: its fields, its runs by status, its accuracy at the last step.

    An accuracy is the mean over the completed runs, with the 95 % t interval, cut at 0 and 1,
    in `<name>_low` and `<name>_high` where five seeds or more have it.
    """
    fields = trial_fields(runs)
    completed = runs[runs["status"] == "completed"]
    last = steps.sort_values("step", kind="stable").groupby("run_id").tail(1).set_index("run_id")
    rows = []
    for trial_id, group in runs.groupby("trial_id", sort=False):
        ended = completed.loc[completed["trial_id"] == trial_id, "run_id"]
        rows.append(
            {name: group[name].iloc[0] for name in fields}
            | {
                "seeds": len(group),
                "completed": len(ended),
                "diverged": int((group["status"] == "diverged").sum()),
            }
            | _accuracies(last.reindex(ended))
        )
    ends = [f"{name}{end}" for name in _ACCURACIES for end in ("", "_low", "_high")]
    columns = [*fields, "seeds", "completed", "diverged", *ends]
    return in_order(pd.DataFrame(rows, columns=columns))


def _accuracies(last: pd.DataFrame) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in _ACCURACIES:
        mean, low, high, *_ = share_interval(last[name])
        found |= {name: mean, f"{name}_low": low, f"{name}_high": high}
    return found


def _sentences(runs: pd.DataFrame, trials: pd.DataFrame) -> list[str]:
    if runs.empty:
        return ["No run has results yet."]
    counts = runs["status"].value_counts()
    said = [
        f"Of {counted(len(runs), 'run')} in {counted(len(trials), 'trial')}, "
        f"{counts.get('completed', 0)} completed and {counts.get('diverged', 0)} diverged."
    ]
    known = trials.dropna(subset="test_accuracy").sort_values("test_accuracy", kind="stable")
    ranked = known[known["diverged"] == 0]
    ends = [f"{row['test_accuracy']:.3f} ({_name(runs, row)})" for _, row in ranked.iterrows()]
    if ends:
        reach = f"is {ends[0]}" if len(ends) == 1 else f"goes from {ends[0]} to {ends[-1]}"
        said[0] += f" Mean test accuracy at the last step {reach}"
        said[0] += ", of the trials without a diverged run." if len(known) > len(ranked) else "."
    elif len(known):
        said[0] += " Every trial has a diverged run, so that none ranks before another."
    said.append(
        "This experiment has no `analysis.py`: the report lists what was run and how it ended, and "
        "tests no claim."
    )
    return said


def _name(runs: pd.DataFrame, trial: "pd.Series[Any]") -> str:
    varied = [name for name in trial_fields(runs) if len(runs[name].unique()) > 1]
    return ", ".join(f"{name.replace('_', ' ')} {trial[name]}" for name in varied) or "one trial"


def _drawings(results: Results) -> list[Drawing]:
    """Returns the depth profile at step 0, nothing where no run has one."""
    if results.runs.empty:
        return []
    runs = grid_runs(results.runs)
    beside = results.runs["trial_id"].nunique() - runs["trial_id"].nunique()
    held = []
    for name in trial_fields(runs):
        if name not in LEADING:
            value = runs[name].mode(dropna=False).iloc[0]
            runs = runs[runs[name] == value] if pd.notna(value) else runs[runs[name].isna()]
            held.append(f"{name.replace('_', ' ')} {value if pd.notna(value) else 'unset'}")
    if runs.empty:
        return []
    layers = results.read_layers(
        [*_PLACE, FORWARD, BACKWARD], run_ids=list(runs["run_id"]), filters=[("step", "==", 0)]
    )
    parts = [depth_profiles(runs, layers, statistics=(one,)) for one in (FORWARD, BACKWARD)]
    table = pd.concat([with_predictions(one, runs, results.predictions) for one in parts])
    caption = (
        "Before training: mean square of the preactivations, forward, and of their gradients, "
        "backward, against layer."
    )
    if "predicted" in table:
        caption += (
            " Dashed, black: the mean that theory expects, of gradients from the readout's "
            "measured mean on; grey: where it expects the mean over so many networks of this width."
        )
    if held:
        caption += f" Of the trials, those with {', '.join(held)}."
    if beside:
        caption += f" Without {counted(beside, 'trial')} beside the grid, which the table has."
    return drawing(
        "depth-profile",
        caption,
        table,
        alt_depth_profile,
        draw_depth_profile,
        mean="Geometric mean",
    )


def _compared(runs: pd.DataFrame, steps: pd.DataFrame) -> list[Listing]:
    """Returns the table of initializers over the cells that all have, where there are several."""
    if runs.empty or "dataset" not in runs:
        return []
    last = steps.sort_values("step", kind="stable").groupby("run_id").tail(1)
    accuracy = last.set_index("run_id")["test_accuracy"].reindex(runs["run_id"])
    accuracy = with_guesses(accuracy, runs[runs["status"] == "diverged"])
    table = compare_arms(runs, accuracy)
    if table.empty:
        return []
    labels = sorted(map(str, table["initializer"]), key=initializer_order)
    table = table.set_index("initializer").loc[labels].round(4).reset_index()
    table["initializer"] = list(short_names(labels).values())
    return [Listing("initializers", _OVER_CELLS, table.rename(columns={"value": "test accuracy"}))]


def _listing(runs: pd.DataFrame, trials: pd.DataFrame) -> Listing:
    table = trials.round({name: 4 for name in trials.columns if "accuracy" in name})
    few = len(runs) > 0 and runs.groupby("trial_id").size().max() < MIN_SEEDS
    if few:
        table = table.drop(
            columns=[name for name in trials if str(name).endswith(("_low", "_high"))]
        )
    table.columns = table.columns.str.replace("_", " ")
    spread = (
        f"there are fewer than {MIN_SEEDS} seeds and so no interval"
        if few
        else "low and high are the ends of the 95 % t interval over seeds"
    )
    return Listing(
        name="trials",
        caption=(
            "Each trial: its seeds, how its runs ended, and accuracy after the last step, the mean "
            f"over completed runs; {spread}."
        ),
        table=table,
    )
