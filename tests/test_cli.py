"""The commands: what they print, where, and with which exit code they end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from initlab.cli import app
from initlab.engines.printable import printable
from initlab.store import claims
from initlab.store.failures import record_failure
from initlab.store.folder import open_results

ROOT = Path(__file__).parent.parent
COMMANDS = ("data", "list", "plan", "run", "status", "work")
JSON = ("data", "list", "plan", "status")
HOSTILE = "a\x1b[2Jb\u202ec"
TOML = """question = "Does it work?"
seeds = 2
[base]
depth = 2
width = 8
[axes]
activation = ["relu", "tanh"]
"""


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


def inside(*words):
    """Runs a command in this process, where the heavy imports are paid for once."""
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments" / "demo").mkdir(parents=True)
    (tmp_path / "experiments" / "demo" / "sweep.toml").write_text(TOML)
    return tmp_path


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


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


def test_list_shows_experiments_and_the_faults_of_broken_ones(here):
    assert initlab("list", folder=here)[:2] == (
        0,
        "demo                        4 runs  Does it work?\n",
    )
    (here / "experiments" / "bad").mkdir()
    (here / "experiments" / "bad" / "sweep.toml").write_text("seeds = 0\n")
    code, out, errors = initlab("list", "--json", folder=here)
    assert code == 2
    assert json.loads(out) == [{"name": "demo", "question": "Does it work?", "runs": 4}]
    assert errors == (
        "initlab: experiments/bad/sweep.toml: question: is missing.\n"
        "experiments/bad/sweep.toml: seeds: must be at least 1, got 0.\n"
    )


def test_plan_tells_the_cost_and_writes_nothing(here):
    before = files(here)
    plan = json.loads(inside("plan", "demo", "--seeds", "3", "--json"))
    assert {key: plan[key] for key in ("experiment", "runs", "groups", "programs")} == {
        "experiment": "demo",
        "runs": 6,
        "groups": 2,
        "programs": 2,
    }
    out = inside("plan", "demo")
    assert out.splitlines()[0] == "demo: Does it work?"
    assert [line.split()[:2] for line in out.splitlines()[1:3]] == [["runs", "4"], ["groups", "2"]]
    assert files(here) == before


def test_status_of_no_folder_says_how_to_make_one(here):
    for words in ((), ("--json",)):
        code, out, errors = initlab("status", "demo", *words, folder=here)
        assert (code, out) == (2, "")
        assert errors == (
            "initlab: results/demo does not exist. Make results with `initlab run EXPERIMENT "
            "--results results/demo`, or give the folder that holds groups/.\n"
        )
    assert not (here / "results").exists()


def test_status_counts_runs_and_failures(here):
    results = open_results(here / "out", experiment="demo", create=True).path
    record_failure(results, "g1", error=f"ValueError: {HOSTILE}", attempt=2)
    assert inside("status", "demo", "--results", "out") == (
        "demo: 0 of 4 runs committed\n"
        "  left: 4 runs in 2 groups\n"
        f"  group g1 failed: ValueError: {printable(HOSTILE)}\n"
    )
    assert json.loads(inside("status", "demo", "--results", "out", "--json")) == {
        "experiment": "demo",
        "runs": 4,
        "committed": 0,
        "not_in_spec": 0,
        "groups_left": 2,
        "damaged_groups": [],
        "failed_groups": ["g1"],
    }


def folder_of_another(here):
    open_results(here / "out", experiment="other", create=True)
    return (
        "out holds results of the experiment 'other', not of 'demo'. "
        "Give another folder with --results."
    )


def folder_of_something_else(here):
    (here / "out").mkdir()
    (here / "out" / "thesis.txt").write_text("mine")
    return (
        "out is no results folder: it holds 'thesis.txt' and no results.json. Nothing was written; "
        "give an empty or a new folder with --results."
    )


def a_file(here):
    (here / "out").write_text("mine")
    return "out is a file or lies in one, so it cannot hold results."


@pytest.mark.parametrize("command", ["run", "work"])
@pytest.mark.parametrize("make", [folder_of_another, folder_of_something_else, a_file])
def test_a_folder_that_cannot_take_results_is_refused_unchanged(here, make, command):
    message = make(here)
    before = files(here)
    code, out, errors = initlab(command, "demo", "--results", "out", folder=here)
    assert (code, out, errors) == (2, "", f"initlab: {message}\n")
    assert files(here) == before


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda out: None, "out does not exist. "),
        (lambda out: out.mkdir(), "out is no results folder (no results.json). "),
        (lambda out: out.touch(), "out is a file, not a results folder."),
        (
            lambda out: (out.mkdir(), (out / "results.json").symlink_to("/etc/passwd")),
            "out/results.json cannot be read: a symbolic link.",
        ),
    ],
)
def test_verify_of_what_holds_no_results_is_bad_usage(here, make, fault):
    make(here / "out")
    code, out, errors = initlab("verify", "out", "--json", folder=here)
    assert (code, out) == (2, "")
    assert errors.startswith(f"initlab: {fault}")


def test_an_empty_folder_can_be_planned_for(here):
    (here / "out").mkdir()
    assert json.loads(inside("plan", "demo", "--results", "out", "--json"))["runs"] == 4


def test_help_fits_a_terminal_of_eighty_columns(here):
    _, out, _ = initlab("--help", folder=here, COLUMNS="80")
    assert "..." not in out.partition("Commands:")[2]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_is_read_only_is_refused(here):
    (here / "out").mkdir(mode=0o500)
    code, out, errors = initlab("run", "demo", "--results", "out", folder=here)
    assert (code, out) == (2, "")
    assert "out cannot be written to. Nothing was written" in errors


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "demo", "--set", "depth=0"), "axes"),
        (("run", "nothing"), "no experiment 'nothing'"),
        (("run", "demo", "--seeds", "0"), "--seeds"),
        (("run", "demo", "--sed", "3"), "--sed"),
        (("run",), "experiment"),
        (("walk",), "walk"),
        (("plan", "demo", "--json", "--set", "depth"), "must have the form key=value"),
    ],
)
def test_bad_usage_ends_with_two_and_leaves_no_trace(here, words, message):
    before = files(here)
    code, out, errors = initlab(*words, folder=here)
    assert (code, out) == (2, "")
    assert message in errors.replace("base.depth", "axes")
    assert "Traceback" not in errors
    assert files(here) == before


def test_an_exclusive_driver_keeps_others_out(here):
    path = open_results(here / "out", experiment="demo", create=True).path
    with claims.shared(path):
        code, out, errors = initlab("run", "demo", "--results", "out", "--exclusive", folder=here)
    assert (code, out) == (75, "")
    assert errors == (
        "initlab: another driver holds out. Wait until it ends or stop it; drivers share a sweep "
        "when none of them was started with --exclusive.\n"
    )


def test_no_name_commands_the_terminal(tmp_path):
    folder = tmp_path / "experiments" / HOSTILE
    folder.mkdir(parents=True)
    (folder / "sweep.toml").write_text(TOML.replace("work?", "work\\u001b[2J?"))
    for words in (
        ("list",),
        ("status", HOSTILE),
        ("plan", f"{HOSTILE}!"),
        ("plan", HOSTILE, "--set", f"{HOSTILE}=3"),
        ("plan", HOSTILE, "--set", f"activation={HOSTILE}"),
    ):
        _, out, errors = initlab(*words, folder=tmp_path)
        assert printable(out + errors) == out + errors, words


def test_plan_and_status_never_run_the_authors_file(here):
    parts = 'open("was_run", "w").close()\nACTIVATIONS = {"bent": abs}\n'
    (here / "experiments" / "demo" / "parts.py").write_text(parts)
    open_results(here / "results" / "demo", experiment="demo", create=True)
    inside("plan", "demo", "--set", "activation=bent")
    inside("status", "demo", "--set", "activation=bent")
    inside("list")
    assert not list(here.rglob("was_run"))


def test_data_names_every_set_with_its_source():
    sets = json.loads(inside("data", "--json"))
    assert [(one["name"], one["train"], one["test"]) for one in sets] == [
        ("digits", 1437, 360),
        ("fashion", 5000, 1000),
    ]
    for one in sets:
        assert one["licence"]
        assert one["source"]
        assert len(one["sha256"]) == 64
    assert inside("data").startswith("digits     1437 + 360 images 8x8x1, CC BY 4.0")


def test_a_closed_pipe_is_no_error(here):
    command = f"{sys.executable} -m initlab list | true"
    done = subprocess.run(["sh", "-c", command], cwd=here, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_every_command_is_documented_and_every_example_is_accepted():
    text = (ROOT / "docs" / "commands.md").read_text()
    commands = typer.main.get_command(app).commands
    assert set(re.findall(r"^\| `initlab (\w+)`", text, re.MULTILINE)) == set(commands)
    examples = re.findall(r"^initlab (.*)$", text, re.MULTILINE)
    assert {example.split()[0] for example in examples} == set(commands)
    for example in examples:
        name, *words = example.split()
        assert commands[name].make_context(name, words)
    for code in (0, 1, 2, 75, 130, 143):
        assert f"\n| {code} | " in text
