"""Smaller images: blocks of pixels averaged."""

import dataclasses

import numpy as np
from jaxtyping import UInt8

from initlab.data.digest import payload_sha256
from initlab.data.image_set import ImageSet


def shrink(images: ImageSet, shape: tuple[int, int, int]) -> ImageSet:
    """Returns an image set whose images are smaller, with the digest of what they are now.

    Args:
        images: the set as it is.
        shape: height, width and channels of the smaller images.

    Raises:
        ValueError: if height or width is no whole divisor of what it was.
    """
    train, test = (
        block_means(part, shape[0], shape[1]) for part in (images.train_images, images.test_images)
    )
    for part in (train, test):
        part.setflags(write=False)
    digest = payload_sha256(train, images.train_labels, test, images.test_labels)
    return dataclasses.replace(images, train_images=train, test_images=test, sha256=digest)


def block_means(
    images: UInt8[np.ndarray, "image height width channel"], height: int, width: int
) -> UInt8[np.ndarray, "image {height} {width} channel"]:
    """Returns images whose pixels are the means of blocks, to the nearest whole number.

    A half goes up. The sums are whole numbers, so that the result is the same everywhere.

    Args:
        images: pixels, 0 to 255.
        height: of the smaller images, a whole divisor.
        width: of the smaller images, a whole divisor.

    Raises:
        ValueError: if `height` or `width` is no whole divisor.

    Example:
        >>> images = np.array([[1, 2], [3, 4]], np.uint8).reshape(1, 2, 2, 1)
        >>> block_means(images, 1, 1).tolist()
        [[[[3]]]]
    """
    number, rows, columns, channels = images.shape
    if height < 1 or width < 1 or rows % height or columns % width:
        raise ValueError(f"{height}x{width} does not divide images of {rows}x{columns} pixels.")
    down, across = rows // height, columns // width
    sums = np.zeros((number, height, width, channels), np.uint32)
    for row in range(down):
        for column in range(across):
            sums += images[:, row::down, column::across]
    area = down * across
    means: UInt8[np.ndarray, "image {height} {width} channel"] = (
        (2 * sums + area) // (2 * area)
    ).astype(np.uint8)
    return means
