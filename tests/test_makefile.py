"""The Makefile: what it offers, what it runs, what it refuses and what it leaves alone.

Each test works on a copy in a temporary folder, whose `initlab` and `python` are scripts that
write their arguments down.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
DEFAULTS = {
    "EXPERIMENT": "signal_propagation",
    "SEEDS": "none",
    "SET": "none",
    "RESULTS": "results",
    "PYTHON": "none",
}

RECORDER = """#!/bin/sh
printf '%s\\n' "$(basename "$0")" "$@" >> calls
echo >> calls
[ "$1" != run ] || exit "${RUN_STATUS:-0}"
"""


def write_script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what make reads, with three experiments and an environment that is ready."""
    folder = tmp_path / "copy"
    (folder / ".venv/bin").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for name in ("depth", "smoke", "width"):
        (folder / "experiments" / name).mkdir(parents=True)
        (folder / "experiments" / name / "sweep.toml").touch()
    write_script(folder / ".venv/bin/initlab", RECORDER)
    write_script(folder / ".venv/bin/python", RECORDER)
    (folder / ".venv/stamp").touch()
    return folder


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


def test_help_is_the_default_and_lists_every_target_and_variable(copy):
    shown = make(copy).stdout
    text = (copy / "Makefile").read_text().replace("\\\n", " ")
    phony = re.search(r"^\.PHONY:(.*)$", text, re.MULTILINE)
    assert phony is not None
    assert set(re.findall(r"^  ([a-z-]+) {2,}\S", shown, re.MULTILINE)) == set(phony[1].split())
    assert set(re.findall(r"^([A-Z_]+) \?=", text, re.MULTILINE)) == set(DEFAULTS)
    shown_defaults = re.findall(r"^  ([A-Z]+) +.*\(default: (.*)\)$", shown, re.MULTILINE)
    assert dict(shown_defaults) == DEFAULTS


def test_help_shows_the_default_and_not_the_value_given(copy):
    assert make(copy, "help", "EXPERIMENT=depth").stdout == make(copy).stdout


def test_dry_run_prints_the_commands_and_runs_nothing(copy):
    done = make(copy, "-n", "sweep", "EXPERIMENT=depth", "SEEDS=3", "SET=steps=5 width=8")
    printed = " ".join(shlex.split(done.stdout))
    run = ".venv/bin/initlab run depth --results results/depth --seeds 3"
    assert f"{run} --set steps=5 width=8 ||" in printed
    assert ".venv/bin/initlab report depth --results results/depth --out reports/depth" in printed
    assert calls(copy) == []


def test_every_target_can_be_dry_run_at_once(copy):
    shutil.rmtree(copy / ".venv")
    text = make(copy).stdout.partition("Variables")[0]
    targets = re.findall(r"^  ([a-z-]+) {2,}", text, re.MULTILINE)
    done = make(copy, "-n", "-j", "4", *targets)
    assert done.returncode == 0, done.stderr
    assert not (copy / ".venv").exists()


def test_sweep_runs_the_sweep_and_then_writes_its_report(copy):
    assert make(copy, "-j", "2", "sweep", "RESULTS=/some where").returncode == 0
    name, results = "signal_propagation", "/some where/signal_propagation"
    assert calls(copy) == [
        ["initlab", "run", name, "--results", results],
        ["initlab", "report", name, "--results", results, "--out", f"reports/{name}"],
    ]


def test_an_empty_variable_is_as_one_that_is_not_given(copy):
    make(copy, "sweep")
    given = calls(copy)
    (copy / "calls").unlink()
    assert make(copy, "sweep", "RESULTS= ", "SET= ", "SEEDS=").returncode == 0
    assert calls(copy) == given


def test_overrides_reach_the_command_as_they_were_written(copy):
    law = 'initializer={ name = "normal", stddev = 0.01 }'
    assert make(copy, "sweep", f"SET=steps=5 {law}").returncode == 0
    assert [call[-2:] for call in calls(copy)] == [["--set", f"steps=5 {law}"]] * 2


def test_a_folder_anywhere_is_named_by_its_last_part(copy):
    assert make(copy, "sweep", "EXPERIMENT=/my files/far away/").returncode == 0
    assert [call[1:5] for call in calls(copy)] == [
        ["run", "/my files/far away/", "--results", "results/far away"],
        ["report", "/my files/far away/", "--results", "results/far away"],
    ]


def test_all_means_every_declared_experiment_but_smoke(copy):
    for target in ("sweep", "report", "verify"):
        assert make(copy, target, "EXPERIMENT=all").returncode == 0
    assert [call[1:3] for call in calls(copy)] == [
        ["run", "depth"],
        ["report", "depth"],
        ["run", "width"],
        ["report", "width"],
        ["report", "depth"],
        ["report", "width"],
        ["verify", "results/depth"],
        ["verify", "reports/depth"],
        ["verify", "results/width"],
        ["verify", "reports/width"],
    ]


def test_smoke_ignores_the_choice_of_experiment(copy):
    assert make(copy, "smoke", "EXPERIMENT=depth", "SEEDS=9", "RESULTS=kept").returncode == 0
    assert calls(copy) == [
        ["initlab", "run", "smoke", "--results", "kept/smoke"],
        ["initlab", "report", "smoke", "--results", "kept/smoke", "--out", "reports/smoke"],
    ]


@pytest.mark.parametrize(("status", "commands"), [(1, ["run", "report"] * 2), (2, ["run"])])
def test_a_sweep_with_failed_groups_is_reported_and_still_fails(copy, status, commands):
    done = make(copy, "sweep", "EXPERIMENT=all", RUN_STATUS=str(status))
    assert f"Error {status}" in done.stderr
    assert [call[1] for call in calls(copy)] == commands


def test_no_experiment_is_an_error(copy):
    done = make(copy, "sweep", "EXPERIMENT=")
    assert done.returncode == 2
    assert "EXPERIMENT names no experiment: give a folder of experiments/" in done.stderr
    assert calls(copy) == []


@pytest.mark.parametrize(
    "value",
    [
        "x; touch pwned",
        "x' ; touch pwned ; '",
        'x" ; touch pwned ; "',
        "$(touch pwned)`touch pwned`",
        "$(shell touch pwned)",
        "$$(touch pwned)",
        "x\n\ttouch pwned\n#'",
        "x'\ntouch pwned; : '",
        "x) $(shell touch pwned) && touch pwned \\",
    ],
)
def test_hostile_values_run_nothing(copy, value):
    targets = ["--ignore-errors", "python", "sweep", "report", "verify", "smoke"]
    make(copy, *targets, *(f"{variable}={value}" for variable in DEFAULTS))
    make(copy, *targets, **dict.fromkeys(DEFAULTS, value))
    assert not list(copy.rglob("*pwned*"))
    assert {tuple(call[:2]) for call in calls(copy)} == {
        ("initlab", "run"),
        ("initlab", "report"),
        ("initlab", "verify"),
    }


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder that holds the few tools the search for an interpreter needs, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("cat", "head", "sort"):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


def pretend(path: Path, statement: str) -> None:
    """Writes an interpreter that runs `statement` before the code it is asked to run."""
    code = f"import sys; {statement}; exec(sys.argv.pop(1))"
    words = [sys.executable, "-c", code]
    write_script(path, f'#!/bin/sh\nexec {shlex.join(words)} "$2" "$3"\n')


def test_interpreters_that_fail_are_refused_with_the_reason(copy, bare_path):
    write_script(bare_path / "python3.14", "#!/bin/sh\necho 'no such version' >&2\nexit 127\n")
    pretend(bare_path / "python3.12", "sys.modules['ensurepip'] = None")
    pretend(bare_path / "python3", "sys.version_info = (3, 11, 2)")
    shutil.rmtree(copy / ".venv")
    done = make(copy, "setup", PATH=str(bare_path))
    assert done.returncode == 2
    assert not (copy / ".venv").exists()
    assert done.stderr.startswith(
        "initlab needs Python 3.12 or newer with its venv module, and found none. Tried:\n"
        "  python3.14: it does not run\n"
        "  python3.12: it lacks the venv module\n"
        "  python3: it is Python 3.11\n"
        "Install one (Debian, Ubuntu: apt install python3 python3-venv; "
        "macOS: brew install python;\nanywhere: pyenv install 3.13), "
        "or name one: make setup PYTHON=/path/to/python3\n"
    )


def test_no_interpreter_at_all_is_said_so(copy, bare_path):
    done = make(copy, "python", PATH=str(bare_path))
    assert done.returncode == 2
    assert "Tried: nothing, for\nno python3 is on the path.\n" in done.stderr


def test_a_failing_shim_gives_way_to_the_newest_installed_version(copy, bare_path, tmp_path):
    write_script(bare_path / "python3.13", "#!/bin/sh\nexit 127\n")
    pretend(bare_path / "python3", "pass")
    versions = tmp_path / "pyenv/versions"
    for version in ("3.9.18", "3.12.1", "3.100.0"):
        (versions / version / "bin").mkdir(parents=True)
        pretend(versions / version / "bin/python3", "pass")
    environment = {"PATH": str(bare_path), "PYENV_ROOT": str(tmp_path / "pyenv")}
    assert make(copy, "python", **environment).stdout == f"{versions}/3.100.0/bin/python3\n"


def test_the_interpreter_that_is_named_is_the_only_one_asked(copy, bare_path):
    pretend(bare_path / "python3.13", "pass")
    pretend(bare_path / "my python", "pass")
    path = str(bare_path)
    assert make(copy, "python", "PYTHON=my python", PATH=path).stdout == "my python\n"
    refused = make(copy, "python", "PYTHON=absent", PATH=path)
    assert refused.returncode == 2
    assert "Tried:\n  absent: not found\n" in refused.stderr


@pytest.mark.parametrize("file", ["pyproject.toml", "requirements/dev.txt"])
def test_environment_is_made_again_only_when_the_lock_changes(copy, file):
    assert make(copy, "setup").returncode == 0
    assert calls(copy) == []
    later = (copy / ".venv/stamp").stat().st_mtime + 10
    os.utime(copy / file, (later, later))
    write_script(copy / ".venv/bin/uv", RECORDER)
    assert make(copy, "setup").returncode == 0
    install = ["-m", "pip", "install", "--quiet"]
    assert [call for call in calls(copy) if call[1] != "-c"] == [
        ["python", *install, "--require-hashes", "-r", "requirements/setup.txt"],
        [
            *("uv", "pip", "sync", "--quiet", "--python", ".venv/bin/python"),
            *("--require-hashes", "requirements/dev.txt"),
        ],
        ["python", *install, "--no-deps", "--no-build-isolation", "-e", "."],
    ]


@pytest.mark.parametrize("results", ["results", "reports", "reports/kept", "elsewhere"])
def test_clean_leaves_results_and_the_environment_alone(copy, results):
    kept = [
        copy / results / "depth/groups/0a/manifest.json",
        copy / ".venv/bin/initlab",
        copy / "reports/README.md",
        copy / "experiments/depth/sweep.toml",
    ]
    removed = [
        copy / "reports/width/report.html",
        copy / "experiments/depth/__pycache__/analysis.pyc",
        copy / ".pytest_cache/x",
        copy / ".ruff_cache/x",
        copy / ".mypy_cache/x",
        copy / "dist/initlab.whl",
    ]
    for path in kept + removed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for _ in range(2):
        done = make(copy, "clean", f"RESULTS={results}")
        assert (done.returncode, done.stderr) == (0, "")
    assert [path for path in kept if not path.exists()] == []
    assert [path for path in removed if path.exists()] == []


@pytest.mark.parametrize("lock", ["run", "dev", "setup"])
def test_lock_holds_hashes_and_no_address(lock):
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    hashed = re.findall(r"^[a-z0-9-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(hashed) == len(re.findall(r"^\S", text, re.MULTILINE)) > 0
    assert not re.search(r"://|--index|--find-links|--extra| @ ", text)


def test_lock_fits_every_declared_requirement():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    core, groups = declared["project"]["dependencies"], declared["dependency-groups"]
    tools = [entry for entry in groups["dev"] + groups["setup"] if isinstance(entry, str)]
    for lock, wanted in {"run": core, "dev": core + tools, "setup": groups["setup"]}.items():
        text = (ROOT / f"requirements/{lock}.txt").read_text()
        locked = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))
        for requirement in map(Requirement, wanted):
            assert requirement.name in locked, f"{requirement} is not in requirements/{lock}.txt"
            assert requirement.specifier.contains(locked[requirement.name]), str(requirement)
