"""Commands on what came of a sweep: report, verify."""

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from initlab.analysis.numbers import counted
from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.arguments import say


@app.command()
def report(
    experiment: arguments.Experiment,
    results: arguments.ResultsOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The bundle.  [default: reports/<name>]")
    ] = None,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
) -> None:
    """Write the report of a sweep's results.

    Example: initlab report signal_propagation
    """
    from initlab.report.load_analysis import load_analysis
    from initlab.report.write import write_report
    from initlab.spec.load import find_experiment
    from initlab.store.query import load_results

    sweep = arguments.read_sweep(experiment, set_, seeds)
    target = arguments.open_folder(
        arguments.results_folder(results, sweep), sweep.name, create=False
    ).path
    found = load_results(target)
    planned = found.only([run.run_id for run in sweep.runs])
    if found.committed and not planned.committed:
        raise arguments.Refused(
            f"{target} holds {counted(len(found.committed), 'run')}, and none of the "
            f"{len(sweep)} that {sweep.name} declares: give the --set and --seeds that they were "
            "made with, or run the sweep."
        )
    findings = load_analysis(find_experiment(experiment))(planned)
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
    say(f"{sweep.name}: the report is {_relative(bundle / 'report.html')}")


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A results folder, or a report bundle.")],
    results: Annotated[
        Path | None, typer.Option("--results", help="Where the bundle's results lie now.")
    ] = None,
    json_: arguments.JsonOption = False,
) -> None:
    """Check that results, or a report, are what was written.

    Example: initlab verify results/signal_propagation
    """
    from initlab.report.verify import is_bundle, verify_bundle
    from initlab.store.folder import committed_runs

    if is_bundle(folder):
        faults = verify_bundle(folder, results)
        what = "report bundle"
    else:
        arguments.read_results(folder)
        inventory = committed_runs(folder, deep=True)
        faults = [str(error) for error in inventory.damaged.values()]
        what = f"results folder of {counted(len(inventory.groups), 'group')}"
    if json_:
        typer.echo(json.dumps({"folder": str(folder), "sound": not faults, "faults": faults}))
    else:
        for fault in faults:
            say(fault)
        say(f"{folder}: {what}, {'sound' if not faults else 'NOT sound'}")
    raise typer.Exit(1 if faults else 0)


def _relative(path: Path) -> Path:
    """Returns a path below the current folder without what leads to it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
