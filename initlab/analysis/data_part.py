"""What images a run had: those of its data set, or of some classes of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from initlab.spec.datasets import DATASETS, DatasetSize


def data_part(run: Mapping[Any, Any]) -> DatasetSize:
    """Returns how many images of how many classes a run has.

    >>> data_part({"dataset": "digits", "classes": "0+1"}).classes
    2

    Args:
        run: its row in `runs`; results made before classes could be chosen have all.
    """
    chosen = run.get("classes")
    size = DATASETS[run["dataset"]]
    return size.of(tuple(map(int, chosen.split("+")))) if isinstance(chosen, str) else size


def training_images(run: Mapping[Any, Any]) -> int:
    """Returns how many images of a run trained: those of the training part that do not validate."""
    train, fraction = data_part(run).train, run.get("validation_fraction")
    return train - round((0.0 if pd.isna(fraction) else float(fraction)) * train)
