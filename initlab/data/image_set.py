"""Images and labels in memory, with where they come from."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int32, UInt8


@dataclass(frozen=True, eq=False)
class ImageSet:
    """A labelled image set, split once and for all into a training and a test part.

    Attributes:
        name: key of the set in `DATASETS`.
        train_images: pixels as the source has them, 0 to `max_value`, read-only.
        train_labels: class of each training image, an index into `class_names`, read-only.
        test_images: pixels of the test part, read-only.
        test_labels: class of each test image, read-only.
        class_names: what each label means.
        max_value: the brightest value that a pixel can take.
        licence: terms under which the images may be passed on.
        source: where the images come from and whom to cite.
        sha256: `payload_sha256` of the four arrays in the order above.
    """

    name: str
    train_images: UInt8[np.ndarray, "train height width channel"]
    train_labels: Int32[np.ndarray, " train"]
    test_images: UInt8[np.ndarray, "test height width channel"]
    test_labels: Int32[np.ndarray, " test"]
    class_names: tuple[str, ...]
    max_value: int
    licence: str
    source: str
    sha256: str
