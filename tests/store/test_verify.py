import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlab.errors import CorruptShardError, StoreError
from initlab.store import manifest
from initlab.store.claims import claim
from initlab.store.manifest import decode_manifest
from initlab.store.names import boot_id, temporary_name
from initlab.store.verify import clean_temporaries, quarantine, verify_group

from .sample import publish_sample

COVERED = ("runs.parquet", "steps.parquet", "layers.parquet", "arrays.npz", "manifest.json")


def test_no_bit_flip_is_silent(results, forget):
    directory = publish_sample(results)
    contents = {name: (directory / name).read_bytes() for name in COVERED}
    rng = random.Random(0)  # noqa: S311
    for trial in range(300):
        name = COVERED[trial % len(COVERED)]
        flipped = bytearray(contents[name])
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
        (directory / name).write_bytes(flipped)
        forget()
        with pytest.raises(CorruptShardError, match=name):
            verify_group(directory)
        (directory / name).write_bytes(contents[name])
        forget()
        verify_group(directory)


@pytest.mark.parametrize("name", ["steps.parquet", "manifest.json"])
def test_no_truncation_is_silent(results, forget, name):
    directory = publish_sample(results)
    content = (directory / name).read_bytes()
    for length in range(len(content)):
        (directory / name).write_bytes(content[:length])
        forget()
        with pytest.raises(CorruptShardError, match=name):
            verify_group(directory)
    (directory / name).write_bytes(content)
    verify_group(directory)


def test_error_says_what_was_expected_what_was_found_and_what_to_do(results, forget):
    directory = publish_sample(results)
    path = directory / "steps.parquet"
    content = path.read_bytes()
    os.truncate(path, 7)
    with pytest.raises(CorruptShardError) as caught:
        verify_group(directory)
    assert str(caught.value) == (
        f"{path}: expected a file of {len(content)} bytes, found: 7 bytes. Run the sweep again: it "
        "moves the damaged group to quarantine/ and makes it anew. Or restore the group's folder "
        "from a copy."
    )
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(
        CorruptShardError, match=r"expected SHA-256 [0-9a-f]{64}, found: [0-9a-f]{64}"
    ):
        verify_group(directory)
    path.unlink()
    with pytest.raises(CorruptShardError, match="found: No such file or directory"):
        verify_group(directory)
    shutil.rmtree(directory)
    with pytest.raises(CorruptShardError, match="expected a directory, found: No such file"):
        verify_group(directory)


def test_verified_file_is_hashed_again_only_when_it_changes(results, forget, monkeypatch):
    directory = publish_sample(results)
    verify_group(directory)
    monkeypatch.setattr("hashlib.file_digest", None)
    verify_group(directory)
    path = directory / "steps.parquet"
    os.utime(path, ns=(1, 1))
    with pytest.raises(TypeError):
        verify_group(directory)


@pytest.mark.parametrize("name", ["steps.parquet", "manifest.json"])
def test_linked_file_is_refused(results, tmp_path, name):
    directory = publish_sample(results)
    (directory / name).rename(tmp_path / name)
    (directory / name).symlink_to(tmp_path / name)
    with pytest.raises(CorruptShardError, match=rf"{name}: .*found: a symbolic link"):
        verify_group(directory)


def test_linked_group_is_refused(results, tmp_path):
    directory = publish_sample(results)
    directory.rename(tmp_path / "group-a")
    directory.symlink_to(tmp_path / "group-a")
    with pytest.raises(CorruptShardError, match="expected a directory, found: a symbolic link"):
        verify_group(directory)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", ["steps.parquet", "manifest.json"])
def test_pipe_in_place_of_a_file_is_refused_without_waiting(results, name):
    directory = publish_sample(results)
    (directory / name).unlink()
    os.mkfifo(directory / name)
    with pytest.raises(CorruptShardError, match=r"no(t a)? regular file"):
        verify_group(directory)


def _sealed(**changes):
    body = {
        "format": "initlab-group",
        "schema_version": 1,
        "group_id": "group-a",
        "run_ids": [],
        "files": {},
        "provenance": {},
    }
    return manifest._sealed({**body, **changes})


def test_manifest_of_a_newer_initlab_is_not_called_corrupt(results):
    directory = publish_sample(results)
    (directory / "manifest.json").write_bytes(_sealed(schema_version=2))
    with pytest.raises(
        StoreError, match=r"schema version 2 and this initlab reads up to 1\. Up"
    ) as e:
        verify_group(directory)
    assert not isinstance(e.value, CorruptShardError)


def test_manifest_cannot_name_a_file_outside_its_group():
    record = {"size": 1, "sha256": "0" * 64, "rows": None}
    for name in ("../../secret", "/etc/passwd", "a/b", ".."):
        with pytest.raises(ValueError, match="is not one of a file"):
            decode_manifest(_sealed(files={name: record}))
    assert "shard.parquet" in decode_manifest(_sealed(files={"shard.parquet": record})).files


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
fields = st.sampled_from(["format", "schema_version", "group_id", "run_ids", "files", "provenance"])


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_bytes_that_are_no_manifest_raise_value_error(data):
    with pytest.raises(ValueError):
        decode_manifest(data)


@given(field=fields, value=json_values)
def test_sealed_manifest_with_a_strange_field_is_read_or_refused(field, value):
    try:
        data = _sealed(**{field: value})
    except ValueError:
        return
    with suppress(ValueError, StoreError):
        assert decode_manifest(data).encode() == data


def test_deeply_nested_manifest_is_refused():
    with pytest.raises(ValueError, match="cannot be read as JSON"):
        decode_manifest(b"[" * 100_000)


def test_quarantine_keeps_every_damaged_copy(results):
    for number in (1, 2):
        publish_sample(results)
        moved = quarantine(results, "group-a")
        assert moved == results / "quarantine" / f"group-a.{number}"
    assert quarantine(results, "group-a") is None
    assert os.listdir(results / "groups") == []


def test_temporaries_of_the_dead_go_and_those_of_the_living_stay(results):
    groups = results / "groups"
    publish_sample(results)
    finished = subprocess.Popen([sys.executable, "-c", ""])
    finished.wait()
    dead = f".group-b.{finished.pid}.{boot_id()}.tmp"
    other_boot = f".group-b.{os.getpid()}.00000000.tmp"
    claimed = f".group-c.{os.getpid()}.00000000.tmp"
    living = temporary_name("group-b")
    for name in (dead, other_boot, claimed, living, ".not-ours"):
        (groups / name).mkdir()
        (groups / name / "runs.parquet").write_bytes(b"half")
    (results / f".results.json.{finished.pid}.{boot_id()}.tmp").write_bytes(b"half")
    with claim(results, "group-c"):
        removed = clean_temporaries(results)
    assert len(removed) == 3
    assert sorted(os.listdir(groups)) == sorted([claimed, living, ".not-ours", "group-a"])
    assert sorted(os.listdir(results)) == ["groups", "locks", "results.json"]
    verify_group(groups / "group-a")


def test_publisher_replaces_its_own_earlier_leftover(results):
    leftover = results / "groups" / temporary_name("group-a")
    leftover.mkdir(parents=True)
    (leftover / "runs.parquet").write_bytes(b"half")
    publish_sample(results)
    assert os.listdir(results / "groups") == ["group-a"]
