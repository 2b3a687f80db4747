"""The commands: parse, call, print."""

import json
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from initlab import __version__
from initlab.engines.printable import printable
from initlab.errors import InitlabError, SpecError, StoreError

if TYPE_CHECKING:
    from initlab.spec.sweep import Sweep
    from initlab.store.folder import ResultsFolder

app = typer.Typer(
    help="A laboratory for the initialization of neural networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would triple the time that --help takes
)

Experiment = Annotated[
    str, typer.Argument(help="A folder's name under experiments/, or the path of a folder.")
]
ResultsOption = Annotated[
    Path | None,
    typer.Option("--results", help="The sweep's own results folder.  [default: results/<name>]"),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a field of the specification."),
]
SeedsOption = Annotated[int | None, typer.Option("--seeds", min=1, help="Seeds of each trial.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON alone.")]


class Refused(InitlabError):
    """A folder that a command cannot take: bad usage."""

    exit_code = 2


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


def _version(wanted: bool) -> bool:
    """Prints the version and ends, if that is wanted."""
    if wanted:
        typer.echo(f"initlab {__version__}")
        raise typer.Exit
    return wanted


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
        _say(f"{row['name']:22s} {row['runs']:6d} runs  {row['question']}")
    if not rows and not problems and not json_:
        _say("experiments/ holds no folder with a sweep.toml")
    if problems:
        raise SpecError(problems)


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
    folder = _folder(results, sweep)
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
    _say(f"{sweep.name}: {sweep.question}")
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
    target = _folder(results, sweep)
    opened = _open(target, sweep.name, create=True)
    with (claims.exclusive if exclusive else claims.shared)(target):
        made = make_plan(sweep.runs, folder.committed_runs(target).committed)
        if not made.groups:
            _say(f"{sweep.name}: all {len(sweep)} runs are done, nothing to do ({target})")
            return
        opened.write_spec(sweep.text)
        display = Display(target)
        command = worker_command(experiment, target, set_ or (), seeds)
        try:
            code = Supervisor(command, target, display).run()
        finally:
            display.close()
        left = make_plan(sweep.runs, folder.committed_runs(target).committed).runs
        _say(f"{sweep.name}: {len(sweep) - left} of {len(sweep)} runs are done ({target})")
        if code == 1:
            _say(f"some groups failed; initlab status {experiment} --results {target} tells why")
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
    import threading

    from initlab.engines import child

    # Before NumPy loads it: each device calls LAPACK for itself, and threads of its own only
    # fight them (64 orthogonal 128x128 kernels: 1.8 s with, 0.03 s without).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sweep = _sweep(experiment, set_, seeds)
    target = _folder(results, sweep)
    _open(target, sweep.name, create=True)
    emit = child.take_stdout()
    draining = threading.Event()
    came: list[int] = []
    if supervised:
        child.obey_parent(emit, draining)
    else:
        came = child.drain_on_signals(draining)
    from initlab.train.devices import configure

    configure(cache=cache)
    from initlab.worker import Orders
    from initlab.worker import work as run_worker

    orders = Orders(tuple(skip or ()), max_groups, draining.is_set)
    failed = run_worker(sweep, target, emit, orders)
    emit({"event": "end", "failed": failed})
    raise typer.Exit(128 + came[0] if came else 1 if failed else 0)


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
    target = _folder(results, sweep)
    opened = _open(target, sweep.name, create=False)
    inventory = folder.committed_runs(opened.path)
    left = make_plan(sweep.runs, inventory.committed)
    ids = {one.run_id for one in sweep.runs}
    found: dict[str, Any] = {
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
    _say(f"{sweep.name}: {found['committed']} of {found['runs']} runs are committed")
    if left.groups:
        _say(f"  {left.runs} runs in {len(left.groups)} groups are left")
    if found["not_in_spec"]:
        _say(f"  {found['not_in_spec']} committed runs are not in the specification")
    for group_id, error in inventory.damaged.items():
        _say(f"  group {group_id} is damaged and will be run again: {error}")
    for group_id, attempts in failures.read_failures(target).items():
        _say(f"  group {group_id} failed: {attempts[-1].error}")


@app.command()
def report(
    experiment: Experiment,
    results: ResultsOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The bundle.  [default: reports/<name>]")
    ] = None,
    set_: SetOption = None,
    seeds: SeedsOption = None,
) -> None:
    """Write the report of a sweep's results.

    Example: initlab report signal_propagation
    """
    from initlab.report.load_analysis import load_analysis
    from initlab.report.write import write_report
    from initlab.spec.load import find_experiment
    from initlab.store.query import load_results

    sweep = _sweep(experiment, set_, seeds)
    target = _open(_folder(results, sweep), sweep.name, create=False).path
    found = load_results(target)
    findings = load_analysis(find_experiment(experiment))(found)
    options = [word for override in set_ or () for word in ("--set", override)]
    options += ["--seeds", str(seeds)] if seeds is not None else []
    bundle = write_report(
        sweep.name,
        sweep.question,
        found,
        findings,
        out or Path("reports") / sweep.name,
        spec_text=sweep.text,
        command=shlex.join(["initlab", "run", experiment, *options]),
        planned=[run.run_id for run in sweep.runs],
    )
    _say(f"{sweep.name}: the report is {_relative(bundle / 'report.html')}")


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A results folder, or a report bundle.")],
    results: Annotated[
        Path | None, typer.Option("--results", help="Where the bundle's results lie now.")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Check that results, or a report and its results, are what was written.

    Example: initlab verify results/signal_propagation
    """
    from initlab.report.verify import is_bundle, verify_bundle
    from initlab.store.folder import committed_runs, read_folder

    if is_bundle(folder):
        faults = verify_bundle(folder, results)
        what = "report bundle"
    else:
        read_folder(folder)
        inventory = committed_runs(folder, deep=True)
        faults = [str(error) for error in inventory.damaged.values()]
        what = f"results folder of {len(inventory.groups)} groups"
    if json_:
        typer.echo(json.dumps({"folder": str(folder), "sound": not faults, "faults": faults}))
    else:
        for fault in faults:
            _say(fault)
        _say(f"{folder}: {what}, {'sound' if not faults else 'NOT sound'}")
    raise typer.Exit(1 if faults else 0)


@app.command()
def data(json_: JsonOption = False) -> None:
    """List the data sets, with where they come from.

    Example: initlab data
    """
    from initlab.data import DATASETS, load

    sets = [load(name) for name in DATASETS]
    rows: list[dict[str, Any]] = [
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


def _folder(results: Path | None, sweep: "Sweep") -> Path:
    """Returns the results folder that was asked for, or the sweep's default one."""
    return results or Path("results") / sweep.name


def _open(folder: Path, name: str, *, create: bool) -> "ResultsFolder":
    """Opens a results folder; one that cannot be used is bad usage."""
    from initlab.store.folder import open_results

    try:
        return open_results(folder, experiment=name, create=create)
    except StoreError as error:
        raise Refused(str(error)) from error


def _committed(folder: Path, name: str) -> frozenset[str]:
    """Returns the runs that a results folder holds already, none where there is no folder."""
    from initlab.store.folder import committed_runs

    if not folder.exists():
        return frozenset()
    return frozenset(committed_runs(_open(folder, name, create=False).path).committed)


def _relative(path: Path) -> Path:
    """Returns a path below the current folder without what leads to it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _say(text: str) -> None:
    """Prints a line, without what would command a terminal."""
    typer.echo(printable(text))
