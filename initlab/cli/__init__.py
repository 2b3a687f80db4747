"""The command line: parse, call, print. Heavy imports lie inside the commands."""

import os
import sys

# Importing a module of commands registers them.
from initlab.cli import asking, exporting, querying, replaying, reporting, running, theorizing
from initlab.cli.app import app
from initlab.engines.printable import printable
from initlab.errors import InitlabError

__all__ = [
    "app",
    "asking",
    "exporting",
    "main",
    "querying",
    "replaying",
    "reporting",
    "running",
    "theorizing",
]


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
