"""Image sets that are not shipped: where one may lie, in which form, and what is checked of it."""

import os
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from initlab.data.digest import payload_sha256
from initlab.data.image_set import ImageSet, Splits, make_image_set
from initlab.data.places import VARIABLE, named_places, places
from initlab.errors import DataError
from initlab.spec.datasets import DATASETS


class Layout(NamedTuple):
    """One form in which a set may lie in a place.

    Attributes:
        path: of its folder or file, below the place.
        signs: names of which at least one lies in the folder; none where `path` is a file.
        read: returns the set from that path; it checks the digests that are known.
    """

    path: str
    signs: tuple[str, ...]
    read: Callable[[Path], Splits]

    def is_at(self, place: Path) -> bool:
        """Tells whether something of this form is there, whole or not."""
        path = place / self.path
        if not self.signs:
            return os.path.isfile(path)
        return any(os.path.exists(path / sign) for sign in self.signs)


@dataclass(frozen=True)
class Wanted:
    """An image set that is read from wherever the user, or another program, keeps it.

    Attributes:
        name: key of the set in `DATASETS`.
        class_names: what each label means.
        train_counts: training images of each class.
        test_counts: test images of each class.
        licence: terms under which the images may be passed on.
        source: whom to cite.
        fix: a sentence that says how to get the set.
        layouts: the forms it may have, in the order in which they are looked for.
    """

    name: str
    class_names: tuple[str, ...]
    train_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    licence: str
    source: str
    fix: str
    layouts: tuple[Layout, ...]

    def find(self) -> tuple[Path, Layout] | None:
        """Returns where the set lies and in which form, or None."""
        for place in places():
            for layout in self.layouts:
                if layout.is_at(place):
                    return place / layout.path, layout
        return None

    def load(self) -> ImageSet:
        """Returns the set.

        Raises:
            DataError: if it is nowhere, or what is there is not the set.
        """
        found = self.find()
        if found is None:
            raise DataError(self._absent())
        path, layout = found
        splits = layout.read(path)
        self._check_sizes(splits, path)
        _check_pinned(splits, path)
        return make_image_set(
            splits,
            name=self.name,
            class_names=self.class_names,
            max_value=255,
            licence=self.licence,
            source=self.source,
            place=str(path),
        )

    def _absent(self) -> str:
        """Returns the sentences that say where the set was looked for, and how to get it."""
        paths = list(dict.fromkeys(layout.path for layout in self.layouts))
        looked = ", ".join(map(str, places()))
        text = f"`{self.name}` was not found: looked for {', '.join(paths)} in {looked}."
        for place in named_places():
            if not os.path.isdir(place):
                text += f" {place}, which {VARIABLE} names, is no folder."
        for folder in (place / path for place in places() for path in paths):
            if os.path.isdir(folder):
                text += f" {folder} {_told_of(folder)}."
        return f"{text} {self.fix} Or name in {VARIABLE} the folder that holds one of these."

    def _check_sizes(self, splits: Splits, path: Path) -> None:
        """Refuses what has not the official numbers of images, their size and their classes."""
        size = DATASETS[self.name]
        for part, count in (("train", size.train), ("test", size.test)):
            images = getattr(splits, f"{part}_images")
            labels = getattr(splits, f"{part}_labels")
            if images.shape != (count, *size.image_shape):
                raise DataError(
                    f"{path} holds {_told(images.shape)} in its {part} part, but `{self.name}` has "
                    f"{_told((count, *size.image_shape))}. Fetch the set again."
                )
            if labels.min() < 0 or labels.max() >= size.classes:
                raise DataError(
                    f"{path} has labels from {labels.min()} to {labels.max()} in its {part} part, "
                    f"but `{self.name}` has classes 0 to {size.classes - 1}. Fetch the set again."
                )
            counts = np.bincount(labels, minlength=size.classes)
            expected = self.train_counts if part == "train" else self.test_counts
            for label in np.flatnonzero(counts != expected)[:1]:
                raise DataError(
                    f"{path} has {counts[label]:,} images of {self.class_names[label]!r} in its "
                    f"{part} part, but `{self.name}` has {expected[label]:,}. Fetch the set again."
                )


def _told_of(folder: Path) -> str:
    """Returns why nothing was found in a folder that is there."""
    try:
        return "holds none of its files" if os.listdir(folder) else "is empty"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _told(shape: tuple[int, ...]) -> str:
    """Returns a number of images and their size as text."""
    return f"{shape[0]:,} images of {'x'.join(map(str, shape[1:]))}"


def pin_of(path: Path) -> Path:
    """Returns the file that may hold the SHA-256 of the set at `path`: in it, or beside a file.

    What `initlab data` prints as `sha256` can be kept there; from then on a change is refused.
    """
    return path / "payload.sha256" if path.is_dir() else path.with_suffix(".sha256")


def _check_pinned(splits: Splits, path: Path) -> None:
    """Refuses a set that is not the one whose digest the user keeps beside it."""
    pin = pin_of(path)
    if not os.path.lexists(pin):
        return
    try:
        words = pin.read_text(errors="replace").split()
    except OSError as error:
        raise DataError(f"{pin} cannot be read: {error.strerror}.") from error
    expected = words[0].lower() if words else ""
    if len(expected) != 64 or not set(expected) <= set(string.hexdigits):
        raise DataError(
            f"{pin} must begin with a SHA-256 of 64 hexadecimal digits, got {expected[:80]!r}: "
            "keep there what `initlab data` says, or take the file away."
        )
    found = payload_sha256(*splits)
    if found != expected:
        raise DataError(
            f"{path} was altered: its images and labels have SHA-256 {found}, but {pin} says "
            f"{expected}. Fetch the set again, or correct that file."
        )
