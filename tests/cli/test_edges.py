"""Results folders with something wrong inside: a message, an exit code, and nothing lost."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from initlab.spec.load import load_sweep
from initlab.spec.plan import make_plan
from initlab.store.folder import open_results

from ..store.sample import publish_sample
from .terminal import ROOT, files, initlab

# The superuser reads and writes everywhere; without these two powers it is as any user.
POWERS = "--bounding-set=-dac_override,-dac_read_search"
AS_USER = ["setpriv", POWERS] if os.geteuid() == 0 else []
needs_modes = pytest.mark.skipif(
    bool(AS_USER) and shutil.which("setpriv") is None, reason="the superuser minds no file mode"
)
WRITERS = (("run", "demo", "--results", "out"), ("work", "demo", "--results", "out"))
READERS = (
    ("plan", "demo", "--results", "out"),
    ("status", "demo", "--results", "out"),
    ("report", "demo", "--results", "out"),
    ("verify", "out"),
)


def as_user(*words, folder):
    """Runs a command that file modes bind."""
    done = subprocess.run(
        [*AS_USER, sys.executable, "-m", "initlab", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def out(here):
    """The results folder `out` of the experiment `demo`, with one committed group."""
    path = open_results(here / "out", experiment="demo", create=True).path
    publish_sample(path)
    return path


@pytest.fixture
def closed(out):
    """Takes permissions from folders, and gives them back at the end."""
    changed = []

    def close(name, mode):
        folder = out / name
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        changed.append(folder)

    yield close
    for folder in changed:
        folder.chmod(0o755)


@pytest.mark.parametrize("words", [*READERS, *WRITERS], ids=" ".join)
def test_a_file_in_place_of_the_groups_is_refused(here, words):
    open_results(here / "out", experiment="demo", create=True)
    (here / "out" / "groups").write_text("mine")
    before = files(here)
    code, out, errors = initlab(*words, folder=here)
    assert (code, out) == (2, "")
    assert errors in (
        "initlab: out/groups, where the committed groups lie, cannot be read: Not a directory. "
        "Make it readable, or restore it from a copy.\n",
        "initlab: out/groups is no folder, and results need one there. Nothing was written; move "
        "it away, or give another folder with --results.\n",
    )
    assert files(here) == before
    assert (here / "out" / "groups").read_text() == "mine"


@needs_modes
@pytest.mark.parametrize(
    ("words", "mode"), [*((words, 0o000) for words in READERS), (READERS[-1], 0o600)]
)
def test_groups_that_cannot_be_read_are_not_none(here, closed, words, mode):
    closed("groups", mode)
    code, out, errors = as_user(*words, folder=here)
    assert (code, out) == (2, "")
    assert errors == (
        "initlab: out/groups, where the committed groups lie, cannot be read: Permission denied. "
        "Make it readable, or restore it from a copy.\n"
    )


@needs_modes
@pytest.mark.parametrize(
    ("words", "name"),
    [
        *((WRITERS[0], name) for name in ("", "groups", "locks", "failures", "quarantine")),
        (WRITERS[1], "locks"),
    ],
)
def test_a_folder_that_cannot_be_written_to_is_told_before_anything_runs(here, closed, words, name):
    closed(name, 0o500)
    before = files(here)
    code, out, errors = as_user(*words, folder=here)
    assert (code, out) == (2, "")
    where = f"out/{name}" if name else "out"
    assert errors == (
        f"initlab: {where} cannot be written to. Nothing was written; give another folder with "
        "--results.\n"
    )
    assert files(here) == before


def test_a_stray_file_among_the_groups_is_told_and_left_alone(here, out):
    stray = out / "groups" / "notes.txt"
    stray.write_text("mine")
    line = (
        "out/groups/notes.txt is no group, and nothing else belongs there. It is left alone; move "
        "it away."
    )
    code, said, _ = initlab("verify", "out", "--json", folder=here)
    assert (code, json.loads(said)["faults"]) == (1, [line])
    code, said, _ = initlab("status", "demo", "--results", "out", folder=here)
    assert (code, f"  {line}\n" in said) == (0, True)
    assert stray.read_text() == "mine"


def test_a_sweep_goes_on_beside_a_stray_file(here, out):
    stray = out / "groups" / "notes.txt"
    stray.write_text("mine")
    for group in make_plan(load_sweep("demo").runs).groups:
        publish_sample(out, group.group_id, [run.run_id for run in group.runs])
    code, said, _ = initlab("run", "demo", "--results", "out", folder=here)
    assert code == 0
    assert said.splitlines() == [
        "out/groups/notes.txt is no group, and nothing else belongs there. It is left alone; move "
        "it away.",
        "demo: 4 of 4 runs done, nothing to do (out)",
    ]
    assert stray.read_text() == "mine"
