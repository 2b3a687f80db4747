"""Folders of PNG files: labels from folders, and whatever does not belong named."""

import numpy as np
import pytest
from PIL import Image

from initlab.data.readers.class_folders import read_class_folders
from initlab.errors import DataError

CLASSES = ("cat", "dog")
RANDOM = np.random.default_rng(3)


def write(folder, *, names=CLASSES, shape=(4, 5, 3), count=2):
    """Writes a set and returns its images by path below `folder`."""
    written = {}
    for part in ("train", "test"):
        for name in names:
            (folder / part / name).mkdir(parents=True)
            for number in range(count):
                image = RANDOM.integers(0, 256, shape, np.uint8)
                path = f"{part}/{name}/{number}.png"
                Image.fromarray(image).save(folder / path)
                written[path] = image
    return written


def refused(folder):
    with pytest.raises(DataError) as caught:
        read_class_folders(folder, CLASSES)
    return str(caught.value)


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3)], ids=["grey", "colour"])
@pytest.mark.parametrize("names", [CLASSES, ("0", "1")], ids=["names", "numbers"])
def test_a_folder_is_a_class(tmp_path, names, shape):
    written = write(tmp_path, names=names, shape=shape)
    (tmp_path / "train" / ".hidden").write_bytes(b"passed over")
    splits = read_class_folders(tmp_path, CLASSES)
    for part in ("train", "test"):
        images = [written[f"{part}/{name}/{number}.png"] for name in names for number in range(2)]
        expected = np.stack(images).reshape(4, 4, 5, -1)
        np.testing.assert_array_equal(getattr(splits, f"{part}_images"), expected)
        labels = getattr(splits, f"{part}_labels")
        assert labels.tolist() == [0, 0, 1, 1]
        assert labels.dtype == np.int32


def test_an_empty_or_missing_part_is_told(tmp_path):
    missing = tmp_path / "train"
    must = "it must hold a folder for each of the 2 classes."
    assert refused(tmp_path) == f"{missing} is missing: {must}"
    missing.mkdir()
    assert refused(tmp_path) == f"{missing} is empty: {must}"


def test_an_empty_or_missing_class_is_told(tmp_path):
    write(tmp_path, names=("cat",))
    folder = tmp_path / "train"
    assert refused(tmp_path) == f"{folder} lacks the class 'dog': put its images there."
    (folder / "dog").mkdir()
    empty = folder / "dog"
    assert refused(tmp_path) == f"{empty} is empty: put the images of this class there."


def test_what_does_not_belong_is_named(tmp_path):
    write(tmp_path)
    strange = tmp_path / "test" / "bird"
    strange.mkdir()
    assert refused(tmp_path) == (
        f"{strange} is no folder of a class: known are cat, dog, or the numbers 0 to 1. Rename "
        "it, or take it away."
    )
    strange.rmdir()
    note = tmp_path / "train" / "cat" / "notes.txt"
    note.write_text("x")
    assert refused(tmp_path) == f"{note} is no PNG file: convert it, or take it away."


@pytest.mark.parametrize(("shape", "form"), [((5, 5, 3), "5x5 RGB"), ((4, 5), "5x4 L")])
def test_an_image_of_another_size_or_mode_is_named_with_both(tmp_path, shape, form):
    write(tmp_path)
    path = tmp_path / "test" / "dog" / "1.png"
    Image.fromarray(np.zeros(shape, np.uint8)).save(path)
    assert refused(tmp_path) == (
        f"{path} is {form}, but {tmp_path / 'train' / 'cat' / '0.png'} is 5x4 RGB: all images of "
        "a set have one size and one mode. Resize or convert the one, or take it away."
    )


def test_transparency_is_refused(tmp_path):
    write(tmp_path, shape=(4, 5, 4))
    assert refused(tmp_path) == (
        f"{tmp_path / 'train' / 'cat' / '0.png'} has the mode RGBA; accepted are L, RGB: 8 bits a "
        "channel, without transparency or palette. Convert the files."
    )


@pytest.mark.parametrize("keep", [0, 20, 60])
def test_a_damaged_image_is_named(tmp_path, keep):
    write(tmp_path)
    path = tmp_path / "train" / "dog" / "1.png"
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(tmp_path).startswith(f"{path} cannot be read as PNG: ")


def test_another_format_under_the_name_of_png_is_refused(tmp_path):
    write(tmp_path)
    path = tmp_path / "train" / "cat" / "0.png"
    Image.fromarray(np.zeros((4, 5, 3), np.uint8)).save(path, format="BMP")
    assert refused(tmp_path).startswith(f"{path} cannot be read as PNG: ")
