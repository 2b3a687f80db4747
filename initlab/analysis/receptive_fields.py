"""How much of an image a unit sees, layer by layer."""

import pandas as pd

from initlab.analysis.filters import images_seen
from initlab.architectures.families import CHOICES
from initlab.spec.architecture import rows_of
from initlab.spec.schema import RunSpec

SIZES = ("model", "scale", "norm", "residual", "depth", "width", "dataset", *CHOICES)
WHOLE = ("depth", "width", "kernel_size", "first_window")


def receptive_fields(runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the receptive field of a unit in the middle of each convolution of the first run.

    It is the theoretical one: all pixels on which the unit depends, the same at every place, but
    for what lies beyond the border.

    Returns:
        `layer_name`, `layer`, `rows` and `columns` of the field, `top` and `left` of it where its
        middle is that of the image, in pixels: below 0 where it reaches beyond. One row a
        convolution, in the order of the forward pass.
    """
    run = runs.iloc[0].to_dict()  # numbers of Python, which a specification takes
    height, width, _ = images_seen(runs)
    fields = {name: run[name] for name in SIZES if name in runs and pd.notna(run[name])}
    fields |= {name: int(fields[name]) for name in WHOLE if name in fields}
    spec = RunSpec.model_validate(fields | {"image_size": height})
    return pd.DataFrame(
        [
            {
                "layer_name": row.name,
                "layer": row.here.layer,
                "rows": row.here.field[0],
                "columns": row.here.field[1],
                "top": (height - row.here.field[0]) / 2,
                "left": (width - row.here.field[1]) / 2,
            }
            for row in rows_of(spec)
            if row.kind == "conv"
        ],
        columns=["layer_name", "layer", "rows", "columns", "top", "left"],
    )
