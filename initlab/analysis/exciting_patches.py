"""The patches of images that excite a unit most."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float, Integer, Num

MOST = 9


class Places(NamedTuple):
    """Where units answer most: the image, row and column of each of their greatest answers."""

    image: Integer[np.ndarray, "unit rank"]
    row: Integer[np.ndarray, "unit rank"]
    column: Integer[np.ndarray, "unit rank"]


def most_exciting(
    maps: Float[np.ndarray, "image height width unit"], *, most: int = MOST
) -> Places:
    """Returns the places of each unit's greatest answers, the greatest first, one an image.

    Args:
        maps: activations.
        most: how many, at most as many as there are images.
    """
    number, _, width, units = maps.shape
    flat = maps.reshape(number, -1, units)
    best, where = flat.max(axis=1), flat.argmax(axis=1)  # (image, unit)
    image = np.argsort(-best, axis=0, kind="stable")[:most].T
    place = np.take_along_axis(where.T, image, axis=1)
    return Places(image, place // width, place % width)


def exciting_patches(
    maps: Float[np.ndarray, "image height width unit"],
    images: Num[np.ndarray, "image height width channel"],
    *,
    field: int,
    units: int,
) -> pd.DataFrame:
    """Returns the patches that excite units most: one row a pixel and channel.

    What lies beyond an image is as its nearest pixel.

    Args:
        maps: activations of a layer whose places are those of the images.
        images: in colour, or of one channel.
        field: side of the patches, odd: the layer's receptive field.
        units: how many units, from the first on that answers at all.

    Returns:
        `patch` (unit by unit, nine of each), `unit`, `rank`, `row`, `column`, `channel`, `value`.
    """
    alive = np.flatnonzero(maps.max(axis=(0, 1, 2)) > 0)[:units]
    found = most_exciting(maps[..., alive])
    reach = field // 2
    beyond = ((0, 0), (reach, reach), (reach, reach), (0, 0))
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(images, beyond, mode="edge"), (field, field), axis=(1, 2)
    )
    patches = np.moveaxis(windows[found.image, found.row, found.column], 2, -1)
    place, rank, row, column, channel = np.indices(patches.shape).reshape(5, -1)
    return pd.DataFrame(
        {
            "patch": place * found.image.shape[1] + rank,
            "unit": alive[place],
            "rank": rank + 1,
            "row": row,
            "column": column,
            "channel": channel,
            "value": patches.reshape(-1).astype(np.float64),
        }
    )
