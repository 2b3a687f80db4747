"""The publisher killed at, and refused, each system call that changes the disk."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from initlab.store.verify import clean_temporaries, verify_group

from .conftest import ROOT
from .sample import publish_sample

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

# More than the publisher makes of any of these; a loop that reaches it is not counting them.
LIMIT = 40
NEVER_TRACED = 3


@pytest.fixture(scope="module")
def server():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.serve"],
        cwd=ROOT,
        # A process that forks must have no other threads.
        env={
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "JE_ARROW_MALLOC_CONF": "background_thread:false",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


def _publish(server, results, call, fault):
    """Returns the exit code and error of a publisher to whom `fault` happens at `call`."""
    print(results, file=server.stdin, flush=True)
    child = server.stdout.readline().strip()
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}"]
    tracer = subprocess.Popen(
        ["strace", "-f", "-qqq", "-o", "/dev/null", *inject, "-p", child],
        stderr=subprocess.PIPE,
        text=True,
    )
    code = int(server.stdout.readline())
    _, complaint = tracer.communicate()
    if code == NEVER_TRACED:
        pytest.skip(f"strace cannot attach here: {complaint.strip()}")
    error = Path(f"{results}.error")
    return code, os.readlink(error) if error.is_symlink() else ""


def _assert_whole_or_absent_and_resumable(results):
    groups = results / "groups"
    visible = [name for name in os.listdir(groups) if name[0] != "."] if groups.exists() else []
    assert visible in ([], ["group-a"])
    for name in visible:
        verify_group(groups / name)
    clean_temporaries(results)
    verify_group(publish_sample(results))
    assert os.listdir(groups) == ["group-a"]
    return bool(visible)


def _fresh(results, label):
    results = results / label
    results.mkdir()
    return results


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("call", "times"), [("rename", 1), ("fsync", 9), ("write", 6), ("mkdir", 2)]
)
def test_killed_at_any_call_a_group_is_whole_or_absent(results, server, call, times):
    for number in range(1, LIMIT):
        folder = _fresh(results, f"kill-{number}")
        code, _ = _publish(server, folder, call, f"signal=SIGKILL:when={number}")
        committed = _assert_whole_or_absent_and_resumable(folder)
        if code == 0:
            assert committed
            break
        assert code == -signal.SIGKILL
    assert number == times + 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ("write", "ENOSPC", "No space left on device"),
        ("fsync", "EIO", "Input/output error"),
        ("mkdir", "ENOSPC", "No space left on device"),
        ("rename", "EDQUOT", "Disk quota exceeded"),
    ],
)
def test_failing_from_any_call_on_a_group_is_whole_or_absent(results, server, call, error, text):
    for number in range(1, LIMIT):
        folder = _fresh(results, f"fail-{number}")
        code, message = _publish(server, folder, call, f"error={error}:when={number}+")
        assert list(folder.glob("groups/.*")) == []
        _assert_whole_or_absent_and_resumable(folder)
        if code == 0:
            break
        assert code == 1
        assert f"could not be written to {folder}/groups/group-a: {text}" in message
    assert 1 < number < LIMIT - 1


def test_group_is_on_the_disk_before_its_name_is(results, publisher, tmp_path):
    command, environment = publisher
    log = tmp_path / "calls"
    calls = "trace=write,fsync,rename"
    subprocess.run(
        ["strace", "-f", "-y", "-o", log, "-e", calls, *command, results],
        env=environment,
        check=True,
    )
    lines = [line for line in log.read_text().splitlines() if str(results) in line]
    names = [line.split("(")[0].split()[-1] for line in lines]
    commit = names.index("rename")
    assert names[:commit] == ["fsync"] + ["write", "fsync"] * 6 + ["fsync"]
    assert "manifest.json" in lines[commit - 2]
    assert names[commit + 1 :] == ["fsync"]
    assert f"{results}/groups>" in lines[-1]
