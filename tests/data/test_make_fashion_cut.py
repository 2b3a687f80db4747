"""The script that makes the shipped cut of Fashion-MNIST."""

import gzip
import hashlib
import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from initlab.data import load
from initlab.data.fashion import FILE_SHA256, SHIPPED
from initlab.data.places import places
from initlab.errors import DataError

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_fashion_cut.py"
SPEC = importlib.util.spec_from_file_location("make_fashion_cut", SCRIPT)
script = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(script)

# The script reads compressed files alone, as Debian and Keras keep them.
FOLDERS = [place / "fashion-mnist" for place in places()]
FOLDER = next((one for one in FOLDERS if one.is_dir()), script.DEBIAN_FOLDER)
needs_fashion_mnist = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"Fashion-MNIST is not in {FOLDER}: install Debian's dataset-fashion-mnist, or name "
    "the folder that holds fashion-mnist/ in INITLAB_DATA",
)


@needs_fashion_mnist
def test_the_script_makes_the_shipped_file_byte_for_byte(tmp_path, capsys):
    out = tmp_path / "cut.npz"
    script.main([str(FOLDER), "--out", str(out)])
    assert out.read_bytes() == SHIPPED.read_bytes()
    assert capsys.readouterr().out == f"{FILE_SHA256}  {out}\n"


@needs_fashion_mnist
def test_the_images_are_those_at_the_recorded_places():
    payload = gzip.decompress((FOLDER / "train-images-idx3-ubyte.gz").read_bytes())
    source = np.frombuffer(payload, np.uint8, offset=16).reshape(60000, 28, 28, 1)
    with np.load(SHIPPED, allow_pickle=False) as cut:
        indices = cut["train_indices"]
    assert np.unique(indices).size == 5000
    np.testing.assert_array_equal(source[indices], load("fashion").train_images)


def test_the_shipped_file_records_its_sources():
    with np.load(SHIPPED, allow_pickle=False) as cut:
        assert cut["source_files"].tolist() == [*script.PAYLOAD_SHA256]
        assert cut["source_payload_sha256"].tolist() == [*script.PAYLOAD_SHA256.values()]
        assert cut["train_indices"].shape == (5000,)
        assert cut["test_indices"].shape == (1000,)


def test_the_same_arrays_make_the_same_bytes(tmp_path):
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    for path in (first, second):
        script.write_npz(path, {"images": np.arange(6, dtype=np.uint8)})
    os.utime(first, (0, 0))
    assert first.read_bytes() == second.read_bytes()
    with np.load(first, allow_pickle=False) as stored:
        assert stored["images"].tolist() == [0, 1, 2, 3, 4, 5]


def test_another_source_is_refused(tmp_path):
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(b"not Fashion-MNIST"))
    with pytest.raises(DataError) as caught:
        script.read_payload(path)
    assert str(caught.value) == (
        f"{path}, decompressed, is damaged or another version: expected SHA-256 "
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888, "
        f"found {hashlib.sha256(b'not Fashion-MNIST').hexdigest()}."
    )


def test_a_missing_source_ends_the_script_with_the_reason(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        script.main([str(tmp_path), "--out", str(tmp_path / "cut.npz")])
    assert caught.value.code == 1
    path = tmp_path / "train-images-idx3-ubyte.gz"
    assert capsys.readouterr().err == (
        f"{path} cannot be read: [Errno 2] No such file or directory: '{path}'.\n"
    )
    assert not (tmp_path / "cut.npz").exists()
