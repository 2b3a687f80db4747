"""What the commands say of themselves, and what docs/commands.md says of them."""

import re

import pytest
import typer.main

from initlab.cli import app

from .terminal import ROOT, initlab

COMMANDS = (
    "compare",
    "data",
    "export",
    "gain",
    "list",
    "plan",
    "predict",
    "replay",
    "report",
    "run",
    "sql",
    "status",
    "verify",
    "work",
)


def test_the_commands_are_these():
    assert set(COMMANDS) <= set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("name", typer.main.get_command(app).commands)
def test_help_of_each_command_shows_an_example(name):
    command = typer.main.get_command(app).commands[name]
    context = typer.Context(command, info_name=f"initlab {name}")
    assert f"Example: initlab {name}" in " ".join(command.get_help(context).split())


def test_help_and_version_are_printed(here):
    code, out, _ = initlab("--help", folder=here)
    assert code == 0
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert initlab("--version", folder=here) == (0, "initlab 0.1.0\n", "")


def test_help_fits_a_terminal_of_eighty_columns(here):
    _, out, _ = initlab("--help", folder=here, COLUMNS="80")
    assert "..." not in out.partition("Commands:")[2]


def test_every_command_is_documented_and_has_an_example():
    text = (ROOT / "docs" / "commands.md").read_text()
    commands = typer.main.get_command(app).commands
    assert set(re.findall(r"^\| `initlab (\w+)`", text, re.MULTILINE)) == set(commands)
    assert set(re.findall(r"^initlab (\w+)", text, re.MULTILINE)) == set(commands)
    for code in (0, 1, 2, 75, 130, 143):
        assert f"\n| {code} | " in text
