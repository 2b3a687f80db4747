"""Networks of units and networks of filters: what a hidden layer sums over, and its units' name.

A unit of a convolution is a filter: its weights are of all taps, and it answers at all places.
"""

from typing import Any

import pandas as pd

from initlab.spec.datasets import image_shape

# Weights that a unit of a hidden layer has for each unit below it, where that is one number.
TAPS = {"mlp": 1, "convnet": 9}


def of_filters(runs: pd.DataFrame) -> bool:
    """Tells whether the runs' hidden layers are convolutions."""
    return "model" in runs and len(runs) > 0 and str(runs["model"].iloc[0]) != "mlp"


def unit_word(runs: pd.DataFrame) -> str:
    """Returns what a unit of the runs' hidden layers is called."""
    return "filter" if of_filters(runs) else "unit"


def pooled_over(runs: pd.DataFrame) -> str:
    """Returns what a layer's moments are taken over, in words."""
    return "inputs, places and filters" if of_filters(runs) else "inputs and units"


def hidden_fan(runs: pd.DataFrame) -> int | None:
    """Returns the fan-in of hidden layers as wide as the one below, None where they are not alike.

    >>> hidden_fan(pd.DataFrame({"model": ["convnet"], "width": [16]}))
    144
    """
    if "width" not in runs or runs.empty:
        return None
    model = str(runs["model"].iloc[0]) if "model" in runs else "mlp"
    return int(runs["width"].iloc[0]) * TAPS[model] if model in TAPS else None


def images_seen(runs: pd.DataFrame) -> tuple[int, int, int]:
    """Returns height, width and channels of the images that the first of the runs sees."""
    run = runs.iloc[0]
    size: Any = run.get("image_size")
    own = pd.isna(size) or size == "own"  # a column where some runs have none is one of floats
    return image_shape(str(run["dataset"]), "own" if own else int(size))
