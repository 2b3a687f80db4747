"""Checkpoints come back as they were written, or are refused whole with what is wrong."""

import hashlib
import io
import pickle
import zipfile

import numpy as np
import pytest

from initlab.errors import StoreError
from initlab.store.checkpoints import checkpoint_file, encode_checkpoint, read_checkpoint
from initlab.store.publish import publish_group
from initlab.store.verify import verify_group

from .sample import sample_tables

ARRAYS = {
    "readout/kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
    "readout/bias": np.array([-0.0, 1e-38, 3.0], np.float32),
}


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


@pytest.fixture
def refused(tmp_path):
    """Returns why a file with these bytes is refused, its path left out."""

    def told(data, sha256=""):
        path = tmp_path / "c.npz"
        path.write_bytes(data)
        with pytest.raises(StoreError) as caught:
            read_checkpoint(path, sha256)
        return str(caught.value).replace(str(path), "FILE")

    return told


def test_a_checkpoint_comes_back_bit_for_bit_and_in_order(tmp_path):
    data = encode_checkpoint(ARRAYS)
    (tmp_path / "c.npz").write_bytes(data)
    read = read_checkpoint(tmp_path / "c.npz")
    assert list(read.arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert read.arrays[name].tobytes() == array.tobytes()
    assert read.sha256 == hashlib.sha256(data).hexdigest()
    with np.load(tmp_path / "c.npz", allow_pickle=False) as plain:
        assert plain["order"].tolist() == list(ARRAYS)


def test_a_group_commits_its_checkpoints_with_their_digests(results):
    directory = publish_group(
        results,
        "group-a",
        tables=sample_tables(),
        checkpoints={"run-1": ARRAYS},
        provenance={"version": "0.1.0"},
    )
    record = verify_group(directory).files[checkpoint_file("run-1")]
    path = directory / checkpoint_file("run-1")
    assert read_checkpoint(path, record.sha256).sha256 == record.sha256


def test_an_altered_checkpoint_is_refused(refused):
    data = bytearray(encode_checkpoint(ARRAYS))
    sha256 = hashlib.sha256(data).hexdigest()
    data[data.index(np.float32(3.0).tobytes())] ^= 1
    found = hashlib.sha256(data).hexdigest()
    assert refused(data, sha256) == (
        f"checkpoint FILE was altered: expected SHA-256 {sha256}, found {found}. Restore it, "
        "or make it anew."
    )
    # Without a digest to compare with, the archive's own checksum notices it.
    assert "Bad CRC-32" in refused(data)


def test_a_pickle_is_never_loaded(refused, monkeypatch):
    def load(*args, **kwargs):
        raise AssertionError("a pickle was loaded")

    monkeypatch.setattr(pickle, "loads", load)
    monkeypatch.setattr(pickle, "load", load)
    objects = np.array([{"a": 1}], dtype=object)
    assert refused(npz(order=np.array(["x"]), x=objects)) == (
        "checkpoint FILE is not an npz of arrays: Object arrays cannot be loaded when "
        "allow_pickle=False."
    )
    assert refused(pickle.dumps(ARRAYS)) == (
        "checkpoint FILE is not an npz of arrays: it is no zip archive."
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("data.pkl", pickle.dumps(ARRAYS))
    assert refused(buffer.getvalue()) == (
        "checkpoint FILE is not an npz of arrays: 'data.pkl' is no array."
    )


def test_a_list_that_does_not_fit_the_arrays_is_refused_with_all_that_is_wrong(refused):
    one = np.ones(2, np.float32)
    names = [f"l/{number}" for number in range(10)]
    assert refused(npz(a=one)) == (
        "checkpoint FILE: it has no list 'order' of the names of its arrays."
    )
    bad = {"a": one, "b": np.array([1]), "c": np.array([np.nan])}
    assert refused(npz(order=np.array([*names, "a", "a", "b"]), **bad)) == (
        "checkpoint FILE: it lacks l/0, l/1, l/2, l/3, l/4, l/5, l/6, l/7 and 2 more; c stands in "
        "no list 'order'; its list 'order' names an array twice; b holds no floating-point "
        "numbers; c holds numbers that are not finite."
    )


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(StoreError, match="cannot be read: No such file or directory"):
        read_checkpoint(tmp_path / "none.npz")
    (tmp_path / "link.npz").symlink_to(tmp_path / "none.npz")
    with pytest.raises(StoreError, match="cannot be read: a symbolic link"):
        read_checkpoint(tmp_path / "link.npz")
