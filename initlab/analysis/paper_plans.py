"""The plans of papers, counted: sizes, memory, parameters and weight variances, layer by layer."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from initlab.architectures.layers import Layer, Pool
from initlab.architectures.rows import Row
from initlab.architectures.walk import walk
from initlab.spec.architecture import layers_of, recipe_of, rows_of
from initlab.spec.model_sizes import OF_NO_SIZE, activation_bytes, times
from initlab.spec.schema import RunSpec

PLANS = ("lenet", "alexnet", "zfnet", "nin", "vgg16", "googlenet", "resnet18")
NAMES = {
    "lenet": "LeNet",
    "alexnet": "AlexNet",
    "zfnet": "ZFNet",
    "nin": "NIN",
    "vgg11": "VGG 11",
    "vgg16": "VGG 16",
    "googlenet": "GoogLeNet",
    "resnet18": "ResNet 18",
}
MEMORY, PARAMETERS = "activations", "parameters"


def plan_of(model: str) -> RunSpec:
    """Returns a run of a model at its paper's sizes, with which nothing is run."""
    return RunSpec.model_validate({"model": model, "scale": "paper"})


def paper_rows(model: str) -> tuple[Row, ...]:
    """Returns a row for each layer's output in a paper's plan, but those that keep sizes."""
    return tuple(row for row in rows_of(plan_of(model)) if row.kind not in OF_NO_SIZE)


def has_average(model: str) -> bool:
    """Tells whether a net averages over all places, and so has no dense hidden layers."""
    return any(map(_is_average, layers_of(plan_of(model))))


def _is_average(layer: Layer) -> bool:
    return isinstance(layer, Pool) and layer.kind == "global"


def flattened_head(model: str) -> tuple[int, int]:
    """Returns the readout's weights as the paper has them, and without the average before it."""
    layers: Sequence[Layer] = layers_of(plan_of(model))
    kept = [layer for layer in layers if not _is_average(layer)]
    shape = recipe_of(plan_of(model)).image_shape
    own, flat = (walk(each, shape)[-1].kernel_shape or () for each in (layers, kept))
    return math.prod(own), math.prod(flat)


def early_memory(model: str) -> float:
    """Returns the share of all outputs' bytes up to the middle one of the convolutions.

    What follows a convolution counts with it: its normalization, its pooling.
    """
    rows = paper_rows(model)
    middle = (max(row.here.layer for row in rows if row.kind == "conv") + 1) // 2
    early = sum(activation_bytes(row) for row in rows if row.here.layer <= middle)
    return early / sum(map(activation_bytes, rows))


def dense_parameters(model: str) -> float:
    """Returns the share of all parameters that dense layers have, the readout among them."""
    rows = paper_rows(model)
    dense = sum(row.parameters for row in rows if row.kind == "dense")
    return dense / sum(row.parameters for row in rows)


def one_by_one(model: str) -> list[bool]:
    """Tells of each convolution of one tap whether it sees one place and all channels there."""
    rows = rows_of(plan_of(model))
    found = []
    for row in rows:
        if not row.kernel_shape or row.kernel_shape[:-2] != (1, 1):
            continue
        before = (each.here for each in rows if each.here.layer == row.here.layer - 1)
        seen = (row.here.field, row.kernel_shape[-2])
        found.append(any((here.field, here.shape[-1]) == seen for here in before))
    return found


def shares_by_layer(models: Sequence[str] = PLANS) -> pd.DataFrame:
    """Returns, of each plan, what share of memory and of parameters lies up to each weight layer.

    Returns:
        `model`, `layer`, `statistic` (`activations` or `parameters`), `value` (the share) and
        `total`.
    """
    rows = []
    for model in models:
        found = paper_rows(model)
        last = max(row.here.layer for row in found)
        for statistic in (MEMORY, PARAMETERS):
            numbers = np.zeros(last + 1)
            for row in found:
                here = activation_bytes(row) if statistic == MEMORY else row.parameters
                numbers[row.here.layer] += here
            up_to = np.cumsum(numbers) / numbers.sum()
            rows += [
                {
                    "model": NAMES.get(model, model),
                    "layer": layer,
                    "statistic": statistic,
                    "value": float(share),
                    "total": int(numbers.sum()),
                }
                for layer, share in enumerate(up_to)
                if layer
            ]
    return pd.DataFrame(rows)


def plans_to_read(models: Sequence[str] = PLANS) -> pd.DataFrame:
    """Returns a row a plan: its sizes, and where memory and parameters lie."""
    rows = []
    for model in models:
        found = paper_rows(model)
        rows.append(
            {
                "model": NAMES[model],
                "images": times(recipe_of(plan_of(model)).image_shape),
                "parameters": f"{sum(row.parameters for row in found):,d}",
                "bytes": f"{sum(map(activation_bytes, found)):,d}",
                "early": round(early_memory(model), 3),
                "dense": round(dense_parameters(model), 3),
            }
        )
    return pd.DataFrame(rows)
