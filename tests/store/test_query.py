import os
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from initlab.errors import CorruptShardError, StoreError
from initlab.store.manifest import digest_of
from initlab.store.publish import publish_group
from initlab.store.query import load_results
from initlab.store.schema import LAYERS, STEPS

from .sample import publish_sample, sample_tables


def test_frames_hold_what_was_published_in_order_of_groups(results):
    publish_sample(results, "group-b", ["run-9", "run-2"], seed=1)
    publish_sample(results, "group-a", ["run-7"], seed=2)
    loaded = load_results(results)
    assert loaded.experiment == "demo"
    assert loaded.runs["run_id"].tolist() == ["run-7", "run-9", "run-2"]
    expected = pd.concat(
        [
            sample_tables("group-a", ["run-7"], seed=2)["layers"].to_pandas(),
            sample_tables("group-b", ["run-9", "run-2"], seed=1)["layers"].to_pandas(),
        ],
        ignore_index=True,
    )
    pd.testing.assert_frame_equal(loaded.layers, expected)
    assert loaded.steps["run_id"].tolist() == ["run-7"] * 3 + ["run-9"] * 3 + ["run-2"] * 3
    assert loaded.layers is loaded.layers


def test_run_in_two_groups_counts_once_from_the_first(results):
    publish_sample(results, "group-b", ["run-1", "run-2"], seed=1)
    publish_sample(results, "group-a", ["run-1"], seed=2)
    loaded = load_results(results)
    assert loaded.runs["run_id"].tolist() == ["run-1", "run-2"]
    first = sample_tables("group-a", ["run-1"], seed=2)["layers"].to_pandas()
    pd.testing.assert_frame_equal(loaded.read_layers(run_ids=["run-1"]), first)
    assert len(loaded.layers) == 12
    assert len(loaded.read_steps(run_ids=["run-2"])) == 3


def test_only_some_runs_are_left_in_every_table(results):
    publish_sample(results, "group-a", ["run-1", "run-2"])
    publish_sample(results, "group-b", ["run-3"], seed=1)
    loaded = load_results(results)
    part = loaded.only(["run-2", "run-9"])
    assert set(part.runs["run_id"]) == set(part.layers["run_id"]) == {"run-2"}
    assert part.steps["run_id"].tolist() == ["run-2"] * 3
    assert list(part.groups) == ["group-a"], "a group of which no run is left is no part of it"
    assert part.digest == digest_of([loaded.groups["group-a"]]) != loaded.digest
    assert repr(part) == f"<Results: 1 runs of demo in {results}>"
    with pytest.raises(ValueError, match="no run 'run-3'"):
        part.read_steps(run_ids=["run-3"])


def test_part_of_layers_is_that_part_of_the_whole(results):
    publish_sample(results, "group-a", ["run-1", "run-2"])
    publish_sample(results, "group-b", ["run-3"], seed=1)
    loaded = load_results(results)
    part = loaded.read_layers(
        ["preactivation_variance", "run_id"],
        run_ids=["run-3", "run-1"],
        filters=[("step", "==", 0), ("layer", ">", 1)],
    )
    whole = loaded.layers
    rows = whole.query("run_id in ['run-1', 'run-3'] and step == 0 and layer > 1")
    expected = rows[["preactivation_variance", "run_id"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, expected)


def test_unknown_column_and_run_are_refused(results):
    publish_sample(results)
    loaded = load_results(results)
    with pytest.raises(ValueError, match=r"`layers` has no columns \['variance'\]; it has \['run"):
        loaded.read_layers(["variance"])
    with pytest.raises(ValueError, match=r"no run 'run-8' among the 2 of .*demo"):
        loaded.read_layers(run_ids=["run-8"])
    with pytest.raises(ValueError, match=r"no run 'run-8' among the 2 of .*demo"):
        loaded.arrays("run-8")


def test_arrays_of_a_run_come_back(results):
    publish_sample(results)
    loaded = load_results(results)
    found = loaded.arrays("run-1")
    assert set(found) == {"first_kernel"}
    assert np.array_equal(found["first_kernel"], np.arange(6.0).reshape(2, 3))
    assert loaded.arrays("run-2") == {}
    both = loaded.arrays_of(["run-2", "run-1"])
    assert {run_id: list(own) for run_id, own in both.items()} == {
        "run-2": [], "run-1": ["first_kernel"],
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"no run 'run-8' among the 2 of .*demo"):
        loaded.arrays_of(["run-1", "run-8"])


def test_folder_without_groups_gives_empty_frames_with_their_columns(results):
    loaded = load_results(results)
    assert loaded.runs.columns[:4].tolist() == ["run_id", "trial_id", "group_id", "status"]
    assert loaded.steps.columns.tolist() == STEPS.names
    assert loaded.layers.columns.tolist() == LAYERS.names
    assert loaded.layers.dtypes["preactivation_variance"] == np.float64
    assert len(loaded.runs) == len(loaded.layers) == 0


def test_group_of_runs_alone_can_be_read(results):
    tables = {"runs": sample_tables(status="failed")["runs"]}
    publish_group(results, "group-a", tables=tables, provenance={})
    loaded = load_results(results)
    assert loaded.runs["status"].tolist() == ["failed", "failed"]
    assert len(loaded.layers) == 0


def test_nullable_integers_keep_their_type(results):
    publish_sample(results, diverged_at_step=7)
    publish_sample(results, "group-b", ["run-3"])
    runs = load_results(results).runs
    assert runs["diverged_at_step"].dtype == "Int32"
    assert runs["diverged_at_step"].tolist() == [7, 7, pd.NA]
    assert runs["first_nonfinite_layer"].dtype == "Int16"


def test_digest_is_the_identity_of_the_measurements(results, tmp_path):
    empty = load_results(results).digest
    publish_sample(results)
    one = load_results(results).digest
    publish_sample(results, "group-b", ["run-3"])
    assert len({empty, one, load_results(results).digest}) == 3
    os.rename(results, tmp_path / "moved")
    (tmp_path / "moved" / "groups" / "group-a" / "timings.json").write_text("{}")
    (tmp_path / "moved" / "groups" / "group-b").rename(tmp_path / "away")
    assert load_results(tmp_path / "moved").digest == one


def test_damaged_group_is_not_loaded(results, forget):
    path = publish_sample(results) / "layers.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    forget()
    with pytest.raises(CorruptShardError, match=r"layers\.parquet: expected SHA-256"):
        load_results(results)


def test_damage_after_loading_is_noticed(results):
    path = publish_sample(results) / "layers.parquet"
    loaded = load_results(results)
    os.truncate(path, 100)
    with pytest.raises(CorruptShardError, match=r"layers\.parquet: expected a file of"):
        loaded.layers  # noqa: B018


def test_flip_that_the_sums_were_not_asked_about_is_noticed_by_page_checksums(results, monkeypatch):
    path = publish_sample(results) / "layers.parquet"
    loaded = load_results(results)
    data = bytearray(path.read_bytes())
    data[_inside_a_page(path)] ^= 1
    path.write_bytes(data)
    monkeypatch.setattr("initlab.store.verify._verify_file", lambda path, record: None)
    with pytest.raises(CorruptShardError, match=r"layers\.parquet cannot be read: .*checksum"):
        loaded.layers  # noqa: B018


def _inside_a_page(path):
    column = pq.read_metadata(path).row_group(0).column(len(LAYERS.names) - 1)
    return column.data_page_offset + column.total_compressed_size - 4


def test_group_replaced_after_loading_is_noticed(results, tmp_path):
    directory = publish_sample(results)
    loaded = load_results(results)
    directory.rename(tmp_path / "away")
    publish_sample(results, seed=1)
    with pytest.raises(StoreError, match="is another group than was loaded; load again"):
        loaded.layers  # noqa: B018


def test_no_results_folder_says_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match=r"is no results folder .*Make results with `initlab run"):
        load_results(tmp_path)
    assert os.listdir(tmp_path) == []


def test_duckdb_reads_the_verified_shards(results):
    publish_sample(results)
    (results / "groups" / ".group-b.1.00000000.tmp").mkdir()
    loaded = load_results(results)
    count, mean = duckdb.execute(
        "SELECT count(*), avg(preactivation_variance) FROM read_parquet(?)",
        [loaded.shards("layers")],
    ).fetchone()
    assert count == 12
    # Twelve float64 addends of order 1: any order of summation agrees to 1e-13.
    assert mean == pytest.approx(loaded.layers["preactivation_variance"].mean(), rel=1e-13)


def test_reading_imports_no_jax(results, publisher):
    publish_sample(results)
    code = (
        "import sys; from initlab.store.query import load_results; import initlab.store;"
        "r = load_results(sys.argv[1]); len(r.runs), len(r.layers), r.arrays('run-1');"
        "print([m for m in sys.modules if m.split('.')[0] in ('jax', 'jaxlib', 'flax')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, results],
        env=publisher[1],
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout == "[]\n"
