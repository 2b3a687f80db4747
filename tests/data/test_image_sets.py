"""The shipped sets: shapes, balance, digests, and the refusal of damaged data."""

import hashlib

import numpy as np
import pytest
import sklearn
from sklearn import datasets

from initlab.data import DATASETS, ImageSet, load
from initlab.data.digest import payload_sha256
from initlab.data.fashion import FILE_SHA256, SHIPPED, read_fashion_cut
from initlab.data.stratify import stratified_choice
from initlab.errors import DataError
from initlab.spec.datasets import LICENCES
from tests.image_sets import ALL_SETS, each

SHAPES = {
    "digits": ((1437, 8, 8, 1), (360, 8, 8, 1)),
    "fashion": ((5000, 28, 28, 1), (1000, 28, 28, 1)),
    "photo_patches": ((6090, 32, 32, 3), (1450, 32, 32, 3)),
    "shapes": ((4000, 16, 16, 1), (1000, 16, 16, 1)),
    "mnist5k": ((4000, 28, 28, 1), (1000, 28, 28, 1)),
    "fashion_full": ((60000, 28, 28, 1), (10000, 28, 28, 1)),
    "mnist": ((60000, 28, 28, 1), (10000, 28, 28, 1)),
    "cifar10": ((50000, 32, 32, 3), (10000, 32, 32, 3)),
    "cifar100": ((50000, 32, 32, 3), (10000, 32, 32, 3)),
}
# Seen once, and set down here and in docs/data.md: a change of these is a change of every result.
SHA256 = {
    "digits": "ec9af2f7ccc651e25d8ebe2eac04ff55decaa46666076c988a8f376a79921535",
    "fashion": "aba22a54c47ee40ac5f9614dcc80663438338c07766d18ad84d2736071f8f083",
    "photo_patches": "cb9564c597a58d91e34b1a0cfd6e8f700c77f2b85cbfbe53ea194eb00ef754f7",
    "shapes": "0774c1b30af5c6a04a27ae475fb1210c08575b971c1d5605a0b0acce58f14c45",
    "mnist5k": "8597c5256626bd13805fbb4bb45bc87b8bd058069ce34c889ec83c0e7a502df5",
    "fashion_full": "5f06bd0df99ad3dc904134efe2e620e96a51dc83af7575151eb993b975560d7a",
}


@pytest.mark.parametrize("name", ALL_SETS)
def test_shapes_and_types_are_those_documented(name):
    images = load(name)
    assert isinstance(images, ImageSet)
    assert images.name == name
    assert (images.train_images.shape, images.test_images.shape) == SHAPES[name]
    assert images.train_labels.shape == images.train_images.shape[:1]
    assert images.test_labels.shape == images.test_images.shape[:1]
    assert images.train_images.dtype == images.test_images.dtype == np.uint8
    assert images.train_labels.dtype == images.test_labels.dtype == np.int32
    assert images.train_images.max() == images.test_images.max() == images.max_value
    assert images.licence == LICENCES[name]
    assert images.source
    assert images.place
    assert len(images.class_names) == {"cifar100": 100, "shapes": 4}.get(name, 10)


@pytest.mark.parametrize("name", ALL_SETS)
def test_the_digest_is_that_of_the_arrays_and_the_one_documented(name):
    images = load(name)
    arrays = (images.train_images, images.train_labels, images.test_images, images.test_labels)
    assert images.sha256 == payload_sha256(*arrays)
    if name in SHA256:
        assert images.sha256 == SHA256[name]


@pytest.mark.parametrize("name", each(*SHA256))
def test_train_and_test_share_no_image(name):
    images = load(name)
    train = {image.tobytes() for image in images.train_images}
    test = {image.tobytes() for image in images.test_images}
    assert len(train) == len(images.train_images)
    assert len(test) == len(images.test_images)
    assert not train & test


@pytest.mark.parametrize("name", ALL_SETS)
def test_a_set_is_loaded_once_and_cannot_be_written_to(name):
    assert load(name) is load(name)
    with pytest.raises(ValueError, match="read-only"):
        load(name).train_images[0] = 0


def test_an_unknown_set_is_refused():
    with pytest.raises(ValueError) as caught:
        load("imagenet")
    known = ", ".join(DATASETS)
    assert str(caught.value) == f"`name` must be one of {known}, got 'imagenet'."


def test_the_classes_of_the_fashion_cut_are_equal_in_number():
    images = load("fashion")
    assert np.bincount(images.train_labels).tolist() == [500] * 10
    assert np.bincount(images.test_labels).tolist() == [100] * 10


def test_every_digit_gives_a_fifth_to_the_test_part():
    images = load("digits")
    train, test = np.bincount(images.train_labels), np.bincount(images.test_labels)
    # Largest remainder: every quota is the share rounded down or up.
    share = (train + test) * 360 / 1797
    assert (np.floor(share) <= test).all()
    assert (test <= np.ceil(share)).all()
    assert test.sum() == 360


def test_the_digits_are_all_of_scikit_learns():
    images = load("digits")
    ours = np.concatenate([images.train_images, images.test_images]).reshape(-1, 64)
    theirs = datasets.load_digits().data
    assert sorted(map(bytes, ours)) == sorted(map(bytes, theirs.astype(np.uint8)))


def test_a_flipped_bit_in_the_digits_is_refused(monkeypatch):
    bunch = datasets.load_digits()
    bunch.images[3, 4, 5] += 1
    monkeypatch.setattr(datasets, "load_digits", lambda: bunch)
    found = payload_sha256(bunch.images.astype(np.uint8)[..., None], bunch.target.astype("<i4"))
    with pytest.raises(DataError) as caught:
        DATASETS["digits"]()
    assert str(caught.value) == (
        f"digits.csv.gz of scikit-learn {sklearn.__version__} is damaged or another version: "
        "expected SHA-256 1532971479e9ba4b7b0ae35537ddb019e2e5f83eb94152ebc19f503c7d1b9db8, "
        f"found {found}."
    )


@pytest.mark.parametrize("position", [0, 2_000_000, -1], ids=["first", "middle", "last"])
def test_a_flipped_byte_in_the_fashion_cut_is_refused(tmp_path, position):
    content = bytearray(SHIPPED.read_bytes())
    content[position] ^= 1
    path = tmp_path / "fashion_cut.npz"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_fashion_cut(path)
    assert str(caught.value) == (
        f"{path} is damaged or another version: expected SHA-256 {FILE_SHA256}, "
        f"found {hashlib.sha256(content).hexdigest()}."
    )


def test_a_missing_fashion_cut_is_refused(tmp_path):
    path = tmp_path / "fashion_cut.npz"
    with pytest.raises(DataError) as caught:
        read_fashion_cut(path)
    assert str(caught.value) == f"{path} is missing: install initlab again."


def test_the_licence_of_fashion_mnist_lies_beside_it():
    text = (SHIPPED.parent / "FASHION_MNIST_LICENSE").read_text()
    assert "Copyright 2017 Zalando SE, https://tech.zalando.com" in text
    assert "Permission is hereby granted, free of charge" in text


def test_a_stratified_choice_keeps_every_share():
    labels = np.repeat([0, 1, 2], [10, 20, 30])
    chosen = stratified_choice(labels, 12, seed=1)
    assert np.bincount(labels[chosen]).tolist() == [2, 4, 6]
    assert (np.diff(chosen) > 0).all()
    assert chosen.tolist() == stratified_choice(labels, 12, seed=1).tolist()
    assert chosen.tolist() != stratified_choice(labels, 12, seed=2).tolist()


def test_a_stratified_choice_does_not_favour_a_place():
    labels = np.zeros(100, int)
    taken = np.zeros(100)
    for seed in range(400):
        taken[stratified_choice(labels, 25, seed=seed)] += 1
    # Binomial(400, 1/4) has standard deviation 8.7; the largest of 100 stays within five.
    assert np.abs(taken - 100).max() < 5 * 8.7


@pytest.mark.parametrize("num_chosen", [0, 5])
def test_a_stratified_choice_can_take_nothing_or_all(num_chosen):
    labels = np.array([0, 1, 1, 2, 2])
    assert stratified_choice(labels, num_chosen, seed=0).tolist() == list(range(num_chosen))


@pytest.mark.parametrize("num_chosen", [-1, 4])
def test_a_stratified_choice_of_more_than_there_is_is_refused(num_chosen):
    with pytest.raises(ValueError) as caught:
        stratified_choice(np.array([0, 1, 1]), num_chosen, seed=0)
    assert str(caught.value) == f"`num_chosen` must be from 0 to 3, got {num_chosen}."
