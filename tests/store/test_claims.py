import errno
import os
import subprocess
import sys

import pytest

from initlab.errors import BusyError, StoreError
from initlab.store.claims import claim, exclusive, shared

HOLDER = """
import sys
from pathlib import Path
from initlab.store import claims
held = getattr(claims, sys.argv[2])(Path(sys.argv[1]), *sys.argv[3:])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(results, publisher):
    """Starts another process that takes a lock and holds it until it is killed."""
    running = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, results, *arguments],
            env=publisher[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_claim_excludes_and_ends_with_its_block(results):
    with claim(results, "group-a") as held:
        assert held is not None
        assert claim(results, "group-a") is None
        with claim(results, "group-b"):
            pass
    again = claim(results, "group-a")
    assert again is not None
    again.release()
    again.release()


def test_claim_of_a_killed_process_is_free(results, holder):
    process = holder("claim", "group-a")
    assert claim(results, "group-a") is None
    process.kill()
    process.wait()
    with claim(results, "group-a") as held:
        assert held is not None


def test_exclusive_driver_refuses_another_and_names_it(results, holder):
    process = holder("exclusive")
    for drive in (exclusive, shared):
        with pytest.raises(
            BusyError, match=rf"another driver \(process {process.pid} on .*\) holds .*demo\. Wait"
        ) as caught:
            drive(results)
    assert caught.value.exit_code == 75
    process.kill()
    process.wait()
    with exclusive(results):
        pass


def test_shared_drivers_go_together_and_keep_an_exclusive_one_out(results, holder):
    with exclusive(results):
        pass
    holder("shared")
    with shared(results), pytest.raises(BusyError, match=r"another driver holds .*demo\. Wait"):
        exclusive(results)


@pytest.mark.parametrize("name", ["../x", "x\n", "", ".driver"])
def test_claim_of_a_bad_name_is_refused(results, name):
    with pytest.raises(StoreError, match="is not a valid group id"):
        claim(results, name)


def test_linked_lock_is_refused(results, tmp_path):
    (results / "locks").mkdir()
    (results / "locks" / "group-a.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="cannot be locked: Too many levels of symbolic links"):
        claim(results, "group-a")
    assert not (tmp_path / "elsewhere").exists()


def test_file_system_without_locks_is_named(results, monkeypatch):
    def none(descriptor, kind):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", none)
    with pytest.raises(StoreError, match=r"cannot be locked: No locks available\. Keep results on"):
        claim(results, "group-a")
