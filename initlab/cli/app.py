"""The application that commands are registered with."""

from typing import Annotated

import typer

from initlab import __version__

app = typer.Typer(
    help="A laboratory for the initialization of neural networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would triple the time that --help takes
)


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
