"""Part of an image set: the images of some classes, numbered anew."""

import numpy as np

from initlab.data.image_set import ImageSet, Splits, make_image_set


def of_classes(images: ImageSet, classes: tuple[int, ...]) -> ImageSet:
    """Returns the images of some classes of a set, with the digest of what they are now.

    Args:
        images: the set as it is.
        classes: which; the first becomes class 0, the second class 1.

    Raises:
        ValueError: if a class is none of the set's, or is named twice.
    """
    known = len(images.class_names)
    if len(set(classes)) < len(classes) or not all(0 <= label < known for label in classes):
        raise ValueError(f"`classes` must be different ones of 0 to {known - 1}, got {classes}.")
    numbers = np.full(known, -1, np.int32)
    numbers[list(classes)] = np.arange(len(classes))
    train, test = numbers[images.train_labels], numbers[images.test_labels]
    parts = Splits(
        images.train_images[train >= 0],
        train[train >= 0],
        images.test_images[test >= 0],
        test[test >= 0],
    )
    return make_image_set(
        parts,
        name=images.name,
        class_names=tuple(images.class_names[label] for label in classes),
        max_value=images.max_value,
        licence=images.licence,
        source=images.source,
        place=images.place,
    )
