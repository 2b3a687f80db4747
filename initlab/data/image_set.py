"""Images and labels in memory, with where they come from."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Int32, UInt8

from initlab.data.digest import payload_sha256


class Splits(NamedTuple):
    """The four arrays of a labelled image set."""

    train_images: UInt8[np.ndarray, "train height width channel"]
    train_labels: Int32[np.ndarray, " train"]
    test_images: UInt8[np.ndarray, "test height width channel"]
    test_labels: Int32[np.ndarray, " test"]


@dataclass(frozen=True, eq=False)
class ImageSet:
    """A labelled image set, split once and for all into a training and a test part.

    Attributes:
        train_images: pixels as the source has them, 0 to `max_value`, read-only.
        train_labels: class of each training image, an index into `class_names`, read-only.
        test_images: pixels of the test part, read-only.
        test_labels: class of each test image, read-only.
        name: key of the set in `DATASETS`.
        class_names: what each label means.
        max_value: the brightest value that a pixel can take.
        licence: terms under which the images may be passed on.
        source: where the images come from and whom to cite.
        place: what they were read from: a package, a file, a folder.
        sha256: `payload_sha256` of the four arrays in the order above.
    """

    train_images: UInt8[np.ndarray, "train height width channel"]
    train_labels: Int32[np.ndarray, " train"]
    test_images: UInt8[np.ndarray, "test height width channel"]
    test_labels: Int32[np.ndarray, " test"]
    name: str
    class_names: tuple[str, ...]
    max_value: int
    licence: str
    source: str
    place: str
    sha256: str


def make_image_set(
    splits: Splits,
    *,
    name: str,
    class_names: tuple[str, ...],
    max_value: int,
    licence: str,
    source: str,
    place: str,
) -> ImageSet:
    """Returns the image set of four arrays, which can no longer be written to, with its digest.

    Args:
        splits: images and labels; they are not copied.
        name: as in `ImageSet`, like all that follows.
        class_names: what each label means.
        max_value: the brightest value that a pixel can take.
        licence: terms under which the images may be passed on.
        source: where the images come from.
        place: what they were read from.
    """
    for array in splits:
        array.setflags(write=False)
    return ImageSet(
        *splits,
        name=name,
        class_names=class_names,
        max_value=max_value,
        licence=licence,
        source=source,
        place=place,
        sha256=payload_sha256(*splits),
    )
