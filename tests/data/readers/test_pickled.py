"""A pickle of arrays is read, and one that calls anything else is refused without a call."""

import collections
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from initlab.data.readers.pickled import read_pickled_dict
from initlab.errors import DataError

PATH = Path("data_batch_1")
ADVICE = "A data set's pickle holds arrays, lists and text alone; fetch the file again."


def refused(content):
    with pytest.raises(DataError) as caught:
        read_pickled_dict(content, PATH)
    return str(caught.value)


class Calls:
    """Pickles as a call of any function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(2, 5))
def test_arrays_come_back_as_they_were(protocol):
    batch = {"data": np.arange(12, dtype=np.uint8).reshape(3, 4), "labels": [1, 2, 3], "name": "x"}
    found = read_pickled_dict(pickle.dumps(batch, protocol), PATH)
    np.testing.assert_array_equal(found["data"], batch["data"])
    assert found["data"].dtype == np.uint8
    assert (found["labels"], found["name"]) == ([1, 2, 3], "x")


def test_the_names_of_old_numpy_are_known():
    content = pickle.dumps({"data": np.arange(3, dtype=np.uint8)}, 2)
    old = content.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
    assert old != content
    assert read_pickled_dict(old, PATH)["data"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_hostile_pickle_is_refused_and_calls_nothing(tmp_path, protocol):
    victim = tmp_path / "victim"
    content = pickle.dumps({"data": Calls(os.mkdir, str(victim))}, protocol)
    assert refused(content) == f"{PATH} is refused: it calls {os.mkdir.__module__}.mkdir. {ADVICE}"
    assert not victim.exists()
    pickle.loads(content)  # noqa: S301 - the same bytes do harm where they are trusted
    assert victim.exists()


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Calls(eval, "1"), "eval"),
        (Calls(getattr, "x", "upper"), "getattr"),
        (Calls(np.load, "file.npy"), "load"),
        (Calls(np.frombuffer, b"x"), "frombuffer"),
        (collections.OrderedDict(), "OrderedDict"),
        (Calls(__import__, "os"), "__import__"),
        (Calls(bytearray, b"x"), "bytearray"),
    ],
)
def test_no_other_name_is_looked_up(value, name):
    said = refused(pickle.dumps({"data": value}, 4))
    assert said.startswith(f"{PATH} is refused: it calls ")
    assert said.endswith(f".{name}. {ADVICE}")


def test_a_name_with_dots_does_not_lead_elsewhere():
    # Protocol 4 follows dots in a name: numpy.dtype.__class__ would be type.
    content = pickle.dumps({"data": Calls(np.dtype, "u1")}, 4)
    longer = content.replace(b"\x8c\x05dtype", b"\x8c\x0fdtype.__class__")
    assert longer != content
    # The length of the frame comes after the protocol; without a frame none is checked.
    bare = longer[:2] + longer[11:]
    assert refused(bare) == f"{PATH} is refused: it calls numpy.dtype.__class__. {ADVICE}"


def test_bytes_in_another_encoding_are_refused():
    content = pickle.dumps({"data": b"\xff"}, 2).replace(b"latin1", b"base64")
    assert refused(content).startswith(f"{PATH} is refused: bytes encoded as 'base64'.")


@pytest.mark.parametrize(
    "content", [b"", b"not a pickle", pickle.dumps({"a": 1})[:-3], b"\x80\xff"]
)
def test_a_damaged_pickle_is_refused(content):
    assert refused(content).startswith(f"{PATH} is refused: ")


@pytest.mark.parametrize("value", [[1, 2], {1: 2}, "text"])
def test_what_is_no_dictionary_with_text_as_keys_is_refused(value):
    said = refused(pickle.dumps(value))
    assert said == f"{PATH} holds no dictionary with text as keys. Fetch the file again."
