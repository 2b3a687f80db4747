"""Sets that users bring: where they are found, and what is refused before anything compiles."""

import dataclasses
import gzip
import os

import numpy as np
import pytest

from initlab.data import DATASETS, payload_sha256
from initlab.data import found as module
from initlab.data import places as places_module
from initlab.data.cifar_sets import CIFAR10_SET, CIFAR100_SET
from initlab.data.idx_sets import FASHION_FULL, MNIST
from initlab.data.places import places
from initlab.errors import DataError
from initlab.spec.datasets import DATASETS as SIZES
from initlab.spec.datasets import DatasetSize
from tests.image_sets import each

ALL = (MNIST, FASHION_FULL, CIFAR10_SET, CIFAR100_SET)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Returns the only folder that is looked into."""
    monkeypatch.setattr(places_module, "WELL_KNOWN", ())
    monkeypatch.setenv("INITLAB_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def small(monkeypatch):
    """Returns CIFAR-10 as a set of 20 + 10 images, 2 and 1 of each class."""
    monkeypatch.setitem(module.DATASETS, "cifar10", DatasetSize((32, 32, 3), 20, 10, 10))
    return dataclasses.replace(CIFAR10_SET, train_counts=(2,) * 10, test_counts=(1,) * 10)


def arrays():
    random = np.random.default_rng(0)
    return {
        "x_train": random.integers(0, 256, (20, 32, 32, 3), np.uint8),
        "y_train": np.arange(20, dtype="<i4") % 10,
        "x_test": random.integers(0, 256, (10, 32, 32, 3), np.uint8),
        "y_test": np.arange(10, dtype="<i4"),
    }


def refused(wanted):
    with pytest.raises(DataError) as caught:
        wanted.load()
    return str(caught.value)


@pytest.mark.parametrize("wanted", ALL, ids=[one.name for one in ALL])
def test_classes_add_up_to_the_set(wanted):
    size = SIZES[wanted.name]
    assert sum(wanted.train_counts) == size.train
    assert sum(wanted.test_counts) == size.test
    assert len(wanted.train_counts) == len(wanted.test_counts) == size.classes
    assert len(set(wanted.class_names)) == size.classes


LAYOUTS = [(one, layout) for one in ALL for layout in one.layouts]


@pytest.mark.parametrize(
    ("wanted", "layout"), LAYOUTS, ids=[f"{one.name}-{layout.path}" for one, layout in LAYOUTS]
)
def test_each_form_is_found_in_its_folder(place, wanted, layout):
    assert wanted.find() is None
    path = place / layout.path
    if layout.signs:
        path.mkdir(parents=True)
        assert wanted.find() is None
        (path / layout.signs[0]).touch()
    else:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found, how = wanted.find()
    assert (found, how.path) == (path, layout.path)
    others = [one for one in ALL if one is not wanted]
    assert [one.find() for one in others] == [None] * 3


@pytest.mark.parametrize(
    ("wanted", "folder", "file"),
    [
        # As torchvision, Keras and Debian lay them out below their roots.
        (MNIST, "MNIST/raw", "train-images-idx3-ubyte"),
        (FASHION_FULL, "FashionMNIST/raw", "t10k-labels-idx1-ubyte.gz"),
        (CIFAR10_SET, "cifar-10-batches-py", "data_batch_1"),
        (CIFAR100_SET, "cifar-100-python", "train"),
        (MNIST, ".", "mnist.npz"),
        (FASHION_FULL, "fashion-mnist", "train-images-idx3-ubyte.gz"),
        (CIFAR100_SET, "cifar-100-python-target/cifar-100-python", "test"),
    ],
)
def test_what_other_programs_keep_is_found(place, wanted, folder, file):
    (place / folder).mkdir(parents=True, exist_ok=True)
    (place / folder / file).touch()
    assert wanted.find()[0] in (place / folder, place / folder / file)


def test_folders_that_a_user_names_come_before_the_well_known(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    monkeypatch.delenv("KERAS_HOME", raising=False)
    monkeypatch.setenv("INITLAB_DATA", os.pathsep.join([str(tmp_path), "~/mine"]))
    assert [str(one) for one in places()] == [
        str(tmp_path),
        "/home/someone/mine",
        "/usr/share/datasets",
        "/home/someone/.keras/datasets",
        "data",
        "datasets",
        "/home/someone/data",
        "/home/someone/datasets",
    ]
    monkeypatch.delenv("INITLAB_DATA")
    assert str(places()[0]) == "/usr/share/datasets"


def test_keras_s_own_folder_is_looked_into_where_its_variable_says(tmp_path, monkeypatch):
    (tmp_path / "datasets" / "fashion-mnist").mkdir(parents=True)
    (tmp_path / "datasets" / "fashion-mnist" / "train-images-idx3-ubyte.gz").touch()
    monkeypatch.delenv("INITLAB_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    named, usual = tmp_path / "datasets", tmp_path / "home" / ".keras" / "datasets"
    assert [one for one in places() if one in (named, usual)] == [named, usual]
    monkeypatch.setattr(places_module, "WELL_KNOWN", ("$KERAS_HOME/datasets",))
    assert FASHION_FULL.find()[0] == named / "fashion-mnist"
    monkeypatch.delenv("KERAS_HOME")
    assert places() == ()


def test_a_set_that_is_nowhere_is_told_with_where_it_was_looked_for(place, monkeypatch):
    gone = place / "gone"
    monkeypatch.setenv("INITLAB_DATA", f"{place}{os.pathsep}{gone}")
    (place / "FashionMNIST" / "raw").mkdir(parents=True)
    (place / "fashion-mnist").mkdir()
    (place / "fashion-mnist" / "notes.txt").touch()
    assert refused(FASHION_FULL) == (
        "`fashion_full` was not found: looked for fashion-mnist, FashionMNIST/raw, fashion_full, "
        f"fashion_full.npz, fashion_full/fashion_full.npz in {place}, {gone}. {gone}, which "
        f"INITLAB_DATA names, is no folder. {place}/fashion-mnist holds none of its files. "
        f"{place}/FashionMNIST/raw is empty. Install it (Debian, Ubuntu: apt install "
        "dataset-fashion-mnist). Or name in INITLAB_DATA the folder that holds one of these."
    )


def test_a_set_of_the_right_sizes_is_read_and_knows_its_place(place, small):
    np.savez(place / "cifar10.npz", **arrays())
    images = small.load()
    assert images.place == str(place / "cifar10.npz")
    assert images.train_labels.tolist() == [*range(10)] * 2
    assert images.class_names[3] == "cat"
    assert not images.train_images.flags.writeable


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"x_train": np.zeros((19, 32, 32, 3), np.uint8), "y_train": np.zeros(19, "<i4")},
            "holds 19 images of 32x32x3 in its train part, but `cifar10` has 20 images of 32x32x3.",
        ),
        (
            {"x_test": np.zeros((10, 16, 16, 3), np.uint8)},
            "holds 10 images of 16x16x3 in its test part, but `cifar10` has 10 images of 32x32x3.",
        ),
        (
            {"y_test": np.arange(1, 11)},
            "has labels from 1 to 10 in its test part, but `cifar10` has classes 0 to 9.",
        ),
        (
            {"y_train": np.zeros(20, "<i4")},
            "has 20 images of 'airplane' in its train part, but `cifar10` has 2.",
        ),
    ],
)
def test_other_sizes_and_classes_are_refused(place, small, changes, said):
    path = place / "cifar10.npz"
    np.savez(path, **arrays() | changes)
    assert refused(small) == f"{path} {said} Fetch the set again."


def test_a_digest_kept_beside_a_set_is_held(place, small):
    path, pin = place / "cifar10.npz", place / "cifar10.sha256"
    content = arrays()
    np.savez(path, **content)
    digest = small.load().sha256
    pin.write_text(f"{digest}  cifar10\n")
    assert small.load().sha256 == digest
    content["x_test"][3, 4, 5, 1] ^= 1
    np.savez(path, **content)
    altered = payload_sha256(*content.values())
    assert refused(small) == (
        f"{path} was altered: its images and labels have SHA-256 {altered}, but {pin} says "
        f"{digest}. Fetch the set again, or correct that file."
    )
    pin.write_text("none")
    assert refused(small) == (
        f"{pin} must begin with a SHA-256 of 64 hexadecimal digits, got 'none': keep there what "
        "`initlab data` says, or take the file away."
    )


def test_the_digest_of_a_folder_lies_in_it(tmp_path):
    assert module.pin_of(tmp_path) == tmp_path / "payload.sha256"
    assert module.pin_of(tmp_path / "mnist.npz") == tmp_path / "mnist.sha256"


def test_an_npz_of_other_digits_is_refused(place):
    path = place / "mnist.npz"
    x, y = np.zeros((60_000, 28, 28), np.uint8), np.zeros(60_000, np.uint8)
    np.savez_compressed(path, x_train=x, y_train=y, x_test=x[:10_000], y_test=y[:10_000])
    said = refused(MNIST)
    assert said.startswith(
        f"{path}, train_images as train-images-idx3-ubyte, was altered or is another version: its "
        "47,040,016 bytes have SHA-256 "
    )


@pytest.mark.parametrize("name", each("fashion_full"))
def test_an_npz_of_the_official_images_is_the_official_set(place, name, monkeypatch):
    monkeypatch.undo()
    official = DATASETS[name]()
    monkeypatch.setattr(places_module, "WELL_KNOWN", ())
    monkeypatch.setenv("INITLAB_DATA", str(place))
    np.savez(
        place / "fashion_full.npz",
        x_train=official.train_images[..., 0],
        y_train=official.train_labels,
        x_test=official.test_images[..., 0],
        y_test=official.test_labels,
    )
    again = FASHION_FULL.load()
    assert again.place == str(place / "fashion_full.npz")
    assert again.sha256 == official.sha256


def test_an_altered_file_of_the_official_set_is_refused(place):
    folder = place / "fashion-mnist"
    folder.mkdir()
    for name in (
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ):
        (folder / f"{name}.gz").write_bytes(gzip.compress(b"altered"))
    said = refused(FASHION_FULL)
    assert said.startswith(
        f"{folder / 'train-images-idx3-ubyte.gz'} was altered or is another version: its 7 bytes "
        "have SHA-256 "
    )
