"""make in a copy of the project whose commands write their arguments down."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORDER = """#!/bin/sh
printf '%s\\n' "$(basename "$0")" "$@" >> calls
echo >> calls
[ "$1" != run ] || exit "${RUN_STATUS:-0}"
"""


def write_script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    assert program is not None, "GNU make is not installed"
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)} | environment,
        capture_output=True,
        text=True,
    )


def calls(folder: Path) -> list[list[str]]:
    """Returns the commands that ran, in order, as words."""
    path = folder / "calls"
    text = path.read_text() if path.exists() else ""
    return [call.split("\n") for call in text.split("\n\n")[:-1]]
