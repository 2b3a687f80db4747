"""The environment: which interpreter makes it, when it is made again, what clean leaves."""

import os
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from .recorder import RECORDER, calls, make, write_script


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
        copy / "docs/index.md",
    ]
    removed = [
        copy / "docs/made/gallery.md",
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
