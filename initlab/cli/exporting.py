"""The command that writes results for other tools: export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from initlab.analysis.numbers import counted
from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.arguments import say
from initlab.cli.telling import telling

if TYPE_CHECKING:
    from initlab.exports.base import Format


@app.command()
def export(
    experiment: arguments.Experiment,
    to: Annotated[
        str,
        typer.Option("--to", help="csv, tensorboard, wandb-offline or xarray.", metavar="FORMAT"),
    ],
    results: arguments.ResultsOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A new folder.  [default: exports/<name>/<format>]"),
    ] = None,
    statistics: Annotated[
        list[str] | None,
        typer.Option(
            "--statistics",
            metavar="NAME",
            help="A column of the table layers, as often as needed.  [default: all; for "
            "tensorboard and wandb-offline the two second moments]",
        ),
    ] = None,
    set_: arguments.SetOption = None,
    seeds: arguments.SeedsOption = None,
) -> None:
    """Write a sweep's results in the format of another tool.

    Example: initlab export signal_propagation --to csv
    """
    from initlab.exports.base import export as export_to
    from initlab.store.query import load_results

    kind = _format(to)
    sweep = arguments.read_sweep(experiment, set_, seeds, results)
    command = arguments.command_line("run", experiment, results, set_, seeds)
    target = arguments.results_folder(results, sweep)
    arguments.open_folder(target, sweep.name, create=False, command=command)
    folder = out or Path("exports") / sweep.name / to
    with telling() as tell:
        tell("checking the results")
        with arguments.refusing():
            found = load_results(target).only([run.run_id for run in sweep.runs])
        if not found.committed:
            raise arguments.Refused(
                f"{target} holds none of the {counted(len(sweep), 'run')} that {sweep.name} "
                "declares: give the --set and --seeds that they were made with, or run the sweep."
            )
        tell(f"writing {counted(len(found.committed), 'run')}")
        export_to(found, to, kind, folder, statistics)
    say(f"{sweep.name}: {counted(len(found.committed), 'run')} written to {folder}")


def _format(name: str) -> "Format":
    from initlab.exports import FORMATS

    if name not in FORMATS:
        raise arguments.Refused(f"`--to` takes {', '.join(FORMATS)}, got {name!r}.")
    return FORMATS[name]
