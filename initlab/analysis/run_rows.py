"""The layers of a stored run's model, from the fields of its row."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from initlab.architectures.rows import Row
from initlab.spec.architecture import rows_of
from initlab.spec.schema import RunSpec

TEXTS = ("model", "norm", "dataset")
NUMBERS = ("width", "image_size")


def weight_rows(run: Mapping[Any, Any]) -> tuple[Row, ...]:
    """Returns a row for each weight layer of a run's model, in the order of the forward pass.

    Args:
        run: a row of `runs`; of a model whose depth its name gives, at the small scale.
    """
    given = {name: run[name] for name in TEXTS}
    given |= {name: int(run[name]) for name in NUMBERS if pd.notna(run.get(name))}
    return tuple(row for row in rows_of(RunSpec.model_validate(given)) if row.kernel_shape)
