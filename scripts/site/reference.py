"""The reference: every command and every column of the tables, as the code has them."""

import pyarrow as pa
import typer
from typer.testing import CliRunner

from initlab.cli import app
from initlab.store.schema import FIXED_SCHEMAS, RUNS_LEADING

_WIDTH = "100"


def commands() -> str:
    """Returns the page of all commands: what `--help` prints of each."""
    runner = CliRunner(env={"COLUMNS": _WIDTH, "TERMINAL_WIDTH": _WIDTH})
    lines = ["# Reference of commands", "", "What `initlab COMMAND --help` prints.", ""]
    for name in sorted(typer.main.get_command(app).commands):
        shown = runner.invoke(app, [name, "--help"], prog_name="initlab")
        if shown.exit_code:
            raise RuntimeError(f"initlab {name} --help ended with {shown.exit_code}.")
        lines += [f"## initlab {name}", "", "```text", shown.output.strip(), "```", ""]
    return "\n".join(lines)


def tables() -> str:
    """Returns the page of all columns of the tables of results, with their types."""
    lines = ["# Reference of tables", ""]
    lines += ["[storage.md](../storage.md) says how they lie on the disk, "]
    lines += ["[statistics.md](../statistics.md) what each statistic is.", ""]
    for name, schema in {"runs": RUNS_LEADING, **FIXED_SCHEMAS}.items():
        lines += [f"## `{name}`", "", "| column | type | null |", "|---|---|---|"]
        lines += [f"| `{column.name}` | {column.type} | {_null(column)} |" for column in schema]
        lines += [""]
        if name == "runs":
            lines += [
                "After these every [field of a run](../spec.md), null where it was not chosen.",
                "",
            ]
    return "\n".join(lines)


def _null(column: pa.Field) -> str:
    return "where it was not measured" if column.nullable else "never"
