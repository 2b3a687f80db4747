"""Commands that ask and change nothing: list, plan, status, data."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer

from initlab.analysis.numbers import counted
from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.arguments import say
from initlab.errors import DataError, SpecError

if TYPE_CHECKING:
    from initlab.data import ImageSet


@app.command("list")
def list_(json_: arguments.JsonOption = False) -> None:
    """List the experiments under experiments/.

    Example: initlab list
    """
    from initlab.spec.load import EXPERIMENTS, list_experiments, load_sweep

    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for name in list_experiments():
        try:
            sweep = load_sweep(name)
        except SpecError as error:
            problems += error.problems
        else:
            rows.append({"name": name, "question": sweep.question, "runs": len(sweep)})
    if json_:
        typer.echo(json.dumps(rows, indent=2))
    for row in () if json_ else rows:
        say(f"{row['name']:22s} {counted(row['runs'], 'run'):>11s}  {row['question']}")
    if not rows and not problems and not json_:
        there = "holds no folder with a sweep.toml" if EXPERIMENTS.is_dir() else "does not exist"
        say(
            f"no experiments: {EXPERIMENTS.resolve()} {there}. Start initlab in the folder that "
            "holds experiments/, or give a command the path of an experiment's folder."
        )
    if problems:
        raise SpecError(problems)


@app.command()
def plan(
    experiment: arguments.Experiment,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
    results: arguments.ResultsOption = None,
    json_: arguments.JsonOption = False,
) -> None:
    """Print a sweep's models layer by layer, and what it will take.

    Example: initlab plan signal_propagation --seeds 10
    """
    from initlab.cli.sizing import model_lines
    from initlab.spec.cost import available_cores
    from initlab.spec.model_sizes import model_sizes
    from initlab.spec.plan import make_plan

    sweep = arguments.read_sweep(experiment, set_, seeds, results)
    models = model_sizes(sweep.runs)
    cores = available_cores()
    folder = arguments.results_folder(results, sweep)
    made = make_plan(sweep.runs, arguments.committed(folder, sweep.name))
    figures: dict[str, Any] = {
        "trials": sweep.trials,
        "excluded": [{"fields": one.fields, "runs": one.runs} for one in sweep.excluded],
        "runs": made.runs,
        "groups": len(made.groups),
        "programs": made.programs,
        "bytes": made.bytes,
        "peak_memory_bytes": made.peak_memory_bytes(cores),
        "flops": made.flops,
        "seconds": round(made.seconds(cores)),
        "models": [model.as_json() for model in models],
    }
    if json_:
        typer.echo(json.dumps({"experiment": sweep.name} | figures))
        return
    say(f"{sweep.name}: {sweep.question}")
    for line in (*arguments.exclusions(sweep), *sweep.unmet):
        say(f"  {line}")
    for model in models:
        for line in model_lines(model):
            typer.echo(f"  {line}")
    if not made.groups:
        typer.echo(f"  {len(sweep)} of {counted(len(sweep), 'run')} committed, nothing to do")
        return
    if len(sweep) > made.runs:
        typer.echo(f"  {len(sweep) - made.runs} of {counted(len(sweep), 'run')} committed; to do:")
    typer.echo(f"  trials    {sweep.trials:>12,d}  in all")
    typer.echo(f"  runs      {made.runs:>12,d}")
    typer.echo(
        f"  groups    {len(made.groups):>12,d}  ({counted(made.programs, 'program')} to compile)"
    )
    typer.echo(f"  size      {made.bytes / 1e6:>12,.1f}  MB")
    typer.echo(
        f"  memory    {figures['peak_memory_bytes'] / 1e6:>12,.0f}  MB, a worker's peak, roughly"
    )
    typer.echo(f"  work      {made.flops / 1e12:>12,.3f}  TFLOP")
    typer.echo(f"  time      {figures['seconds']:>12,d}  s, roughly, on {counted(cores, 'core')}")


@app.command()
def status(
    experiment: arguments.Experiment,
    results: arguments.ResultsOption = None,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
    json_: arguments.JsonOption = False,
) -> None:
    """Tell where a sweep stands.

    Example: initlab status signal_propagation
    """
    from initlab.spec.plan import make_plan
    from initlab.store import failures, folder
    from initlab.store.query import Results

    sweep = arguments.read_sweep(experiment, set_, seeds, results)
    target = arguments.results_folder(results, sweep)
    run = arguments.command_line("run", experiment, results, set_, seeds)
    opened = arguments.open_folder(target, sweep.name, create=False, command=run)
    with arguments.refusing():
        inventory = folder.committed_runs(opened.path, deep=True)
    left = make_plan(sweep.runs, inventory.committed)
    ids = {one.run_id for one in sweep.runs}
    stored = Results(opened.path, sweep.name, inventory.groups, inventory.committed).only(ids)
    found: dict[str, Any] = {
        "experiment": sweep.name,
        "runs": len(sweep),
        "committed": len(sweep) - left.runs,
        "diverged": int((stored.runs["status"] == "diverged").sum()),
        "not_in_spec": len(set(inventory.committed) - ids),
        "groups_left": len(left.groups),
        "damaged_groups": sorted(inventory.damaged),
        "failed_groups": sorted(failures.read_failures(target)),
    }
    if json_:
        typer.echo(json.dumps(found))
        return
    diverged = f", {found['diverged']} of them diverged" if found["diverged"] else ""
    say(f"{sweep.name}: {found['committed']} of {counted(len(sweep), 'run')} committed{diverged}")
    if left.groups:
        todo = f"{counted(left.runs, 'run')} in {counted(len(left.groups), 'group')}"
        say(f"  left: {todo}; {run} goes on with them")
    if found["not_in_spec"]:
        say(f"  not in the specification: {counted(found['not_in_spec'], 'committed run')}")
    for line in (*sweep.unmet, *map(arguments.stray, inventory.strays)):
        say(f"  {line}")
    for group_id, error in inventory.damaged.items():
        say(f"  group {group_id} is damaged and will be run again: {error}")
    for group_id, attempts in failures.read_failures(target).items():
        say(f"  group {group_id} failed: {attempts[-1].error}")


@app.command()
def data(json_: arguments.JsonOption = False) -> None:
    """List the data sets: where each was found, or what is missing.

    Example: initlab data
    """
    from initlab.data import DATASETS

    rows = [_data_row(name, load) for name, load in DATASETS.items()]
    if json_:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        shape = "x".join(str(size) for size in row["image_shape"])
        say(f"{row['name']:13s} {row['train']} + {row['test']} images {shape}")
        if row["missing"]:
            say(f"{'':13s} {row['missing']}")
            continue
        say(f"{'':13s} {row['licence']}")
        say(f"{'':13s} {row['source']}")
        say(f"{'':13s} found: {row['place']}, sha256 {row['sha256']}")


def _data_row(name: str, load: "Callable[[], ImageSet]") -> dict[str, Any]:
    """Returns what there is to say of a data set, which is read and checked."""
    from initlab.spec.datasets import DATASETS

    size = DATASETS[name]
    row: dict[str, Any] = {
        "name": name,
        "train": size.train,
        "test": size.test,
        "image_shape": list(size.image_shape),
        "classes": size.classes,
    }
    unknown = dict.fromkeys(("licence", "sha256", "source", "place"))
    try:
        images = load()
    except DataError as error:
        return row | unknown | {"missing": str(error)}
    return row | {field: getattr(images, field) for field in unknown} | {"missing": None}
