"""An image set as folders of PNG files: `train/<class>/*.png` and `test/<class>/*.png`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError

from initlab.data.image_set import Splits
from initlab.errors import DataError

PARTS = ("train", "test")
CHANNELS = {"L": 1, "RGB": 3}


class Form(NamedTuple):
    """What the images of a set share: width and height in pixels, and Pillow's mode."""

    width: int
    height: int
    mode: str

    def __str__(self) -> str:
        return f"{self.width}x{self.height} {self.mode}"


def read_class_folders(folder: Path, class_names: Sequence[str]) -> Splits:
    """Returns the set in `folder`, classes in the order given, files of a class by name.

    A class's folder is called by its name, or by its number from 0 on, the same way for all.
    Names that begin with a dot are passed over.

    Args:
        folder: holds `train` and `test`.
        class_names: what each label means.

    Raises:
        DataError: if a part or a class is missing or empty, if there is another folder or file,
            or if images differ in size or mode, with the first file that does.
    """
    listed = {part: _files(folder / part, class_names) for part in PARTS}
    first = listed["train"][0][0]
    form = _form(first)
    if form.mode not in CHANNELS:
        raise DataError(
            f"{first} has the mode {form.mode}; accepted are {', '.join(CHANNELS)}: 8 bits a "
            "channel, without transparency or palette. Convert the files."
        )
    arrays: list[Any] = []
    for part in PARTS:
        shape = (len(listed[part]), form.height, form.width, CHANNELS[form.mode])
        images = np.empty(shape, np.uint8)
        for index, (path, _) in enumerate(listed[part]):
            images[index] = _pixels(path, form, first).reshape(shape[1:])
        arrays += [images, np.array([label for _, label in listed[part]], "<i4")]
    return Splits(*arrays)


def _files(folder: Path, class_names: Sequence[str]) -> list[tuple[Path, int]]:
    """Returns the files of one part with their labels."""
    found = _visible(folder)
    if not found:
        raise DataError(
            f"{folder} {'is empty' if folder.is_dir() else 'is missing'}: it must hold a folder "
            f"for each of the {len(class_names)} classes."
        )
    numbers = [str(label) for label in range(len(class_names))]
    names = numbers if all(one.name in numbers for one in found) else list(class_names)
    if strange := [one for one in found if one.name not in names or not one.is_dir()]:
        raise DataError(
            f"{strange[0]} is no folder of a class: known are {', '.join(class_names)}, or the "
            f"numbers 0 to {len(class_names) - 1}. Rename it, or take it away."
        )
    if missing := [name for name in names if not (folder / name).is_dir()]:
        raise DataError(f"{folder} lacks the class {missing[0]!r}: put its images there.")
    files = []
    for label, name in enumerate(names):
        paths = _visible(folder / name)
        if not paths:
            raise DataError(f"{folder / name} is empty: put the images of this class there.")
        for path in paths:
            if path.suffix.lower() != ".png" or not path.is_file():
                raise DataError(f"{path} is no PNG file: convert it, or take it away.")
        files += [(path, label) for path in paths]
    return files


def _visible(folder: Path) -> list[Path]:
    """Returns what lies in a folder, by name, without what begins with a dot."""
    if not folder.is_dir():
        return []
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror}.") from error


def _form(path: Path) -> Form:
    """Returns size and mode of a PNG file from its header."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return Form(*image.size, image.mode)
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} cannot be read as PNG: {error}. Restore the file.") from error


def _pixels(path: Path, form: Form, first: Path) -> Any:
    """Returns the pixels of a file whose header says what all images share."""
    own = _form(path)
    if own != form:
        raise DataError(
            f"{path} is {own}, but {first} is {form}: all images of a set have one size and one "
            "mode. Resize or convert the one, or take it away."
        )
    try:
        with Image.open(path, formats=["PNG"]) as image:
            return np.asarray(image)
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError(f"{path} cannot be read as PNG: {error}. Restore the file.") from error
