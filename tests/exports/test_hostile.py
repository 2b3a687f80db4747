"""Hostile texts in results: each format shows them as text, and none leaves its folder."""

import csv
import json

import numpy as np
import pytest

from initlab.errors import CorruptShardError
from initlab.exports import FORMATS
from initlab.exports.base import export
from initlab.report.text import one_line
from initlab.store import manifest
from initlab.store.query import load_results

from ..report.hostile import HOSTILE, has_control
from .sample import publish
from .test_exports import events

TEXTS = [text for text in HOSTILE if "\ud800" not in text and len(text) < 100]


@pytest.fixture
def results(tmp_path):
    """A run for each text, which is what two of its fields and its layers are called."""
    path = tmp_path / "results"
    for number, text in enumerate(TEXTS):
        fields = {"note": text, "initializer": text, "layer_name": text}
        publish(path, f"group-{number}", (f"run-{number:02d}",), draw=number, **fields)
    return load_results(path)


def written(results, to, out):
    export(results, to, FORMATS[to], out, None)
    return out


def test_csv_holds_no_formula_and_no_control(results, tmp_path):
    out = written(results, "csv", tmp_path / "out")
    for name, column in (("runs", "note"), ("layers", "layer_name")):
        text = (out / f"{name}.csv").read_text(encoding="utf-8")
        assert not has_control(text)
        rows = list(csv.DictReader(text.splitlines()))
        cells = [cell for row in rows for cell in row.values()]
        numbers = {cell for cell in cells if cell.lstrip("+-").replace(".", "").isdigit()}
        begins = tuple("=+-@\uff1d")
        exact = {cell for cell in cells if "e-" in cell}  # numbers in powers of ten
        assert {one for one in cells if one.lstrip().startswith(begins)} <= numbers | exact
        told = [row[column].removeprefix("'") for row in rows]
        assert set(told) == {one_line(text) for text in TEXTS}


def test_xarray_holds_it_as_text(results, tmp_path):
    xr = pytest.importorskip("xarray")
    pytest.importorskip("zarr")
    out = written(results, "xarray", tmp_path / "out")
    with xr.open_zarr(out / "results.zarr") as data:
        assert sorted(data["note"].to_numpy().tolist()) == sorted(map(one_line, TEXTS))
        assert set(np.unique(data["layer_name"])) == {one_line(text) for text in TEXTS}


def test_tensorboard_holds_it_as_text_inside_its_folder(results, tmp_path):
    pytest.importorskip("tensorboardX")
    out = written(results, "tensorboard", tmp_path / "out")
    assert {path.name for path in out.iterdir()} == {"export.json", "runs"}
    for run_id, note in zip(results.runs["run_id"], results.runs["note"], strict=True):
        found, fields = events(out / "runs" / run_id)
        assert fields["note"].string_value == one_line(note)
        assert not has_control("".join(tag for tag, _ in found))
        layers = {tag.partition("/")[2][len("000 ") :] for tag, _ in found if "moment/" in tag}
        assert layers == {one_line(note)}


def test_no_run_is_called_like_a_way_out_of_the_folder(tmp_path):
    path = tmp_path / "results"
    publish(path)
    (place,) = path.glob("groups/*/manifest.json")
    content = json.loads(place.read_text())
    content["run_ids"] = ["../../run-1", "run-2"]
    content.pop("checksum")
    place.write_bytes(manifest._sealed(content))
    with pytest.raises(CorruptShardError, match="does not have the fields of a manifest"):
        load_results(path)
