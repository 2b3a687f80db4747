import json
import os
import time

import pytest

from initlab.errors import CorruptShardError, ResultsMismatchError, StoreError
from initlab.store.claims import claim
from initlab.store.folder import committed_runs, open_results, set_aside_damage
from initlab.store.manifest import Manifest

from .sample import publish_sample


def test_new_folder_is_marked_and_opens_again(tmp_path):
    path = tmp_path / "deep" / "demo"
    created = open_results(path, experiment="demo", create=True)
    assert json.loads((path / "results.json").read_text()) == {
        "format": "initlab-results",
        "schema_version": 1,
        "experiment": "demo",
    }
    assert os.listdir(path) == ["results.json"]
    for create in (True, False):
        assert open_results(path, experiment="demo", create=create) == created


def test_spec_is_replaced_whole(results):
    folder = open_results(results, experiment="demo", create=True)
    folder.write_spec("seeds = 5\n")
    folder.write_spec("seeds = 6\n")
    assert (results / "sweep.toml").read_text() == "seeds = 6\n"
    assert sorted(os.listdir(results)) == ["results.json", "sweep.toml"]


def test_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("text")
    with pytest.raises(
        StoreError,
        match=r"is no results folder: it holds 'thesis\.tex' and no results\.json\. Nothing was "
        r"written; give an empty or a new folder with --results\.",
    ):
        open_results(tmp_path, experiment="demo", create=True)
    assert os.listdir(tmp_path) == ["thesis.tex"]


def test_folder_whose_maker_died_is_taken_over(tmp_path):
    (tmp_path / ".results.json.1.00000000.tmp").write_text("{")
    assert open_results(tmp_path, experiment="demo", create=True).experiment == "demo"


def test_folder_of_another_experiment_is_refused(results):
    with pytest.raises(
        ResultsMismatchError,
        match=r"holds results of the experiment 'demo', not of 'other'\. Give another folder",
    ):
        open_results(results, experiment="other", create=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '{"format": "initlab-results", "schema_version": 9, "experiment": "demo"}',
            "has schema version 9 and this initlab reads up to 1. Upgrade initlab.",
        ),
        ('{"format": "x"}', "is not the marker of a results folder; restore it from a copy"),
        ("{", "results.json cannot be read: Expecting property name"),
        ("[" * 99_999, "results.json cannot be read: it is longer than 65536 bytes"),
    ],
)
def test_marker_that_cannot_be_used_is_refused(results, content, message):
    (results / "results.json").write_text(content)
    with pytest.raises(StoreError, match=message):
        open_results(results, experiment="demo", create=True)
    assert (results / "results.json").read_text() == content


def test_missing_folder_says_how_to_make_results(tmp_path):
    with pytest.raises(StoreError, match=r"does not exist\. Make results with `initlab run EXP"):
        open_results(tmp_path / "none", experiment="demo", create=False)
    assert os.listdir(tmp_path) == []
    with pytest.raises(StoreError, match=r"is no results folder \(no results.json\). Make"):
        open_results(tmp_path, experiment="demo", create=False)


@pytest.mark.parametrize("create", [True, False])
def test_file_in_place_of_the_folder_is_refused(tmp_path, create):
    path = tmp_path / "demo"
    path.write_text("")
    with pytest.raises(StoreError, match="demo is a file"):
        open_results(path, experiment="demo", create=create)
    with pytest.raises(StoreError, match="demo/below is a file"):
        open_results(path / "below", experiment="demo", create=create)


def test_folder_that_cannot_be_written_is_refused_and_still_reads(results, monkeypatch):
    # The superuser may write anywhere, so the answer of the system is put in its place.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    with pytest.raises(StoreError, match=r"demo cannot be written to\. Nothing was written; give"):
        open_results(results, experiment="demo", create=True)
    assert open_results(results, experiment="demo", create=False).experiment == "demo"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_folder_in_an_unwritable_one_is_refused(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(StoreError, match=r"cannot be written to\. Nothing was written"):
        open_results(tmp_path / "demo", experiment="demo", create=True)
    tmp_path.chmod(0o755)


def test_folder_on_a_full_disk_is_refused(tmp_path, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("initlab.store.durable.write_durably", full)
    with pytest.raises(StoreError, match=r"cannot be written to.*\(No space left on device\)"):
        open_results(tmp_path / "demo", experiment="demo", create=True)


def test_inventory_names_committed_runs_and_damaged_groups(results, forget):
    assert committed_runs(results).committed == {}
    publish_sample(results, "group-b", ["run-2", "run-3"])
    publish_sample(results, "group-a", ["run-1", "run-2"])
    publish_sample(results, "group-c", ["run-4"])
    publish_sample(results, "group-d", ["run-5"])
    (results / "groups" / "group-c" / "manifest.json").unlink()
    os.truncate(results / "groups" / "group-d" / "runs.parquet", 3)
    (results / "groups" / ".group-e.1.00000000.tmp").mkdir()
    inventory = committed_runs(results)
    assert inventory.committed == {"run-1": "group-a", "run-2": "group-a", "run-3": "group-b"}
    assert list(inventory.groups) == ["group-a", "group-b"]
    assert set(inventory.damaged) == {"group-c", "group-d"}
    assert isinstance(inventory.damaged["group-c"], CorruptShardError)
    assert "manifest.json" in str(inventory.damaged["group-c"])


def test_what_is_no_group_is_told_apart_and_left_alone(results):
    directory = publish_sample(results)
    (directory.parent / "notes.txt").write_text("mine")
    (directory.parent / "My Notes").mkdir()
    (directory.parent / ".DS_Store").touch()
    for deep in (False, True):
        inventory = committed_runs(results, deep=deep)
        assert inventory.strays == (directory.parent / "My Notes", directory.parent / "notes.txt")
        assert list(inventory.groups) == ["group-a"]
        assert inventory.damaged == {}
    assert set_aside_damage(results) == []
    assert (directory.parent / "notes.txt").read_text() == "mine"


def test_a_link_in_place_of_a_group_is_damage(results, tmp_path):
    directory = publish_sample(results)
    directory.rename(tmp_path / "elsewhere")
    directory.symlink_to(tmp_path / "elsewhere")
    assert set(committed_runs(results).damaged) == {"group-a"}


def test_deep_inventory_finds_a_flipped_bit(results, forget):
    flip(publish_sample(results) / "layers.parquet")
    forget()
    assert not committed_runs(results).damaged
    assert set(committed_runs(results, deep=True).damaged) == {"group-a"}


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_whatever_is_damaged_is_set_aside_and_the_rest_stays(results, forget):
    publish_sample(results, "group-a", ["run-1"])
    publish_sample(results, "group-c", ["run-3"])
    flip(publish_sample(results, "group-b", ["run-2"]) / "layers.parquet")
    forget()
    assert set_aside_damage(results) == [results / "quarantine" / "group-b.1"]
    assert set(committed_runs(results, deep=True).committed) == {"run-1", "run-3"}
    assert set_aside_damage(results) == []


def test_a_damaged_group_that_somebody_works_on_stays(results, forget):
    flip(publish_sample(results) / "layers.parquet")
    forget()
    with claim(results, "group-a"):
        assert set_aside_damage(results) == []
    assert len(set_aside_damage(results)) == 1


def test_inventory_of_a_hundred_groups_takes_under_a_third_of_a_second(results):
    for number in range(100):
        directory = results / "groups" / f"group-{number}"
        directory.mkdir(parents=True)
        run_ids = tuple(f"{number:04x}{run:012x}" for run in range(256))
        manifest = Manifest(directory.name, run_ids, {}, {"versions": {"jax": "0.12"}})
        (directory / "manifest.json").write_bytes(manifest.encode())
    start = time.process_time()
    assert len(committed_runs(results).committed) == 25_600
    assert time.process_time() - start < 0.3
