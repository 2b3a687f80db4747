"""The command that asks results in SQL: sql."""

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from initlab.analysis.numbers import counted
from initlab.cli import arguments
from initlab.cli.app import app
from initlab.cli.arguments import say

if TYPE_CHECKING:
    from initlab.store.query import Results
    from initlab.store.sql import Answer


@app.command()
def sql(
    query: Annotated[
        str, typer.Argument(help="A SELECT on the tables runs, steps, layers and predictions.")
    ],
    results: Annotated[
        Path | None,
        typer.Option("--results", help="The results folder.  [default: the only one in results/]"),
    ] = None,
    csv_: Annotated[bool, typer.Option("--csv", help="Print the answer as CSV.")] = False,
    json_: arguments.JsonOption = False,
) -> None:
    """Ask results in SQL: DuckDB, of verified files alone.

    Example: initlab sql "SELECT initializer, count(*) AS runs FROM runs GROUP BY ALL"
    """
    from initlab.store.query import load_results
    from initlab.store.sql import ask

    if csv_ and json_:
        raise arguments.Refused("--csv and --json exclude one another: give one of them.")
    folder = results or _only_results()
    with arguments.refusing():
        loaded = load_results(folder)
    answer = ask(loaded, query)
    _tell_others(loaded)
    if json_:
        rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
        typer.echo(json.dumps(rows, default=str, allow_nan=False))
    elif csv_:
        typer.echo(_csv(answer), nl=False)
    else:
        for line in _aligned(answer):
            say(line)


def _tell_others(loaded: "Results") -> None:
    """Says on standard error how many of the runs another sweep made than the declared one.

    Nothing where experiments/ holds none of this name, or one that cannot be read.
    """
    from initlab.errors import InitlabError
    from initlab.spec.load import EXPERIMENTS

    if not (EXPERIMENTS / loaded.experiment / "sweep.toml").is_file():
        return
    with suppress(InitlabError):
        sweep = arguments.read_sweep(loaded.experiment, None, None, loaded.path)
        others = len(set(loaded.committed) - {run.run_id for run in sweep.runs})
        if others:
            typer.echo(
                f"{others} of {counted(len(loaded.committed), 'run')} are not of the sweep that "
                f"{EXPERIMENTS / loaded.experiment} declares",
                err=True,
            )


def _only_results() -> Path:
    """Returns the results folder that lies in results/ by itself."""
    from initlab.store.folder import MARKER

    found = sorted(marker.parent for marker in Path("results").glob(f"*/{MARKER}"))
    if len(found) == 1:
        return found[0]
    there = ", ".join(map(str, found)) or "none"
    raise arguments.Refused(
        f"results/ must hold one results folder for `sql` to take, and it holds: {there}. Name one "
        "with --results DIR."
    )


def _plain(value: Any) -> Any:
    """Returns a value as JSON has it: no number is NaN or an infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _csv(answer: "Answer") -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(map(_harmless, row) for row in (answer.columns, *answer.rows))
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """Returns a cell that no spreadsheet computes and that commands no terminal."""
    from initlab.report.text import guard_formula, one_line

    return guard_formula(one_line(value)) if isinstance(value, str) else value


def _aligned(answer: "Answer") -> list[str]:
    """Returns the lines of a table for reading, numbers to the right, null as nothing."""
    cells = [["" if value is None else str(value) for value in row] for row in answer.rows]
    columns = list(zip(answer.columns, *cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [
        any(isinstance(row[place], int | float) for row in answer.rows)
        for place in range(len(columns))
    ]
    return [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in (answer.columns, *cells)
    ]
