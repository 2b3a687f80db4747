"""Lines of a shell that documents show: each is one that its program would take."""

import re
import shlex
from collections.abc import Iterator

import typer.main

from benchmarks.__main__ import parser
from initlab.cli import app

from .blocks import ROOT, Block

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
TARGETS = set(re.findall(r"^\.PHONY:(.*)$", MAKEFILE, re.MULTILINE)[0].split())
VARIABLES = set(re.findall(r"^([A-Z]+) \?=", MAKEFILE, re.MULTILINE))
COMMANDS = typer.main.get_command(app).commands
# What no test starts, and why.
LEFT_ALONE = {
    "apt-get": "asks an archive of packages",
    "dpkg-deb": "unpacks what that gave",
    "uv": "asks an index of packages",
}


def commands(text: str) -> Iterator[list[str]]:
    """Yields the words of each command; a quote may reach over lines, a variable is put in."""
    pending, variables = "", {}
    for line in text.splitlines():
        pending += f"{line}\n"
        try:
            words = shlex.split(pending, comments=True)
        except ValueError:  # a quote is open
            continue
        pending = ""
        name, equals, value = words[0].partition("=") if words else ("", "", "")
        if equals and len(words) == 1:
            variables[f"${name}"] = shlex.split(value)
        elif words:
            yield variables.get(words[0], words[:1]) + words[1:]
    assert not pending, f"a quote stays open: {pending}"


def check(block: Block) -> None:
    """Checks that each command of a block would be accepted."""
    for words in commands(block.text):
        _check(words)


def _check(words: list[str]) -> None:
    match words:
        case ["initlab", name, *rest]:
            assert COMMANDS[name].make_context(name, rest)
        case ["make", *rest]:
            given = {word.partition("=")[0] for word in rest if "=" in word}
            assert given <= VARIABLES, words
            assert {word for word in rest if "=" not in word} <= TARGETS, words
        case ["python", "-m", "benchmarks", *rest]:
            assert parser().parse_args(rest)
        case ["python", script, *_]:
            assert (ROOT / script).is_file(), script
        case [program, *rest]:
            assert program in LEFT_ALONE, f"nothing says what becomes of {words}"
            named = [word for word in rest if word.startswith("requirements/")]
            assert [name for name in named if not (ROOT / name).is_file()] == []
