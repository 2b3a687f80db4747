"""The images of a stored run as its network saw them: to train, to choose by, to test."""

from functools import cache
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
from jaxtyping import Float32, Int32, UInt8

from initlab.analysis.filters import images_seen
from initlab.data.catalogue import load
from initlab.data.held_out import split_validation
from initlab.data.image_set import ImageSet
from initlab.data.input_scaling import Inputs, input_scaling


class Part(NamedTuple):
    """Images of one part.

    Attributes:
        images: as the network sees them.
        labels: their classes.
    """

    images: Float32[np.ndarray, "image height width channel"]
    labels: Int32[np.ndarray, " image"]


class Seen(NamedTuple):
    """The three parts of a run's images: `validation` is what was held out of training."""

    train: Part
    validation: Part
    test: Part


def seen_images(run: "pd.Series[Any]", *, every: int = 1) -> Seen:
    """Returns the images of a row of `runs`.

    Args:
        run: whose images.
        every: take each of so many images of each part, from the first on.

    Raises:
        DataError: if the data set is missing or damaged.
    """
    data = _data_of(run)
    trained, held = (
        chosen[::every] for chosen in split_validation(data, float(run["validation_fraction"]))
    )

    def part(images: UInt8[np.ndarray, "image h w c"], labels: Int32[np.ndarray, " image"]) -> Part:
        return Part(as_seen(run, images), labels)

    return Seen(
        part(data.train_images[trained], data.train_labels[trained]),
        part(data.train_images[held], data.train_labels[held]),
        part(data.test_images[::every], data.test_labels[::every]),
    )


def pixels_seen(
    run: "pd.Series[Any]", *, every: int = 1
) -> UInt8[np.ndarray, "image height width channel"]:
    """Returns the pixels of a run's test images, of which one in so many, as `seen_images` does."""
    return _data_of(run).test_images[::every]


def as_seen(
    run: "pd.Series[Any]", pixels: UInt8[np.ndarray, "*images"]
) -> Float32[np.ndarray, "*images"]:
    """Returns pixels as the network of a run sees them."""
    shift, scale = _scaling(
        str(run["dataset"]),
        images_seen(pd.DataFrame([run]))[0],
        float(run["validation_fraction"]),
        cast(Inputs, str(run["inputs"])),
    )
    return ((pixels - shift) * scale).astype(np.float32)


@cache
def _scaling(dataset: str, size: int, fraction: float, inputs: Inputs) -> tuple[float, float]:
    """Returns what is taken from a pixel, and what that is multiplied by."""
    data = load(dataset, size)
    trained, _ = split_validation(data, fraction)
    return input_scaling(data.train_images[trained], data.max_value, inputs)


def _data_of(run: "pd.Series[Any]") -> ImageSet:
    """Returns the image set of a run, in the size that it saw."""
    return load(str(run["dataset"]), images_seen(pd.DataFrame([run]))[0])
