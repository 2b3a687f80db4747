"""Commands on what came of a sweep: report, verify, compare."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from initlab.analysis.numbers import counted
from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.arguments import say
from initlab.cli.telling import telling
from initlab.figures.venues import Venue

if TYPE_CHECKING:
    from initlab.spec.sweep import Sweep


@app.command()
def report(
    experiment: arguments.Experiment,
    results: arguments.ResultsOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The bundle.  [default: reports/<name>; reports/overridden/<name> with --set or "
            "--seeds]",
        ),
    ] = None,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
    venue: Annotated[
        Venue | None,
        typer.Option(help="The venue whose page the figures shall be as wide as."),
    ] = None,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Leave a report that would come out the same.")
    ] = False,
) -> None:
    """Write the report of a sweep's results.

    Example: initlab report signal_propagation
    """
    from initlab.report.inputs import describe_inputs, is_current

    sweep = arguments.read_sweep(experiment, set_, seeds, results)
    command = arguments.command_line("run", experiment, results, set_, seeds)
    target = arguments.open_folder(
        arguments.results_folder(results, sweep), sweep.name, create=False, command=command
    ).path
    # A report of other runs than those declared must not take the place of theirs.
    overridden = "overridden" if set_ or seeds is not None else ""
    bundle = out or Path("reports") / overridden / sweep.name
    planned = [run.run_id for run in sweep.runs]
    with arguments.refusing():
        inputs = describe_inputs(
            target,
            bundle,
            experiment=sweep.folder or Path(),
            spec_text=sweep.text,
            command=command,
            planned=planned,
            venue=venue,
        )
    page = _relative(bundle.resolve() / "report.html")
    if if_changed and is_current(bundle, inputs):
        _index(bundle, again=False)
        say(f"{sweep.name}: the report is up to date, nothing to do ({page})")
        return
    with telling() as tell:
        undeclared = _write(sweep, target, bundle, command, inputs, venue, tell)
    _index(bundle, again=True)
    if undeclared:
        told = f"in no number: {counted(undeclared, 'run')} that the sweep does not declare"
        typer.echo(told, err=True)
    say(f"{sweep.name}: the report is {page}")


def _write(
    sweep: "Sweep",
    results: Path,
    bundle: Path,
    command: str,
    inputs: Mapping[str, str],
    venue: Venue | None,
    tell: Callable[[str], None],
) -> int:
    """Writes the bundle of a sweep's results, with the analysis that lies in its folder.

    Returns how many runs lie beside them that the sweep does not declare.
    """
    from initlab.report.load_analysis import load_analysis
    from initlab.report.mistakes import told_by_line
    from initlab.report.write import write_report
    from initlab.store.query import load_results

    folder = sweep.folder or Path()
    tell("checking the results")
    found = load_results(results)
    run_ids = [run.run_id for run in sweep.runs]
    planned = found.only(run_ids)
    if found.committed and not planned.committed:
        raise arguments.Refused(
            f"{results} holds {counted(len(found.committed), 'run')}, and none of the "
            f"{len(sweep)} that {sweep.name} declares: give the --set and --seeds that they were "
            "made with, or run the sweep."
        )
    tell(f"analysing {counted(len(planned.committed), 'run')}")
    with told_by_line(folder / "analysis.py"):
        write_report(
            sweep.name,
            sweep.question,
            found,
            load_analysis(folder)(planned),
            bundle,
            spec_text=sweep.text,
            command=command,
            planned=run_ids,
            inputs=inputs,
            experiment=folder,
            venue=venue,
            tell=tell,
        )
    return len(found.committed) - len(planned.committed)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A results folder, or a report bundle.")],
    results: Annotated[
        Path | None, typer.Option("--results", help="Where the bundle's results lie now.")
    ] = None,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Check digests alone; run no analysis.")
    ] = False,
    json_: arguments.JsonOption = False,
) -> None:
    """Check that results, or a report, are what was written.

    The numbers of a report are computed again: the analysis in its `experiment/` is run.

    Example: initlab verify results/signal_propagation
    """
    from initlab.report.verify import is_bundle
    from initlab.store.folder import committed_runs

    if is_bundle(folder):
        faults, what = _verify_bundle(folder, results, files_only=files_only)
    else:
        arguments.read_results(folder)
        with arguments.refusing():
            inventory = committed_runs(folder, deep=True)
        faults = [str(error) for error in inventory.damaged.values()]
        faults += [arguments.stray(path) for path in inventory.strays]
        what = f"results folder of {counted(len(inventory.groups), 'group')}"
    if json_:
        typer.echo(json.dumps({"folder": str(folder), "sound": not faults, "faults": faults}))
    else:
        for fault in faults:
            say(fault)
        say(f"{folder}: {what}, {'sound' if not faults else 'NOT sound'}")
    raise typer.Exit(1 if faults else 0)


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="A report bundle.")],
    new: Annotated[Path, typer.Argument(help="Another one, of the same experiment.")],
    json_: arguments.JsonOption = False,
) -> None:
    """Tell which claims came out otherwise in another report.

    Example: initlab compare old/signal_propagation reports/signal_propagation
    """
    from initlab.report.compare import compare_reports

    changes = compare_reports(old, new)
    if json_:
        typer.echo(json.dumps({"old": str(old), "new": str(new), "changes": changes}))
        return
    for line in changes:
        say(line)
    say(f"{counted(len(changes), 'claim')} came out otherwise" if changes else "no claim changed")


def _verify_bundle(
    bundle: Path, results: Path | None, *, files_only: bool
) -> tuple[list[str], str]:
    """Returns what is wrong with a bundle, and what was checked."""
    from initlab.report.mistakes import told_by_line
    from initlab.report.recompute import EXPERIMENT, RUNS, can_recompute, recompute
    from initlab.report.verify import verify_bundle

    checked = verify_bundle(bundle, results)
    if checked.faults or files_only:
        return list(checked.faults), "report bundle, its numbers not computed again"
    if not can_recompute(bundle):
        return [
            f"{EXPERIMENT}/{RUNS}: is missing, and without it no number can be computed again; "
            "--files-only checks digests alone"
        ], "report bundle, its numbers not computed again"
    with told_by_line(bundle / EXPERIMENT / "analysis.py"):
        again = recompute(bundle, checked.results)
    return list(again.faults), f"report bundle, the numbers of {again.what} computed again"


def _index(bundle: Path, *, again: bool) -> None:
    """Writes the index of reports/ where the bundle lies there; elsewhere nothing is ours."""
    from initlab.report.record import INDEX

    reports = Path("reports").resolve()
    if bundle.resolve().parent == reports and (again or not (reports / INDEX).exists()):
        from initlab.report.index import write_index

        write_index(reports, partial(typer.echo, err=True))


def _relative(path: Path) -> Path:
    """Returns a path below the current folder without what leads to it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
