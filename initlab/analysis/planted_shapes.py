"""Shapes that were planted: whether a filter of one finds where it is, and who learned one."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from initlab.analysis.arrays import Arrays
from initlab.analysis.filter_measures import responses, template_match
from initlab.data.shapes import NAMES, NUM_TEST, NUM_TRAIN, WINDOW, Planted, plant_shapes
from initlab.filters import cross, curve

FORMS = ("binary", "mean_removed")
BANKS = {"curve": curve(WINDOW), "x": cross(WINDOW)}
MATCH = "greatest_match"


class Found(NamedTuple):
    """How a filter of a shape answers to images that hold the shape.

    Attributes:
        there: whether its greatest answer is at the very place of the shape, image by image.
        elsewhere: the mean magnitude of its answers to images with nothing in them, over its mean
            answer at the shape.
        answer: its mean answer at the shape, pixels from 0 to 255.
    """

    there: Bool[np.ndarray, " image"]
    elsewhere: float
    answer: float


def template(shape: str, form: str) -> Float[np.ndarray, "turn size size"]:
    """Returns the filters of a shape in all its turns, ones on zeros or less their mean."""
    bank = BANKS[shape]
    return bank if form == "binary" else bank - bank.mean(axis=(1, 2), keepdims=True)


@cache
def answers_to(shape: str, form: str) -> Found:
    """Returns how the filters of a shape answer to the test images, each to its own turn.

    Args:
        shape: `curve` or `x`.
        form: `binary`, as filters are drawn in texts, or `mean_removed`.
    """
    planted = _test_part()
    bank = np.moveaxis(template(shape, form), 0, -1)[:, :, None]
    mine = np.flatnonzero(planted.labels == NAMES.index(shape))
    maps = responses(bank, planted.images[mine])
    own = maps[np.arange(len(mine)), :, :, planted.turns[mine]]
    at = (planted.rows[mine], planted.columns[mine])
    greatest = own.reshape(len(mine), -1).argmax(axis=1)
    empty = responses(bank, planted.images[planted.labels == NAMES.index("nothing")])
    answer = float(own[np.arange(len(mine)), *at].mean())
    return Found(
        greatest == at[0] * own.shape[2] + at[1], float(np.abs(empty).mean()) / answer, answer
    )


@cache
def _test_part() -> Planted:
    """Returns the test images with what is planted in them."""
    whole = plant_shapes(NUM_TRAIN + NUM_TEST)
    return Planted(*(array[NUM_TRAIN:] for array in whole))


def greatest_matches(runs: pd.DataFrame, arrays: Arrays, *, shape: str, when: str) -> pd.DataFrame:
    """Returns how near the nearest first-layer filter of each run is to a shape.

    Args:
        runs: those whose first kernels were kept count; of those that diverged none after training.
        arrays: `results.arrays`.
        shape: `curve` or `x`.
        when: `initial` or `final`.

    Returns:
        The columns of `runs` and `value`: the greatest of `template_match` over filters and turns.
    """
    counted = runs if when == "initial" else runs[runs["diverged_at_step"].isna()]
    kept = {run_id: arrays(run_id).get(f"first_kernel_{when}") for run_id in counted["run_id"]}
    values = {
        run_id: float(np.nanmax(template_match(kernel, BANKS[shape])))
        for run_id, kernel in kept.items()
        if kernel is not None
    }
    return counted.assign(value=counted["run_id"].map(values).astype("float64")).dropna(
        subset="value"
    )
