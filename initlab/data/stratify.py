"""A choice of images that keeps the classes' shares, the same on every machine."""

from typing import Any

import numpy as np
from jaxtyping import Integer

from initlab.spec.training_part import quotas


def stratified_choice(
    labels: Integer[np.ndarray, " image"], num_chosen: int, *, seed: int
) -> Integer[np.ndarray, " chosen"]:
    """Returns which images to take so that every class keeps its share.

    Each class gives its share of `num_chosen`, rounded by largest remainder. Within a class the
    images with the smallest raw 64-bit draws of PCG64 are taken: NumPy promises that stream for
    ever, and does not promise the stream of a `Generator`'s methods.

    Args:
        labels: class of each image.
        num_chosen: how many images to take, 0 to `len(labels)`.
        seed: of PCG64, not negative.

    Returns:
        Indices into `labels`, ascending, without repeats.

    Raises:
        ValueError: if there are fewer than `num_chosen` images, or `num_chosen` is negative.

    Example:
        >>> labels = np.array([0, 0, 0, 0, 1, 1])
        >>> labels[stratified_choice(labels, 3, seed=0)].tolist()
        [0, 0, 1]
    """
    if not 0 <= num_chosen <= labels.size:
        raise ValueError(f"`num_chosen` must be from 0 to {labels.size}, got {num_chosen}.")
    draws = np.random.PCG64(seed).random_raw(labels.size)
    chosen: list[np.ndarray[Any, np.dtype[np.intp]]] = [np.zeros(0, np.intp)]
    classes, counts = np.unique(labels, return_counts=True)
    for label, quota in zip(classes, quotas(counts.tolist(), num_chosen), strict=True):
        members = np.flatnonzero(labels == label)
        chosen.append(members[np.argsort(draws[members], kind="stable")[:quota]])
    return np.sort(np.concatenate(chosen))
