"""Patches of photographs: what they are cut from, and that the two parts share no pixel."""

import hashlib
from importlib.util import find_spec

import numpy as np
import pytest

from initlab.data import load
from initlab.data.photo_patches import FILE_SHA256, SHIPPED, patches, read_photo_patches
from initlab.errors import DataError
from scripts import make_photo_patches as script

needs_scikit_image = pytest.mark.skipif(
    find_spec("skimage") is None, reason="scikit-image is not here: pip install --group photographs"
)


def photographs():
    with np.load(SHIPPED, allow_pickle=False) as shipped:
        return shipped["photographs"], shipped["names"].tolist()


def test_patches_lie_in_their_rows_and_know_their_photograph():
    # Each pixel tells its own place: photograph, row, column.
    pictures = np.stack(np.indices((2, 48, 40)), axis=-1).astype(np.uint8)
    images, labels = patches(pictures, first=8, last=48)
    assert images.shape == (2 * 2 * 2, 32, 32, 3)
    assert labels.tolist() == [0] * 4 + [1] * 4
    corners = [(8, 0), (8, 8), (16, 0), (16, 8)]
    assert [tuple(image[0, 0, 1:]) for image in images] == corners * 2
    for image, label in zip(images, labels, strict=True):
        assert (image[..., 0] == label).all()
        assert tuple(image[-1, -1, 1:]) == (image[0, 0, 1] + 31, image[0, 0, 2] + 31)


def test_training_and_test_patches_come_from_disjoint_rows():
    pictures, names = photographs()
    images = load("photo_patches")
    assert images.class_names == tuple(names)
    places = np.stack(np.indices((1, 256, 256)), axis=-1).astype(np.uint8)
    upper, _ = patches(places, first=0, last=192)
    lower, _ = patches(places, first=192, last=256)
    assert upper[..., 1].max() == 191
    assert lower[..., 1].min() == 192
    # These rows are where the set's own patches are from: 21 x 29 and 5 x 29 a photograph.
    assert len(upper) == 609
    assert len(lower) == 145
    for index in (0, 700, 6089):
        where = upper[index % 609, 0, 0]
        row, column = int(where[1]), int(where[2])
        own = pictures[index // 609, row : row + 32, column : column + 32]
        np.testing.assert_array_equal(images.train_images[index], own)
    for index in (0, 200, 1449):
        where = lower[index % 145, 0, 0]
        row, column = int(where[1]), int(where[2])
        own = pictures[index // 145, row : row + 32, column : column + 32]
        np.testing.assert_array_equal(images.test_images[index], own)


def test_every_photograph_gives_equally_many():
    images = load("photo_patches")
    assert np.bincount(images.train_labels).tolist() == [609] * 10
    assert np.bincount(images.test_labels).tolist() == [145] * 10


def test_the_shipped_file_is_small_and_its_licence_names_each_photograph():
    assert SHIPPED.stat().st_size < 2_000_000
    text = (SHIPPED.parent / "PHOTOGRAPHS_LICENSE").read_text()
    _, names = photographs()
    for photograph, name in zip(script.PHOTOGRAPHS, names, strict=True):
        assert photograph.name == name
        assert f"  {name:<17}  {photograph.shrink}  " in text


def test_a_flipped_byte_in_the_photographs_is_refused(tmp_path):
    content = bytearray(SHIPPED.read_bytes())
    content[1_000_000] ^= 1
    path = tmp_path / "photographs.npz"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_photo_patches(path)
    assert str(caught.value) == (
        f"{path} is damaged or another version: expected SHA-256 {FILE_SHA256}, "
        f"found {hashlib.sha256(content).hexdigest()}."
    )


@needs_scikit_image
def test_the_script_makes_the_shipped_photographs(tmp_path):
    folders = {name: script.package_folder(name) for name in ("skimage", "sklearn")}
    pictures, _ = photographs()
    for photograph, shipped in zip(script.PHOTOGRAPHS, pictures, strict=True):
        made = script.read_photograph(photograph, folders[photograph.package])
        # Decoders of JPEG may round a pixel up or down; PNG has one reading.
        allowed = 2 if photograph.file.endswith(".jpg") else 0
        assert np.abs(made.astype(int) - shipped.astype(int)).max() <= allowed, photograph.name


def test_blocks_are_averaged_and_the_middle_is_cut_out(tmp_path):
    from PIL import Image

    pixels = np.random.default_rng(0).integers(0, 256, (520, 516, 3), np.uint8)
    path = tmp_path / "noise.png"
    Image.fromarray(pixels).save(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    one = script.Photograph("noise", "skimage", "noise.png", digest, 2)
    made = script.read_photograph(one, tmp_path)
    # The halved picture is 260 x 258: two rows and one column go from each side.
    block = pixels[4:6, 2:4].astype(float).mean(axis=(0, 1))
    assert made.shape == (256, 256, 3)
    assert np.abs(made[0, 0] - block).max() <= 0.5


def test_another_source_is_refused(tmp_path):
    one = script.PHOTOGRAPHS[0]
    path = tmp_path / one.file
    path.parent.mkdir()
    path.write_bytes(b"not an astronaut")
    with pytest.raises(DataError, match="was altered or is another version: its 16 bytes have"):
        script.read_photograph(one, tmp_path)
    with pytest.raises(DataError, match="is missing: pip install --group photographs"):
        script.read_photograph(script.PHOTOGRAPHS[1], tmp_path)
