import hashlib
import json
import os
import subprocess

import numpy as np
import pyarrow.parquet as pq
import pytest

from initlab.errors import CorruptShardError, StoreError
from initlab.store.arrays import decode_arrays, encode_arrays
from initlab.store.publish import publish_group
from initlab.store.verify import verify_group

from .sample import publish_sample, sample_tables

FILES = {"runs.parquet", "steps.parquet", "layers.parquet", "arrays.npz", "manifest.json"}


def test_published_group_is_whole_and_nothing_else_is_there(results):
    directory = publish_sample(results)
    manifest = verify_group(directory)
    assert directory == results / "groups" / "group-a"
    assert os.listdir(results / "groups") == ["group-a"]
    assert set(os.listdir(directory)) == FILES | {"timings.json"}
    assert set(manifest.files) == FILES - {"manifest.json"}
    assert manifest.run_ids == ("run-1", "run-2")
    assert manifest.files["layers.parquet"].rows == 12
    assert manifest.provenance == {"version": "0.1.0"}


def test_tables_come_back_equal(results):
    directory = publish_sample(results)
    for name, table in sample_tables().items():
        read = pq.read_table(directory / f"{name}.parquet", page_checksum_verification=True)
        assert read.equals(table)
        assert read.schema.metadata[b"initlab.schema_version"] == b"1"


def test_shards_are_compressed_split_and_checksummed_as_promised(results):
    chunk = pq.read_metadata(publish_sample(results) / "layers.parquet").row_group(0)
    columns = {chunk.column(i).path_in_schema: chunk.column(i) for i in range(chunk.num_columns)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert "BYTE_STREAM_SPLIT" in columns["preactivation_variance"].encodings
    assert "BYTE_STREAM_SPLIT" in columns["dead_fraction"].encodings
    assert "RLE_DICTIONARY" in columns["run_id"].encodings


def test_same_group_has_same_bytes_in_every_process(results, tmp_path, publisher):
    command, environment = publisher
    here = publish_sample(results)
    for seed in ("1", "2"):
        other = tmp_path / seed
        other.mkdir()
        environment["PYTHONHASHSEED"] = seed
        subprocess.run([*command, other], env=environment, check=True)
        for name in FILES:
            there = other / "groups" / "group-a" / name
            assert there.read_bytes() == (here / name).read_bytes(), name


def test_second_publisher_of_a_group_changes_nothing(results):
    directory = publish_sample(results)
    inode = directory.stat().st_ino
    assert publish_sample(results) == directory
    assert directory.stat().st_ino == inode
    assert os.listdir(results / "groups") == ["group-a"]


def test_many_publishers_of_one_group_leave_one(results, publisher):
    command, environment = publisher
    running = [subprocess.Popen([*command, results], env=environment) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert os.listdir(results / "groups") == ["group-a"]
    verify_group(results / "groups" / "group-a")


def test_other_content_does_not_replace_a_committed_group(results):
    directory = publish_sample(results)
    before = hashlib.sha256((directory / "layers.parquet").read_bytes()).digest()
    with pytest.raises(
        StoreError,
        match=r"group group-a is already committed with another content of steps\.parquet, "
        r"layers\.parquet\. The committed one stays; to replace it, move .*group-a away",
    ):
        publish_sample(results, seed=1)
    assert hashlib.sha256((directory / "layers.parquet").read_bytes()).digest() == before
    assert os.listdir(results / "groups") == ["group-a"]


@pytest.mark.parametrize("damage", ["truncated", "link", "file", "empty"])
def test_damaged_group_is_set_aside_and_published_anew(results, tmp_path, damage):
    directory = publish_sample(results)
    if damage == "truncated":
        os.truncate(directory / "steps.parquet", 10)
    else:
        directory.rename(tmp_path / "moved")
    if damage == "link":
        directory.symlink_to(tmp_path / "moved")
    if damage == "file":
        directory.write_text("")
    if damage == "empty":
        directory.mkdir()
    publish_sample(results)
    verify_group(directory)
    assert damage == "empty" or os.listdir(results / "quarantine") == ["group-a.1"]


def test_group_that_cannot_be_written_leaves_nothing(results, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("initlab.store.publish.write_durably", full)
    with pytest.raises(
        StoreError,
        match=r"group group-a could not be written to .*group-a: No space left on device\. "
        r"Nothing of it is visible; mend the cause and run again\.",
    ):
        publish_sample(results)
    assert os.listdir(results / "groups") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop("runs"), "group group-a has no `runs` table"),
        (
            lambda t: t.update(runs=sample_tables("group-b")["runs"]),
            "`runs` of group group-a holds runs of another group",
        ),
        (
            lambda t: t.update(runs=t["runs"].drop_columns(["status"])),
            "`runs` of group group-a is not a table of `runs_table`",
        ),
        (
            lambda t: t.update(steps=t["steps"].drop_columns(["step"])),
            "`steps` of group group-a does not have the store's schema",
        ),
        (
            lambda t: t.update(layers=sample_tables(run_ids=["run-9"])["layers"]),
            "`layers` of group group-a holds runs that `runs` does not",
        ),
    ],
)
def test_tables_that_do_not_belong_together_are_refused(results, change, message):
    tables = sample_tables()
    change(tables)
    with pytest.raises(StoreError, match=message):
        publish_group(results, "group-a", tables=tables, provenance={})
    assert not (results / "groups").exists()


def test_nan_in_provenance_is_refused(results):
    with pytest.raises(ValueError, match="not JSON compliant"):
        publish_group(results, "group-a", tables=sample_tables(), provenance={"a": float("nan")})


@pytest.mark.parametrize(
    "name", ["../x", "", "x/y", ".x", "X", "x\n", "x\0", "\u202ex", "x" * 65, "/etc", "ä"]
)
def test_name_that_could_leave_the_folder_is_refused(results, name):
    with pytest.raises(StoreError, match="is not a valid group id: use 1 to 64 of a-z, 0-9"):
        publish_sample(results, name)
    assert sorted(os.listdir(results)) == ["results.json"]


def test_integer_keys_and_tuples_of_provenance_read_back_as_json_has_them(results):
    provenance = {"axes": (1, 2), "sizes": {2: "b", 10: "a"}}
    directory = publish_group(results, "group-a", tables=sample_tables(), provenance=provenance)
    assert verify_group(directory).provenance == json.loads(json.dumps(provenance))


def test_timings_and_provenance_are_outside_the_digest(results, tmp_path):
    one = verify_group(publish_sample(results))
    directory = publish_group(
        tmp_path,
        "group-a",
        tables=sample_tables(),
        arrays={"first_kernel/run-1": np.arange(6.0).reshape(2, 3)},
        provenance={"host": "elsewhere"},
    )
    assert verify_group(directory).digest == one.digest


def test_array_bytes_depend_on_the_arrays_alone():
    square = np.arange(6.0).reshape(2, 3)
    one = encode_arrays({"kernel/a": square, "histogram/a": np.int32(3)})
    two = encode_arrays({"histogram/a": np.int32(3), "kernel/a": np.asfortranarray(square)})
    assert one == two
    assert one != encode_arrays({"kernel/a": square + 1, "histogram/a": np.int32(3)})


def test_arrays_come_back_with_shape_and_dtype(tmp_path):
    path = tmp_path / "arrays.npz"
    path.write_bytes(
        encode_arrays({"scalar/a": np.float32(2), "layer/kernel/a": np.eye(2), "scalar/b": [1]})
    )
    found = decode_arrays(path, ["a"])["a"]
    assert set(found) == {"scalar", "layer/kernel"}
    assert (found["scalar"].shape, found["scalar"].dtype) == ((), np.float32)
    assert np.array_equal(found["layer/kernel"], np.eye(2))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"kernel/a": np.array([{}])}, "array 'kernel/a' has dtype object, which npz cannot hold"),
        ({"kernel/a": np.zeros(2, "V2")}, "convert it, bfloat16 to float32"),
        ({"kernel": np.zeros(2)}, "array 'kernel' must be named '<name>/<run_id>'"),
        ({"../kernel/a": np.zeros(2)}, "array '../kernel/a' must be named"),
    ],
)
def test_array_that_npz_cannot_hold_is_refused(arrays, message):
    with pytest.raises(StoreError, match=message):
        encode_arrays(arrays)


def test_pickle_in_an_npz_is_never_loaded(tmp_path):
    path = tmp_path / "arrays.npz"
    np.savez(path, **{"kernel/a": np.array([{}], dtype=object)})
    with pytest.raises(ValueError, match="allow_pickle=False"):
        decode_arrays(path, ["a"])


def test_group_copied_under_another_name_is_refused(results):
    directory = publish_sample(results)
    other = directory.rename(directory.with_name("group-b"))
    with pytest.raises(CorruptShardError, match="expected group group-b, found: group 'group-a'"):
        verify_group(other)
