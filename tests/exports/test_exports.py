"""Each format, read back with the tool that it is for, holds the numbers of the store."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from initlab.exports import FORMATS
from initlab.exports.base import ExportError, export
from initlab.store.query import load_results
from initlab.store.schema import LAYERS, STATISTICS

from .sample import publish

SIGNAL = "preactivation_mean"


@pytest.fixture
def results(tmp_path):
    """Three runs in two groups, which share one."""
    publish(tmp_path / "results", note="=1+1")
    publish(tmp_path / "results", "group-b", ("run-2", "run-3"), draw=1, note="=1+1")
    return load_results(tmp_path / "results")


def written(results, to, out, statistics=None):
    export(results, to, FORMATS[to], out, statistics)
    return out


def test_csv_has_every_digit_of_every_row(results, tmp_path):
    out = written(results, "csv", tmp_path / "out")
    for name in ("steps", "layers"):
        table = getattr(results, name)
        read = pd.read_csv(out / f"{name}.csv")
        for column in table.columns:
            if table[column].dtype == np.float32:
                read[column] = read[column].astype(np.float32)
        pd.testing.assert_frame_equal(read, table, check_dtype=False)
    runs = pd.read_csv(out / "runs.csv")
    assert runs["run_id"].tolist() == results.runs["run_id"].tolist()
    assert set(runs["note"]) == {"'=1+1"}, "a spreadsheet would compute it"
    assert len(pd.read_csv(out / "predictions.csv")) == 0


def test_only_the_statistics_that_are_named_are_written(results, tmp_path):
    out = written(results, "csv", tmp_path / "out", [SIGNAL])
    columns = pd.read_csv(out / "layers.csv").columns
    assert list(columns) == ["run_id", "step", "layer", "site", "layer_name", SIGNAL]
    with pytest.raises(ExportError) as caught:
        written(results, "csv", tmp_path / "no", ["variance"])
    assert str(caught.value) == (
        f"`--statistics` has no 'variance'; it takes {', '.join(STATISTICS)}."
    )


def test_export_record_says_of_which_results_it_is(results, tmp_path):
    out = written(results, "csv", tmp_path / "out", [SIGNAL])
    record = json.loads((out / "export.json").read_text())
    assert record["results_digest"] == results.digest
    assert (record["to"], record["experiment"], record["runs"]) == ("csv", "demo", 3)
    assert record["statistics"] == [SIGNAL]


def test_xarray_labels_every_number(results, tmp_path):
    xr = pytest.importorskip("xarray")
    pytest.importorskip("zarr")
    out = written(results, "xarray", tmp_path / "out")
    with xr.open_zarr(out / "results.zarr") as data:
        assert dict(data.sizes) == {"run": 3, "step": 3, "site": 2, "trial": 0}
        assert data["run"].to_numpy().tolist() == results.runs["run_id"].tolist()
        for row in results.layers.to_dict("records"):
            place = data.sel(run=row["run_id"], step=row["step"]).isel(site=row["site"])
            assert place["layer"] == row["layer"]
            assert place["layer_name"] == row["layer_name"]
            assert [float(place[name]) for name in STATISTICS] == [row[name] for name in STATISTICS]
        for row in results.steps.to_dict("records"):
            place = data.sel(run=row["run_id"], step=row["step"])
            assert float(place["train_loss"]) == row["train_loss"]
            assert np.isnan(place["test_loss"])
        assert data["note"].to_numpy().tolist() == ["=1+1"] * 3
        assert data.attrs["results_digest"] == results.digest


def test_runs_of_unequal_depth_lie_in_one_data_set(results, tmp_path):
    xr = pytest.importorskip("xarray")
    from ..report.sample import load_sample, make_results

    deep = load_sample(make_results(tmp_path / "deep", depths=(3, 4)))
    out = written(deep, "xarray", tmp_path / "out", [SIGNAL])
    with xr.open_zarr(out / "results.zarr") as data:
        shallow = data.isel(run=np.flatnonzero(data["depth"].to_numpy() == 3))
        assert np.isnan(shallow[SIGNAL].isel(site=3)).all()
        assert (shallow["layer"].isel(site=3) == -1).all()
        assert np.isfinite(shallow[SIGNAL].sel(step=0).isel(site=slice(3))).all()


def events(folder):
    """Returns tag and step to number, and the hyperparameters, of a run's event files."""
    from tensorboardX.proto import event_pb2, plugin_hparams_pb2

    found, fields = {}, {}
    for path in sorted(folder.glob("events*")):
        data = path.read_bytes()
        while data:
            length = int.from_bytes(data[:8], "little")
            event = event_pb2.Event.FromString(data[12 : 12 + length])
            data = data[16 + length :]
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name == "hparams":
                    content = plugin_hparams_pb2.HParamsPluginData.FromString(
                        value.metadata.plugin_data.content
                    )
                    fields |= dict(content.session_start_info.hparams)
                else:
                    found[value.tag, event.step] = value.simple_value
    return found, fields


def test_tensorboard_shows_each_run(results, tmp_path):
    pytest.importorskip("tensorboardX")
    names = [SIGNAL, "preactivation_second_moment"]
    out = written(results, "tensorboard", tmp_path / "out", names)
    folders = {path.name for path in (out / "runs").iterdir()}
    assert folders == set(results.runs["run_id"])
    for run_id, rows in results.layers.groupby("run_id"):
        found, fields = events(out / "runs" / run_id)
        for row in rows.to_dict("records"):
            place = f"{row['site']:03d} {row['layer_name']}"
            assert found[f"{SIGNAL}/{place}", row["step"]] == row[SIGNAL]
            moment = row["preactivation_second_moment"]
            key = (f"log10 preactivation_second_moment/{place}", row["step"])
            # Of the sample's normal numbers those below 0 have no logarithm, as no moment is.
            expected = pytest.approx(math.log10(moment), rel=1e-6) if moment > 0 else None
            assert found.get(key) == expected
        losses = results.steps.set_index(["run_id", "step"])["train_loss"]
        assert found["train_loss", 2] == pytest.approx(losses[run_id, 2], rel=1e-6)
        assert fields["initializer"].string_value == "he_normal"
        assert fields["depth"].number_value == 2


def test_a_signal_that_has_vanished_is_not_nothing_in_tensorboard():
    from initlab.exports.tensorboard_runs import in_single_precision

    name = "activation_variance/001 dense_1"
    assert str(LAYERS.field("activation_variance").type) == "double"
    assert in_single_precision({name: 1e-60}) == {f"log10 {name}": -60.0}
    assert in_single_precision({name: 0.0}) == {}
    assert in_single_precision({"train_loss": 0.0}) == {"train_loss": 0.0}


def test_a_package_that_lacks_is_named_with_what_to_type(results, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ExportError) as caught:
        written(results, "xarray", tmp_path / "out")
    assert str(caught.value) == (
        "`--to xarray` needs xarray and zarr, which are not installed. Install initlab with its "
        "extra: pip install 'initlab[xarray]'."
    )
    assert caught.value.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_what_fails_midway_leaves_nothing(results, tmp_path):
    def fail(results, folder, statistics):
        (folder / "half").write_text("half")
        raise OSError(28, "No space left on device")

    from dataclasses import replace

    with pytest.raises(ExportError, match="cannot be written: No space left on device"):
        export(results, "csv", replace(FORMATS["csv"], write=fail), tmp_path / "e" / "out", None)
    assert list((tmp_path / "e").iterdir()) == []


def test_what_is_there_is_left_alone(results, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    written(results, "csv", out)  # empty: it can be taken
    before = {path: path.stat().st_ino for path in out.iterdir()}
    with pytest.raises(ExportError) as caught:
        written(results, "csv", out)
    assert str(caught.value) == (
        f"{out} is there already. It was left as it is: give another --out, or move it away."
    )
    assert {path: path.stat().st_ino for path in out.iterdir()} == before
