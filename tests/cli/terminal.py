"""Commands as a person types them, in a process of their own or inside this one."""

import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from initlab.cli import app

ROOT = Path(__file__).parents[2]


def initlab(*words, folder, **environment):
    """Runs a command in `folder` and returns its exit code, its output and its errors."""
    done = subprocess.run(
        [sys.executable, "-m", "initlab", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


def inside(*words, errors=False):
    """Runs a command in this process, where the heavy imports are paid for once.

    Returns its output; with `errors`, its output and what it said on standard error.
    """
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    if errors:
        return done.stdout, done.stderr
    assert done.stderr == ""
    return done.stdout


def files(folder):
    """Returns the path of everything in a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
