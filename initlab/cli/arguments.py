"""What several commands share: their arguments, and what these stand for."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from initlab.analysis.numbers import counted
from initlab.engines.printable import printable
from initlab.errors import InitlabError, StoreError

if TYPE_CHECKING:
    from initlab.spec.sweep import Sweep
    from initlab.store.folder import ResultsFolder

Experiment = Annotated[
    str,
    typer.Argument(
        help="A folder's name under experiments/, or the path of one, or of a TOML file in it."
    ),
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


def read_sweep(
    experiment: str, overrides: list[str] | None, seeds: int | None, results: Path | None
) -> "Sweep":
    """Reads and validates a sweep, and names the checkpoints that it starts from."""
    from initlab.spec.load import load_sweep

    sweep = load_sweep(experiment, overrides=overrides or (), seeds=seeds)
    if not sweep.is_pretrained:
        return sweep
    from initlab.store.pretrained import Pretraining

    target = results_folder(results, sweep)
    bound = Pretraining(target).bound(sweep)
    if not (bound.unmet and (source := source_run(sweep, target))):
        return bound
    command = command_line("run", *source, None, seeds)
    return replace(bound, unmet=(*bound.unmet, f"`{command}` makes them."))


def source_run(sweep: "Sweep", target: Path) -> tuple[str, Path] | None:
    """Returns the sweep that makes a sweep's checkpoints, and the results folder that it has.

    None where no file beside the sweep declares it.
    """
    from initlab.spec.load import source_of, sweep_name

    path = source_of(sweep)
    return None if path is None else (str(path), target.parent / sweep_name(path))


def require_checkpoints(sweep: "Sweep", target: Path) -> None:
    """Refuses a sweep whose checkpoints are missing, altered or of other models."""
    if sweep.is_pretrained:
        from initlab.store.pretrained import Pretraining

        Pretraining(target).require(sweep)


def command_line(
    command: str,
    experiment: str,
    results: Path | None,
    overrides: list[str] | None,
    seeds: int | None,
) -> str:
    """Returns what a person types to have a command look at the same runs in the same place."""
    words = ["initlab", command, experiment]
    words += ["--results", str(results)] if results is not None else []
    words += [word for override in overrides or () for word in ("--set", override)]
    words += ["--seeds", str(seeds)] if seeds is not None else []
    return shlex.join(words)


def results_folder(results: Path | None, sweep: "Sweep") -> Path:
    """Returns the results folder that was asked for, or the sweep's default one."""
    return results or Path("results") / sweep.name


@contextmanager
def refusing() -> Iterator[None]:
    """Makes bad usage of a folder that cannot be used."""
    try:
        yield
    except (StoreError, PermissionError) as error:
        raise Refused(str(error)) from error


def open_folder(folder: Path, name: str, *, create: bool, command: str = "") -> "ResultsFolder":
    """Opens the results folder of an experiment."""
    from initlab.store.folder import open_results

    with refusing():
        return open_results(folder, experiment=name, create=create, command=command)


def read_results(folder: Path) -> "ResultsFolder":
    """Opens a results folder, of whichever experiment."""
    from initlab.store.folder import read_folder

    with refusing():
        return read_folder(folder)


def committed(folder: Path, name: str) -> frozenset[str]:
    """Returns the runs that a results folder holds, none where there is no folder yet."""
    from initlab.store.folder import committed_runs

    with refusing():
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return frozenset()
        opened = open_folder(folder, name, create=False)
        return frozenset(committed_runs(opened.path).committed)


def stray(path: Path) -> str:
    """Returns a line on what lies among the groups and is none."""
    return f"{path} is no group, and nothing else belongs there. It is left alone; move it away."


def exclusions(sweep: "Sweep") -> list[str]:
    """Returns a line for each `[[exclude]]` of a sweep: how many runs it left out."""
    return [
        f"exclude[{index}] ({one.fields}) "
        + (f"left out {counted(one.runs, 'run')}" if one.runs else "fits no declared run")
        for index, one in enumerate(sweep.excluded)
    ]


def say(text: str) -> None:
    """Prints a line, without what would command a terminal."""
    typer.echo(printable(text))
