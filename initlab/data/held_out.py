"""Which training images train, and which are held out to choose by."""

import numpy as np

from initlab.data.image_set import ImageSet
from initlab.data.stratify import stratified_choice


def split_validation(images: ImageSet, fraction: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns the indices of the training images that train, and of those that validate.

    The validation part is the same for every run: a stratified choice with a fixed seed.

    Args:
        images: whose training part is split.
        fraction: of it that validates, 0 or more and below 1.
    """
    everything = np.arange(len(images.train_labels))
    number = round(fraction * len(everything))
    if not number:
        return everything, everything[:0]
    validation = stratified_choice(images.train_labels, number, seed=0)
    return np.setdiff1d(everything, validation), validation
