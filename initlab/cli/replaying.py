"""The command that runs one run again: replay."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from initlab.analysis.numbers import counted
from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.arguments import say

if TYPE_CHECKING:
    from initlab.spec.schema import RunSpec
    from initlab.spec.sweep import Sweep


@app.command()
def replay(
    run_id: Annotated[str, typer.Argument(help="The run, as in the table `runs`.")],
    results: Annotated[
        Path | None,
        typer.Option("--results", help="The results that hold it.  [default: one of results/]"),
    ] = None,
    experiment: Annotated[
        str | None,
        typer.Option("--experiment", help="The experiment.  [default: the results' own]"),
    ] = None,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
) -> None:
    """Run one run again and compare its numbers.

    They are to be those recorded, to the last bit where versions and device are those recorded
    too; elsewhere the statistics of step 0 and the predictions, to a thousandth.
    Example: initlab replay eae26c5fa5352260
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    folder = results or _holder(run_id)
    opened = arguments.read_results(folder)
    sweep = arguments.read_sweep(experiment or opened.experiment, set_, seeds, folder)
    run = _run(sweep, run_id)
    from initlab.store.query import load_results
    from initlab.train.devices import configure

    recorded = load_results(folder)
    if run_id not in recorded.committed:
        raise arguments.Refused(f"{folder} holds no run {run_id!r}.")
    configure(cache=True)
    from initlab.replay import replay as run_again

    found = run_again(sweep, run, recorded)
    for line in (*found.elsewhere, *found.faults):
        say(line)
    roughly = "the statistics of step 0 and the predictions, to a thousandth"
    compared = roughly if found.elsewhere else "to the last bit"
    verdict = "NOT the same" if found.faults else "the same"
    say(f"{run_id}: {counted(found.numbers, 'number')} {verdict}, compared {compared}")
    raise typer.Exit(1 if found.faults else 0)


def _holder(run_id: str) -> Path:
    """Returns the folder of `results/` that holds a run."""
    from initlab.errors import StoreError
    from initlab.store.folder import committed_runs, read_folder

    for folder in sorted(Path("results").glob("*")):
        try:
            read_folder(folder)
        except StoreError:
            continue
        if run_id in committed_runs(folder).committed:
            return folder
    raise arguments.Refused(
        f"no results folder in {Path('results')} holds a run {run_id!r}. Name the folder with "
        "--results DIR; the table `runs` has the ids."
    )


def _run(sweep: "Sweep", run_id: str) -> "RunSpec":
    for run in sweep.runs:
        if run.run_id == run_id:
            return run
    raise arguments.Refused(
        f"{sweep.name} declares no run {run_id!r} now: give the --set and --seeds that it was made "
        "with, or the specification with --experiment FOLDER; a report's bundle has it in "
        "experiment/."
    )
