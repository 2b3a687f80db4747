"""The commands: parse, call, print."""

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from initlab import __version__
from initlab.errors import InitlabError

if TYPE_CHECKING:
    from initlab.spec.sweep import Sweep

app = typer.Typer(
    help="A laboratory for the initialization of neural networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

Experiment = Annotated[
    str, typer.Argument(help="A folder's name under experiments/, or the path of a folder.")
]
ResultsOption = Annotated[
    Path | None,
    typer.Option("--results", help="The sweep's own results folder.  \\[default: results/<name>]"),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a field of the specification."),
]
SeedsOption = Annotated[int | None, typer.Option("--seeds", min=1, help="Seeds of each trial.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON alone.")]


def main() -> None:
    """Runs the command line; an error of the lab is one message and an exit code."""
    try:
        app()
    except InitlabError as error:
        sys.stderr.write(f"initlab: {printable(str(error))}\n")
        raise SystemExit(getattr(error, "exit_code", 1)) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(141) from None


def printable(text: str) -> str:
    """Returns the text without characters that would command a terminal."""
    return "".join(
        char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def _version(wanted: bool) -> None:
    """Prints the version and ends."""
    if wanted:
        typer.echo(f"initlab {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A laboratory for the initialization of neural networks."""


@app.command("list")
def list_(json_: JsonOption = False) -> None:
    """List the experiments under experiments/.

    Example: initlab list
    """
    from initlab.spec.load import list_experiments, load_sweep

    found = [(name, load_sweep(name)) for name in list_experiments()]
    if json_:
        rows = [{"name": name, "question": s.question, "runs": len(s)} for name, s in found]
        typer.echo(json.dumps(rows, indent=2))
        return
    for name, sweep in found:
        typer.echo(f"{name:22s} {len(sweep):6d} runs  {printable(sweep.question)}")


@app.command()
def plan(
    experiment: Experiment,
    set_: SetOption = None,
    seeds: SeedsOption = None,
    results: ResultsOption = None,
    json_: JsonOption = False,
) -> None:
    """Print what a sweep will take, before anything starts.

    Example: initlab plan signal_propagation --seeds 10
    """
    from initlab.spec.plan import make_plan

    sweep = _sweep(experiment, set_, seeds)
    folder = results or Path("results") / sweep.name
    made = make_plan(sweep.runs, _committed(folder, sweep.name))
    figures = {
        "runs": made.runs,
        "groups": len(made.groups),
        "programs": made.programs,
        "bytes": made.bytes,
        "flops": made.flops,
        "seconds": round(made.seconds),
    }
    if json_:
        typer.echo(json.dumps({"experiment": sweep.name} | figures))
        return
    typer.echo(f"{sweep.name}: {printable(sweep.question)}")
    if len(sweep) > made.runs:
        typer.echo(f"  {len(sweep) - made.runs} of {len(sweep)} runs are committed; to do:")
    typer.echo(f"  runs      {made.runs:>12,d}")
    typer.echo(f"  groups    {len(made.groups):>12,d}  ({made.programs} programs to compile)")
    typer.echo(f"  size      {made.bytes / 1e6:>12,.1f}  MB")
    typer.echo(f"  work      {made.flops / 1e12:>12,.3f}  TFLOP")
    typer.echo(f"  time      {made.seconds:>12,.0f}  s at 80 GFLOP/s and 4 s a program")


@app.command()
def run(
    experiment: Experiment,
    results: ResultsOption = None,
    set_: SetOption = None,
    seeds: SeedsOption = None,
    exclusive: Annotated[
        bool, typer.Option("--exclusive", help="Refuse to share the sweep with another driver.")
    ] = False,
) -> None:
    """Run a sweep, or go on with it; finished, do nothing and say so.

    Example: initlab run signal_propagation --set depth=[5,10] --seeds 3
    """
    from initlab.engines.local import Supervisor, worker_command
    from initlab.engines.progress import Display
    from initlab.spec.plan import make_plan
    from initlab.store import claims, folder

    sweep = _sweep(experiment, set_, seeds)
    target = results or Path("results") / sweep.name
    opened = folder.open_results(target, experiment=sweep.name, create=True)
    with (claims.exclusive if exclusive else claims.shared)(target):
        made = make_plan(sweep.runs, folder.committed_runs(target).committed)
        if not made.groups:
            typer.echo(f"{sweep.name}: all {len(sweep)} runs are done, nothing to do ({target})")
            return
        opened.write_spec(sweep.text)
        display = Display(target)
        command = worker_command(experiment, target, set_ or (), seeds)
        try:
            code = Supervisor(command, target, display).run()
        finally:
            display.close()
        left = make_plan(sweep.runs, folder.committed_runs(target).committed).runs
        typer.echo(f"{sweep.name}: {len(sweep) - left} of {len(sweep)} runs are done ({target})")
        raise typer.Exit(code)


@app.command()
def work(
    experiment: Experiment,
    results: ResultsOption = None,
    set_: SetOption = None,
    seeds: SeedsOption = None,
    max_groups: Annotated[
        int | None, typer.Option("--max-groups", min=1, help="Stop after so many groups.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option("--skip", hidden=True)] = None,
    supervised: Annotated[bool, typer.Option("--supervised", hidden=True)] = False,
    cache: Annotated[bool, typer.Option(help="Keep compiled programs between processes.")] = True,
) -> None:
    """Work on a sweep without a supervisor, as one of any number of workers.

    Prints one JSON event a line. Example: initlab work signal_propagation --max-groups 1
    """
    from initlab.store import folder

    sweep = _sweep(experiment, set_, seeds)
    target = results or Path("results") / sweep.name
    folder.open_results(target, experiment=sweep.name, create=True)
    emit = _emitter()
    draining = threading.Event()
    if supervised:
        threading.Thread(target=_until_parent_ends, args=(draining,), daemon=True).start()
        threading.Thread(target=_beat, args=(emit,), daemon=True).start()
    from initlab.train.devices import configure

    configure(cache=cache)
    from initlab.worker import Orders
    from initlab.worker import work as run_worker

    orders = Orders(tuple(skip or ()), max_groups, draining.is_set)
    failed = run_worker(sweep, target, emit, orders)
    emit({"event": "end", "failed": failed})
    raise typer.Exit(1 if failed else 0)


@app.command()
def status(
    experiment: Experiment,
    results: ResultsOption = None,
    set_: SetOption = None,
    seeds: SeedsOption = None,
    json_: JsonOption = False,
) -> None:
    """Tell where a sweep stands.

    Example: initlab status signal_propagation
    """
    from initlab.spec.plan import make_plan
    from initlab.store import failures, folder

    sweep = _sweep(experiment, set_, seeds)
    target = results or Path("results") / sweep.name
    opened = folder.open_results(target, experiment=sweep.name, create=False)
    inventory = folder.committed_runs(opened.path)
    left = make_plan(sweep.runs, inventory.committed)
    ids = {one.run_id for one in sweep.runs}
    found = {
        "experiment": sweep.name,
        "runs": len(sweep),
        "committed": len(sweep) - left.runs,
        "not_in_spec": len(set(inventory.committed) - ids),
        "groups_left": len(left.groups),
        "damaged_groups": sorted(inventory.damaged),
        "failed_groups": sorted(failures.read_failures(target)),
    }
    if json_:
        typer.echo(json.dumps(found))
        return
    typer.echo(f"{sweep.name}: {found['committed']} of {found['runs']} runs are committed")
    if left.groups:
        typer.echo(f"  {left.runs} runs in {len(left.groups)} groups are left")
    if found["not_in_spec"]:
        typer.echo(f"  {found['not_in_spec']} committed runs are not in the specification")
    for group_id, error in inventory.damaged.items():
        typer.echo(f"  group {group_id} is damaged and will be run again: {error}")
    for group_id, attempts in failures.read_failures(target).items():
        typer.echo(f"  group {group_id} failed: {printable(attempts[-1].error)}")


@app.command()
def data(json_: JsonOption = False) -> None:
    """List the data sets, with where they come from.

    Example: initlab data
    """
    from initlab.data import DATASETS, load

    sets = [load(name) for name in DATASETS]
    rows = [
        {
            "name": one.name,
            "train": len(one.train_labels),
            "test": len(one.test_labels),
            "image_shape": list(one.train_images.shape[1:]),
            "classes": len(one.class_names),
            "licence": one.licence,
            "sha256": one.sha256,
            "source": one.source,
        }
        for one in sets
    ]
    if json_:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        shape = "x".join(str(size) for size in row["image_shape"])
        typer.echo(
            f"{row['name']:10s} {row['train']} + {row['test']} images {shape}, {row['licence']}"
        )
        typer.echo(f"           {row['source']}")


def _sweep(experiment: str, overrides: list[str] | None, seeds: int | None) -> "Sweep":
    """Reads and validates a sweep."""
    from initlab.spec.load import load_sweep

    return load_sweep(experiment, overrides=overrides or (), seeds=seeds)


def _committed(folder: Path, name: str) -> tuple[str, ...]:
    """Returns the runs that a results folder holds already, none where there is no folder."""
    from initlab.store.folder import committed_runs, open_results

    if not folder.exists():
        return ()
    opened = open_results(folder, experiment=name, create=False)
    return tuple(committed_runs(opened.path).committed)


def _emitter() -> Callable[[dict[str, Any]], None]:
    """Returns what prints one event a line, from any thread; other output goes to stderr."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lock = threading.Lock()

    def emit(event: dict[str, Any]) -> None:
        with lock:
            out.write(json.dumps(event) + "\n")

    return emit


def _beat(emit: Callable[[dict[str, Any]], None]) -> None:
    """Tells the supervisor every few seconds that this process lives."""
    while not threading.Event().wait(2.0):
        emit({"event": "beat"})


def _until_parent_ends(draining: threading.Event) -> None:
    """Waits for the end of standard input: the parent asks to stop after this group, or is gone."""
    parent = os.getppid()
    while sys.stdin.readline():
        pass
    draining.set()
    while os.getppid() == parent:
        threading.Event().wait(0.5)
    os._exit(1)
